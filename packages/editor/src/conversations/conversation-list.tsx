import { useInfiniteQuery } from '@tanstack/react-query';
import { Inbox, SearchX } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { conversationsQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ConversationRow, type ConversationsSearch } from './conversation-row.tsx';

type ListProps = {
  readonly search: ConversationsSearch;
  readonly activeId: string | undefined;
  readonly onFilter: (next: Pick<ConversationsSearch, 'search' | 'unhandled'>) => void;
};

/** Everyone there is a conversation with, the latest first, and what narrows them down. */
export function ConversationList({ search, activeId, onFilter }: ListProps) {
  const text = search.search ?? '';
  const unhandled = search.unhandled === true;
  const list = useInfiniteQuery(conversationsQuery(text, unhandled));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = text !== '' || unhandled;
  return (
    <section
      aria-label={t('conversation.list')}
      className="flex w-full shrink-0 flex-col border-line bg-surface md:w-80 md:border-r"
    >
      <div className="space-y-2 border-line border-b p-3">
        <SearchBox value={text} onChange={(next) => onFilter({ search: next })} label={t('conversation.search')} />
        <fieldset aria-label={t('conversation.filter')} className="flex gap-1">
          {[false, true].map((only) => (
            <button
              key={String(only)}
              type="button"
              aria-pressed={unhandled === only}
              onClick={() => onFilter({ unhandled: only })}
              className={cn(
                'h-7 rounded-full px-3 font-medium text-sm max-md:h-11',
                unhandled === only ? 'bg-action-soft text-action' : 'text-ink-2 hover:bg-hover',
              )}
            >
              {t(only ? 'conversation.only_unhandled' : 'conversation.everyone')}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {list.isPending ? <SkeletonRows label={t('loading')} /> : null}
        {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
        {list.isSuccess && rows.length === 0 ? (
          filtered ? (
            <EmptyState
              art={<SearchX aria-hidden className="size-7 text-ink-3" />}
              title={t('conversation.none_found')}
              text={t('conversation.none_found.text')}
            />
          ) : (
            <EmptyState
              art={<Inbox aria-hidden className="size-7 text-ink-3" />}
              title={t('conversation.empty.title')}
              text={t('conversation.empty.text')}
            />
          )
        ) : null}
        <ul className="divide-y divide-line">
          {rows.map((conversation) => (
            <ConversationRow
              key={conversation.contact.id}
              conversation={conversation}
              active={conversation.contact.id === activeId}
              search={search}
            />
          ))}
        </ul>
        {list.hasNextPage ? (
          <div className="p-3 text-center">
            <Button onClick={() => void list.fetchNextPage()}>{t('action.more')}</Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}
