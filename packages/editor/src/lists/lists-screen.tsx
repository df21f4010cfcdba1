import type { ContactListEntry } from '@signalbox/engine/contacts/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { contactListsQuery } from '../lib/contact-lists.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Section } from '../ui/section.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ListDialog } from './list-dialog.tsx';

/** Lists and tags with how many people they have. */
export function ListsScreen() {
  const [editing, setEditing] = useState<ContactListEntry | 'new' | null>(null);
  const lists = useQuery(contactListsQuery);
  const all = lists.data ?? [];
  return (
    <>
      <TopBar title={<ScreenTitle>{t('lists.title')}</ScreenTitle>} pageTitle={t('lists.title')}>
        <Button kind="primary" onClick={() => setEditing('new')}>
          <Plus aria-hidden />
          {t('lists.new')}
        </Button>
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {lists.isPending ? <SkeletonRows label={t('loading')} rows={4} /> : null}
          {lists.isError ? (
            <ErrorState problem={problemFrom(lists.error)} onRetry={() => void lists.refetch()} />
          ) : null}
          {lists.isSuccess && all.length === 0 ? (
            <EmptyState title={t('lists.empty.title')} text={t('lists.empty.text')} />
          ) : null}
          {(['list', 'tag'] as const).map((kind) => {
            const ofKind = all.filter((entry) => entry.kind === kind);
            if (ofKind.length === 0) return null;
            const title = t(kind === 'list' ? 'lists.lists' : 'lists.tags');
            return (
              <Section key={kind} title={title} text={t(kind === 'list' ? 'lists.lists.text' : 'lists.tags.text')}>
                <ul aria-label={title} className="divide-y divide-line rounded-md border border-line">
                  {ofKind.map((entry) => (
                    <ListRow key={entry.id} entry={entry} onRename={() => setEditing(entry)} />
                  ))}
                </ul>
              </Section>
            );
          })}
        </div>
      </div>
      {editing === null ? null : (
        <ListDialog entry={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function ListRow({ entry, onRename }: { readonly entry: ContactListEntry; readonly onRename: () => void }) {
  const { id, name, size } = entry;
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => request('DELETE', `/contact-lists/${id}`),
    onSuccess: () => setAsking(false),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: contactListsQuery.queryKey }),
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 pr-2 pl-3">
      <Link
        to="/contacts"
        search={{ list: id }}
        dir="auto"
        className="min-w-0 flex-1 basis-48 rounded-sm py-1 font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </Link>
      <span className="num text-ink-2 text-sm">{t('contacts.total', { n: size })}</span>
      <div className="flex gap-1">
        <Button size="sm" aria-label={t('lists.rename_of', { name })} onClick={onRename}>
          {t('lists.rename')}
        </Button>
        <Button size="sm" aria-label={t('lists.delete_of', { name })} onClick={() => setAsking(true)}>
          {t('lists.delete')}
        </Button>
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('lists.delete_of', { name })}
        description={t('lists.delete.text')}
        confirm={t('lists.delete_of', { name })}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </li>
  );
}
