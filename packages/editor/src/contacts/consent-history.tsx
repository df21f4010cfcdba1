import type { ConsentEvent, Contact } from '@signalbox/engine/contacts/contract';
import { isSuppressionReason } from '@signalbox/nodes/define/consent-codes';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Ban, CircleCheck, CircleHelp, CircleX, type LucideIcon, ShieldQuestion } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { consentQuery } from '../lib/queries.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

const marks = {
  granted: { icon: CircleCheck, look: 'text-live' },
  confirmed: { icon: CircleCheck, look: 'text-live' },
  requested: { icon: CircleHelp, look: 'text-wait' },
  expired: { icon: CircleX, look: 'text-wait' },
  revoked: { icon: CircleX, look: 'text-stop' },
} as const satisfies Record<ConsentEvent['action'], { readonly icon: LucideIcon; readonly look: string }>;

/** Where it is known from, and since when where that was earlier. */
function Source({ event }: { readonly event: ConsentEvent }) {
  const { source, source_url, ip, given_at } = event;
  const known = [source, source_url, ip].filter((each) => each !== null);
  if (known.length === 0 && given_at === null) return null;
  return (
    <p dir="auto" className="text-ink-2 text-sm [overflow-wrap:anywhere]">
      {known.length === 0 ? null : t('consent.source', { source: known.join(' · ') })}{' '}
      {given_at === null ? null : <Time at={given_at} />}
    </p>
  );
}

/** What a person agreed to and took back, with the wording they saw and what they said. */
export function ConsentHistory({ contact }: { readonly contact: Contact }) {
  const history = useInfiniteQuery(consentQuery(contact.id));
  if (history.isPending) return <SkeletonRows label={t('loading')} rows={3} />;
  if (history.isError)
    return <ErrorState problem={problemFrom(history.error)} onRetry={() => void history.refetch()} />;
  const events = history.data.pages.flatMap((page) => page.data);
  return (
    <div className="space-y-3">
      {contact.suppressed === null ? null : (
        <p className="flex items-center gap-2 rounded-lg bg-stop-soft px-4 py-2.5 text-sm">
          <Ban aria-hidden className="size-4 text-stop" />
          <span className="flex-1">
            {isSuppressionReason(contact.suppressed.reason)
              ? t('consent.suppressed_because', { reason: t(`suppression.${contact.suppressed.reason}`) })
              : t('consent.suppressed_unknown')}
          </span>
          <Time at={contact.suppressed.at} className="text-ink-2" />
        </p>
      )}
      {events.length === 0 ? (
        <EmptyState
          art={<ShieldQuestion aria-hidden className="size-8 text-ink-3" />}
          title={t('consent.empty.title')}
          text={t('consent.empty.text')}
        />
      ) : (
        <ol className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
          {events.map((event) => {
            const { icon: Icon, look } = marks[event.action];
            return (
              <li key={`${event.at} ${event.purpose} ${event.action}`} className="flex gap-3 px-4 py-3">
                <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
                <div className="min-w-0 flex-1 space-y-1">
                  <p className="flex items-baseline gap-x-3">
                    <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
                      <span className="font-medium">
                        {t(`consent.event.${event.action}`, {
                          purpose: tOpen(`purpose.${event.purpose}`, event.purpose),
                        })}
                      </span>
                      <span className="text-ink-3 text-sm">{tOpen(`method.${event.method}`, '')}</span>
                    </span>
                    <Time at={event.at} className="shrink-0 text-ink-3 text-sm" />
                  </p>
                  {event.source_text === null ? null : (
                    <p dir="auto" className="text-ink-2 text-sm [overflow-wrap:anywhere]">
                      {t(event.action === 'requested' ? 'consent.asked_with' : 'consent.they_wrote', {
                        text: event.source_text,
                      })}
                    </p>
                  )}
                  {event.programme === null ? null : (
                    <p dir="auto" className="text-ink-2 text-sm [overflow-wrap:anywhere]">
                      {t('consent.programme', { programme: event.programme.name, version: event.programme.version })}{' '}
                      {t('consent.shown', { text: event.programme.disclosure })}
                    </p>
                  )}
                  <Source event={event} />
                  {event.wording === null ? null : (
                    <blockquote
                      dir="auto"
                      className="border-line border-s-2 ps-3 text-ink-2 text-sm [overflow-wrap:anywhere]"
                    >
                      {event.wording}
                    </blockquote>
                  )}
                </div>
              </li>
            );
          })}
        </ol>
      )}
      {history.hasNextPage ? (
        <Button disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {t('action.more')}
        </Button>
      ) : null}
    </div>
  );
}
