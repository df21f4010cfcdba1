import type { Message } from '@signalbox/engine/inbox/contract';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, CheckCheck, UserRound } from 'lucide-react';
import { Fragment, useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatClock, formatDay, formatExact, formatPhone } from '../lib/format.ts';
import { contactQuery, messagesQuery, queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Avatar } from '../people/avatar.tsx';
import { ConsentSignal } from '../people/consent-signal.tsx';
import { Delivery, HandledBy } from '../people/delivery.tsx';
import { MessageMedia } from '../people/message-media.tsx';
import { hasName, nameOf } from '../people/names.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx';
import { type ConversationsSearch, keep } from './conversation-row.tsx';

/** One conversation, oldest at the top. */
export function Thread({ contactId, search }: { readonly contactId: string; readonly search: ConversationsSearch }) {
  const contact = useQuery(contactQuery(contactId));
  const list = useInfiniteQuery(messagesQuery(contactId));
  const newestFirst = list.data?.pages.flatMap((page) => page.data) ?? [];
  const messages = newestFirst.toReversed();
  const unhandled = contact.data?.unhandled === true;
  const end = useRef<HTMLDivElement>(null);
  const newest = newestFirst[0]?.id;
  useEffect(() => {
    if (newest !== undefined) end.current?.scrollIntoView({ block: 'end' });
  }, [newest]);
  const handled = useMutation({
    mutationFn: () => request<void>('POST', `/conversations/${contactId}/handled`, { idempotencyKey: randomId() }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['conversations'] });
      void queryClient.invalidateQueries({ queryKey: ['contact', contactId] });
      toast.success(t('conversation.marked'));
    },
    onError: (error) => toast.error(problemFrom(error).title),
  });
  if (contact.isError && contact.data === undefined) {
    return (
      <section aria-label={t('conversation.label')} className="flex min-w-0 flex-1 flex-col">
        <header className="flex min-h-14 items-center border-line border-b bg-surface px-4 md:hidden">
          <Back search={search} />
        </header>
        <ErrorState problem={problemFrom(contact.error)} onRetry={() => void contact.refetch()} />
      </section>
    );
  }
  const name = contact.data === undefined ? '' : nameOf(contact.data);
  return (
    <section aria-label={t('conversation.with', { name })} className="flex min-w-0 flex-1 flex-col">
      <header className="flex min-h-14 items-center gap-3 border-line border-b bg-surface px-4 py-2">
        <Back search={search} />
        <Avatar name={name} />
        <div className="min-w-0 flex-1">
          {contact.data === undefined ? (
            <Skeleton className="h-4 w-32" />
          ) : (
            <h2 dir="auto" className="truncate text-left text-base">
              {name}
            </h2>
          )}
          {contact.data === undefined ? null : (
            <span className="md:hidden">
              <ConsentSignal contact={contact.data} />
            </span>
          )}
          <p className="num truncate text-ink-3 text-sm max-md:hidden">
            {contact.data === undefined
              ? ''
              : hasName(contact.data)
                ? formatPhone(contact.data.phone)
                : t('contact.no_name')}
          </p>
        </div>
        {contact.data === undefined ? null : (
          <span className="max-md:hidden">
            <ConsentSignal contact={contact.data} />
          </span>
        )}
        {unhandled ? (
          <Button size="sm" disabled={handled.isPending} onClick={() => handled.mutate()}>
            <CheckCheck aria-hidden />
            <span className="max-md:sr-only">{t('conversation.mark_handled')}</span>
          </Button>
        ) : null}
        <Button size="sm" asChild>
          <Link to="/contacts/$contactId" params={{ contactId }}>
            <UserRound aria-hidden />
            <span className="max-lg:sr-only">{t('conversation.open_contact')}</span>
          </Link>
        </Button>
      </header>
      <div className="thin-scroll flex min-h-0 flex-1 flex-col overflow-y-auto px-4 py-5 md:px-8">
        {list.isPending ? <Skeleton className="h-16 w-2/3" /> : null}
        {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
        {list.isSuccess && messages.length === 0 ? (
          <EmptyState title={t('messages.empty.title')} text={t('messages.empty.text')} />
        ) : null}
        {list.hasNextPage ? (
          <Button
            className="mb-4 self-center"
            size="sm"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('conversation.earlier')}
          </Button>
        ) : null}
        <ol aria-live="polite" className="mt-auto flex flex-col">
          {messages.map((message, index) => (
            <Fragment key={message.id}>
              <Separator message={message} before={messages[index - 1]} />
              <Bubble message={message} after={messages[index + 1]} />
            </Fragment>
          ))}
        </ol>
        <div ref={end} />
      </div>
    </section>
  );
}

/** The way back to the list where it is not beside the conversation. */
function Back({ search }: { readonly search: ConversationsSearch }) {
  return (
    <Link
      to="/conversations"
      search={keep(search)}
      aria-label={t('conversation.back')}
      className="grid size-11 shrink-0 place-items-center rounded-md hover:bg-hover md:hidden"
    >
      <ArrowLeft aria-hidden className="size-4" />
    </Link>
  );
}

const dayOf = (message: Message): string => new Date(message.created_at).toDateString();
const hour = 3_600_000;

function Separator({ message, before }: { readonly message: Message; readonly before: Message | undefined }) {
  const apart =
    before === undefined ? Number.POSITIVE_INFINITY : Date.parse(message.created_at) - Date.parse(before.created_at);
  if (apart < hour && before !== undefined && dayOf(before) === dayOf(message)) return null;
  const newDay = before === undefined || dayOf(before) !== dayOf(message);
  return (
    <li className="my-4 text-center text-ink-3 text-xs">
      <time dateTime={message.created_at}>
        {newDay
          ? `${formatDay(message.created_at)}, ${formatClock(message.created_at)}`
          : formatClock(message.created_at)}
      </time>
    </li>
  );
}

function Bubble({ message, after }: { readonly message: Message; readonly after: Message | undefined }) {
  const out = message.direction === 'out';
  const grouped =
    after !== undefined &&
    after.direction === message.direction &&
    Date.parse(after.created_at) - Date.parse(message.created_at) < 60_000;
  const stopped = ['refused', 'failed', 'undelivered', 'expired', 'canceled'].includes(message.state);
  return (
    <li
      data-testid={`message-${message.id}`}
      data-direction={message.direction}
      data-state={message.state}
      className={cn(
        'flex max-w-[min(34rem,82%)] flex-col',
        out ? 'items-end self-end' : 'items-start self-start',
        grouped ? 'mb-1' : 'mb-3',
      )}
    >
      <div
        dir="auto"
        title={formatExact(message.created_at)}
        className={cn(
          'whitespace-pre-wrap rounded-[16px] px-3.5 py-2 [overflow-wrap:anywhere]',
          out ? 'rounded-br-[5px] bg-bubble-out text-white' : 'rounded-bl-[5px] bg-bubble-in',
          stopped && 'bg-transparent text-ink-2 outline-1 outline-stop/50 outline-dashed',
        )}
      >
        {message.text}
        <MessageMedia message={message} />
      </div>
      <span className="num mt-0.5 flex flex-wrap items-center gap-x-2 px-1 text-ink-3 text-xs">
        <Delivery message={message} />
        <HandledBy message={message} />
        {out && message.flow_id !== null && message.flow_name !== null ? (
          <Link
            to="/flows/$flowId"
            params={{ flowId: message.flow_id }}
            dir="auto"
            className="min-w-0 truncate hover:text-ink hover:underline"
          >
            {message.flow_name}
          </Link>
        ) : null}
      </span>
    </li>
  );
}
