import type { DeletedContact } from '@signalbox/engine/erasure/contract';
import { useMutation } from '@tanstack/react-query';
import { Ellipsis, Eraser, Undo2, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { type DeletedPart, restorePeople } from '../lib/deleted-contacts.ts';
import { formatPhone } from '../lib/format.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Avatar } from '../people/avatar.tsx';
import { hasName, nameOf } from '../people/names.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { Time } from '../ui/time.tsx';

/** Somebody deleted: who it was, until when they can be taken back, and both ways on. */
export function DeletedRow({ person }: { readonly person: DeletedContact }) {
  const [asking, setAsking] = useState(false);
  const name = nameOf(person);
  const restore = useMutation({ mutationFn: (part: DeletedPart) => restorePeople(part) });
  const erase = useMutation({
    mutationFn: () =>
      request('POST', '/deleted-contacts/erase', { body: { contact_ids: [person.id] }, idempotencyKey: randomId() }),
    onSuccess: () => toast.success(t('deleted.erased', { name })),
    onError: (error) => toast.error(problemLine(problemFrom(error))),
    onSettled: () => {
      setAsking(false);
      void queryClient.invalidateQueries({ queryKey: ['deleted-contacts'] });
    },
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <Avatar name={name} />
      <div className="min-w-0 flex-1 max-md:basis-40">
        <p dir="auto" className="truncate text-left font-semibold">
          {name}
        </p>
        <p className="num truncate text-ink-2 text-sm">
          {hasName(person) ? formatPhone(person.phone) : t('contact.no_name')}
        </p>
        {person.taken ? <p className="text-ink-2 text-sm">{t('deleted.taken')}</p> : null}
        <p className="text-ink-3 text-sm md:hidden">
          {t('deleted.head.erased')} <Time at={person.erased_at} />
        </p>
      </div>
      <Time at={person.deleted_at} className="w-32 text-ink-2 text-sm max-md:hidden" />
      <Time at={person.erased_at} className="w-32 text-ink-2 text-sm max-md:hidden" />
      <div className="flex w-40 items-center justify-end gap-1 max-md:w-full max-md:justify-start max-md:pl-13">
        <Button
          size="sm"
          disabled={person.taken || restore.isPending}
          aria-label={t('deleted.restore_of', { name })}
          onClick={() => restore.mutate({ contact_ids: [person.id] })}
        >
          <Undo2 aria-hidden />
          {t('deleted.restore')}
        </Button>
        <Menu
          trigger={
            <Button kind="ghost" size="icon" aria-label={t('deleted.more_of', { name })}>
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem icon={UsersRound} onSelect={() => restore.mutate({ deletion_id: person.deletion_id })}>
            {t('deleted.restore_together')}
          </MenuItem>
          <MenuLine />
          <MenuItem icon={Eraser} danger onSelect={() => setAsking(true)}>
            {t('deleted.erase')}
          </MenuItem>
        </Menu>
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('deleted.erase_of', { name })}
        description={t('deleted.erase.text')}
        confirm={t('deleted.erase')}
        danger
        busy={erase.isPending}
        onConfirm={() => erase.mutate()}
      />
    </li>
  );
}
