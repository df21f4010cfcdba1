import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, MessageSquareDashed } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { messagesQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Delivery, HandledBy } from '../people/delivery.tsx';
import { MessageMedia } from '../people/message-media.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** All messages with a person, newest first, with how far each got. */
export function MessageHistory({ contactId }: { readonly contactId: string }) {
  const list = useInfiniteQuery(messagesQuery(contactId));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  if (list.isPending) return <SkeletonRows label={t('loading')} rows={4} />;
  if (list.isError) return <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} />;
  if (rows.length === 0) {
    return (
      <EmptyState
        art={<MessageSquareDashed aria-hidden className="size-8 text-ink-3" />}
        title={t('messages.empty.title')}
        text={t('messages.empty.text')}
      />
    );
  }
  return (
    <>
      <ol className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
        {rows.map((message) => {
          const Icon = message.direction === 'in' ? ArrowDownLeft : ArrowUpRight;
          return (
            <li key={message.id} className="flex gap-3 px-4 py-2.5">
              <Icon
                aria-label={t(message.direction === 'in' ? 'messages.in' : 'messages.out')}
                className="mt-0.5 size-4 shrink-0 text-ink-3"
              />
              <div className="min-w-0 flex-1">
                <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                  {message.text}
                </p>
                <MessageMedia message={message} />
                <p className="num mt-0.5 flex flex-wrap items-center gap-x-3 text-ink-3 text-xs">
                  <Delivery message={message} />
                  <HandledBy message={message} />
                  <span>{t('messages.segments', { n: message.segments })}</span>
                  {message.flow_id === null || message.flow_name === null ? null : (
                    <Link
                      to="/flows/$flowId"
                      params={{ flowId: message.flow_id }}
                      dir="auto"
                      className="min-w-0 truncate text-action hover:underline"
                    >
                      {message.flow_name}
                    </Link>
                  )}
                </p>
              </div>
              <Time at={message.created_at} className="text-ink-3 text-sm" />
            </li>
          );
        })}
      </ol>
      {list.hasNextPage ? (
        <Button className="mt-3" onClick={() => void list.fetchNextPage()}>
          {t('action.more')}
        </Button>
      ) : null}
    </>
  );
}
