import type { MessageDetail } from '@signalbox/engine/inbox/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight, MessageSquareText, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatExact, formatPhone } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Delivery, HandledBy } from '../people/delivery.tsx';
import { languageName } from '../people/languages.ts';
import { MessageMedia } from '../people/message-media.tsx';
import { Button } from '../ui/button.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { Section } from '../ui/section.tsx';
import type { SignalTone } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { Decide } from './decide.tsx';
import { MessageLinks } from './message-links.tsx';
import { MessageWaits } from './message-waits.tsx';
import { messageQuery } from './queries.ts';
import { timelineOf } from './timeline.ts';

/** One message: its words, what it was, and everything that happened to it. */
export function MessageScreen() {
  const { messageId } = useParams({ from: '/frame/messages/$messageId' });
  const found = useQuery(messageQuery(messageId));
  const message = found.data;
  if (found.isError && message === undefined && problemFrom(found.error).status === 404) return <Missing />;
  const other = message === undefined ? '' : formatPhone(message.direction === 'out' ? message.to : message.from);
  return (
    <>
      <TopBar
        pageTitle={message === undefined ? t('messages.title') : t('message.title', { number: other })}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/messages" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('messages.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 className="num truncate px-1 text-lg">
              <bdi>{other}</bdi>
            </h1>
          </nav>
        }
      >
        {message === undefined ? null : (
          <Button asChild>
            <Link to="/conversations/$contactId" params={{ contactId: message.contact_id }}>
              <MessageSquareText aria-hidden />
              <span className="max-md:sr-only">{t('message.open_conversation')}</span>
            </Link>
          </Button>
        )}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {found.isPending ? (
            <>
              <Skeleton className="h-40" />
              <Skeleton className="h-56" />
            </>
          ) : null}
          {found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {message === undefined ? null : (
            <>
              <Words message={message} />
              {message.queue === null ? null : (
                <MessageWaits messageId={message.id} reason={message.reason?.text ?? null} />
              )}
              <MessageLinks links={message.links} />
              <Story message={message} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function Words({ message }: { readonly message: MessageDetail }) {
  const out = message.direction === 'out';
  return (
    <Section title={t(out ? 'message.went_out' : 'message.came_in')}>
      <div
        dir="auto"
        className={cn(
          'w-fit max-w-[34rem] whitespace-pre-wrap rounded-[16px] px-3.5 py-2 [overflow-wrap:anywhere]',
          out ? 'rounded-br-[5px] bg-bubble-out text-white' : 'rounded-bl-[5px] bg-bubble-in',
        )}
      >
        {message.text}
        <MessageMedia message={message} />
      </div>
      <div className="mt-3">
        <Delivery message={message} />
        <HandledBy message={message} />
      </div>
      {message.state === 'unknown' ? (
        <div className="mt-3">
          <Decide messageId={message.id} />
        </div>
      ) : null}
      {message.possible_duplicate ? (
        <p className="mt-3 flex gap-2 rounded-md bg-wait-soft p-3 text-sm">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
          {t('message.possible_duplicate')}
        </p>
      ) : null}
      <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-3 text-sm md:grid-cols-4">
        <Fact name={t('message.from')}>
          <bdi className="num">{formatPhone(message.from)}</bdi>
        </Fact>
        <Fact name={t('message.to')}>
          <bdi className="num">{formatPhone(message.to)}</bdi>
        </Fact>
        <Fact name={t('message.size')}>
          {t('messages.segments', { n: message.segments })} <span className="text-ink-3">{message.encoding}</span>
        </Fact>
        {message.purpose === null ? null : (
          <Fact name={t('message.purpose')}>{tOpen(`message.purpose.${message.purpose}`, message.purpose)}</Fact>
        )}
        {message.cost === null ? null : (
          <Fact name={t('message.cost')}>
            <span className="num">{shownAmount(message.cost.micro_units, message.cost.currency)}</span>{' '}
            <span className="text-ink-3">{costNote(message)}</span>
          </Fact>
        )}
        {message.route?.name == null ? null : <Fact name={t('message.route')}>{message.route.name}</Fact>}
        {message.template === null ? null : (
          <Fact name={t('message.template')}>
            <Link
              to="/messages/templates/$templateId"
              params={{ templateId: message.template.id }}
              dir="auto"
              className="text-action underline underline-offset-2 [overflow-wrap:anywhere]"
            >
              {message.template.name}
            </Link>{' '}
            <span className="text-ink-3">
              {t('message.template.which', {
                n: message.template.version,
                language: languageName(message.template.language),
              })}
            </span>
          </Fact>
        )}
        {message.flow_id === null || message.flow_name === null ? null : (
          <Fact name={t('message.flow')}>
            <Link
              to="/flows/$flowId"
              params={{ flowId: message.flow_id }}
              dir="auto"
              className="text-action underline underline-offset-2 [overflow-wrap:anywhere]"
            >
              {message.flow_name}
            </Link>
          </Fact>
        )}
        {message.queue === null ? null : (
          <>
            <Fact name={t('message.lane')}>{tOpen(`lane.${message.queue.lane}`, message.queue.lane)}</Fact>
            <Fact name={t('message.not_before')}>{formatExact(message.queue.not_before)}</Fact>
            <Fact name={t('message.expires')}>{formatExact(message.queue.expires_at)}</Fact>
          </>
        )}
      </dl>
    </Section>
  );
}

/** Whence what a message cost is known, with the estimate where that was another. */
function costNote({ cost, estimate }: MessageDetail): string {
  if (cost?.told !== true) return t('message.cost.reckoned');
  if (estimate === null || (estimate.micro_units === cost.micro_units && estimate.currency === cost.currency))
    return t('message.cost.told');
  return t('message.cost.estimate', { estimate: shownAmount(estimate.micro_units, estimate.currency) });
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-3 text-xs">{name}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  );
}

const dots: Readonly<Record<SignalTone, string>> = {
  live: 'bg-live',
  wait: 'bg-wait',
  stop: 'bg-stop',
  test: 'bg-test',
  calm: 'bg-ink-3',
};

function Story({ message }: { readonly message: MessageDetail }) {
  return (
    <Section title={t('message.story')} text={t('message.story.text')}>
      <ol className="flex flex-col">
        {timelineOf(message).map(({ key, at, tone, title, code }) => (
          <li key={key} className="relative flex gap-3 pb-4 last:pb-0">
            <span aria-hidden className="absolute top-3 bottom-0 left-[4.5px] w-px bg-line [li:last-child>&]:hidden" />
            <span aria-hidden className={cn('relative mt-1.5 size-2.5 shrink-0 rounded-full', dots[tone])} />
            <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
              <span dir="auto" className="font-medium">
                {title}
              </span>
              {code === null ? null : <code className="break-all text-ink-3 text-xs">{code}</code>}
              <time dateTime={at} className="num ml-auto text-ink-3 text-sm max-md:ml-0 max-md:w-full">
                {formatExact(at)}
              </time>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** An address of a message that is not there. */
function Missing() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('messages.title')}</ScreenTitle>} pageTitle={t('message.missing.title')} />
      <MissingState title={t('message.missing.title')} text={t('message.missing.text')}>
        <Button kind="primary" asChild>
          <Link to="/messages">{t('message.missing.action')}</Link>
        </Button>
      </MissingState>
    </>
  );
}
