import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { contactsQuery } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tr } from '../lib/translate.ts';
import { nameOf } from '../people/names.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SearchBox } from '../ui/search-box.tsx';

type Tested = {
  readonly data: ReadonlyArray<{ readonly state: string; readonly reason: { readonly text: string } | null }>;
};
const mostShown = 8;

/** Sends the message to somebody who is chosen, to see it on a phone before it goes out. */
export function TestSend({ campaignId }: { readonly campaignId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Send aria-hidden />
        {t('campaigns.test')}
      </Button>
      {open ? <Choose campaignId={campaignId} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Choose({ campaignId, onClose }: { readonly campaignId: string; readonly onClose: () => void }) {
  const [search, setSearch] = useState('');
  const found = useInfiniteQuery(contactsQuery(search));
  const people = (found.data?.pages.flatMap(({ data }) => data) ?? []).slice(0, mostShown);
  const send = useMutation({
    mutationFn: ({ id }: { readonly id: string; readonly name: string }) =>
      request<Tested>('POST', `/campaigns/${campaignId}/test`, {
        body: { contact_ids: [id] },
        idempotencyKey: randomId(),
      }),
    onSuccess: ({ data: [tested] }, { name }) => {
      if (tested?.state === 'queued') toast.success(t('campaigns.test.sent', { name }));
      else toast.error(t('campaigns.test.not_sent', { name, reason: tr(tested?.reason?.text ?? '') }));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <Dialog
      open
      onOpenChange={(now) => {
        if (!now) onClose();
      }}
      title={t('campaigns.test')}
      description={t('campaigns.test.text')}
      width="max-w-md"
    >
      <SearchBox value={search} onChange={setSearch} label={t('campaigns.test.search')} className="w-full" />
      <ul aria-label={t('campaigns.test.people')} className="mt-3 flex flex-col divide-y divide-line">
        {people.map((person) => (
          <li key={person.id} className="flex items-center gap-3 py-2">
            <span dir="auto" className="min-w-0 flex-1 truncate">
              {nameOf(person)}
            </span>
            <Button
              size="sm"
              disabled={send.isPending}
              aria-label={t('campaigns.test.send_to', { name: nameOf(person) })}
              onClick={() => send.mutate({ id: person.id, name: nameOf(person) })}
            >
              {t('campaigns.test.send')}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
