import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Mails, SearchX } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { DensitySwitch, ListCard } from '../ui/list-card.tsx';
import { More } from '../ui/more.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { MessageRow } from './message-row.tsx';
import { allMessagesQuery, type MessagesSearch } from './queries.ts';

/** States that are worth looking for, in the order in which a message passes them. */
const states = [
  'queued',
  'dispatching',
  'unknown',
  'accepted',
  'delivered',
  'undelivered',
  'failed',
  'expired',
  'refused',
  'canceled',
] as const;

/** Every message that went out or came in, the newest first. */
export function MessagesScreen() {
  const search = useSearch({ from: '/frame/messages' });
  const navigate = useNavigate({ from: '/messages' });
  const messages = useInfiniteQuery(allMessagesQuery(search));
  const rows = messages.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = Object.values(search).some((value) => value !== undefined && value !== '');
  const empty = messages.isSuccess && rows.length === 0;
  const set = (next: MessagesSearch) => {
    const kept = Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined && value !== '');
    void navigate({ search: Object.fromEntries(kept), replace: true });
  };
  const everything = 'all';
  const stateChoices = [everything, ...states].map((value) => ({
    value,
    label: value === everything ? t('messages.state.all') : tOpen(`message.${value}`, value),
  }));
  return (
    <>
      <TopBar title={<ScreenTitle>{t('messages.title')}</ScreenTitle>} pageTitle={t('messages.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-4 py-5 md:px-8 md:py-7">
          {empty && !filtered ? null : (
            <div className="mb-4 flex flex-wrap items-center gap-2">
              <SearchBox
                value={search.search ?? ''}
                onChange={(text) => set({ search: text })}
                label={t('messages.search')}
                className="w-full max-w-sm max-md:max-w-none"
              />
              <Select
                label={t('messages.direction')}
                className="w-48 max-md:flex-1"
                value={search.direction ?? everything}
                choices={[
                  { value: everything, label: t('messages.direction.all') },
                  { value: 'out', label: t('messages.out') },
                  { value: 'in', label: t('messages.in') },
                ]}
                onChange={(direction) => set({ direction: direction === everything ? undefined : direction })}
              />
              <Select
                label={t('messages.state')}
                className="w-48 max-md:flex-1"
                value={search.state ?? everything}
                choices={stateChoices}
                onChange={(state) => set({ state: state === everything ? undefined : state })}
              />
              <span className="flex-1 max-md:hidden" />
              <DensitySwitch />
            </div>
          )}
          {messages.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} />
            </div>
          ) : null}
          {messages.isError ? (
            <ErrorState problem={problemFrom(messages.error)} onRetry={() => void messages.refetch()} />
          ) : null}
          {empty ? (
            filtered ? (
              <EmptyState
                art={<SearchX aria-hidden className="size-8 text-ink-3" />}
                title={t('messages.none_found')}
                text={t('messages.none_found.text')}
              >
                <Button onClick={() => void navigate({ search: {}, replace: true })}>{t('messages.clear')}</Button>
              </EmptyState>
            ) : (
              <EmptyState
                art={<Mails aria-hidden className="size-9 text-ink-3" />}
                title={t('messages.none')}
                text={t('messages.none.text')}
              />
            )
          ) : null}
          {rows.length === 0 ? null : (
            <ListCard
              label={t('messages.title')}
              heads={
                <>
                  <span className="w-44 pl-7">{t('messages.head.number')}</span>
                  <span className="flex-1">{t('messages.head.text')}</span>
                  <span className="w-56">{t('messages.head.state')}</span>
                  <span className="w-28 text-right">{t('messages.head.at')}</span>
                </>
              }
            >
              {rows.map((message) => (
                <MessageRow key={message.id} message={message} />
              ))}
            </ListCard>
          )}
          <More list={messages} className="pt-4 text-center" />
        </div>
      </div>
    </>
  );
}
