import type { QueueWaits } from '@signalbox/engine/sending/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatExact } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Section } from '../ui/section.tsx';
import { waitsQuery } from './queue-queries.ts';

type Wait = QueueWaits['waits'][number];

/** Why a message has not gone out yet: what has to happen before, what takes longest first. */
export function MessageWaits({
  messageId,
  reason,
}: {
  readonly messageId: string;
  /** What the gate said when it put the message off. */
  readonly reason: string | null;
}) {
  const waits = useQuery(waitsQuery(messageId));
  if (waits.data === undefined || !waits.data.queued) return null;
  const all = waits.data.waits;
  // Whose turn is next says nothing while something else keeps it.
  const telling = all.filter(({ code, ahead }) => all.length === 1 || code !== 'in_line' || ahead !== 0);
  return (
    <Section title={t('queue.waits')}>
      <ul className="flex list-disc flex-col gap-1 pl-5">
        {telling.map((wait) => (
          <li key={wait.code}>
            {wait.code === 'put_off' && reason !== null
              ? t('queue.waits.put_off_for', { reason, time: formatExact(wait.until ?? '') })
              : waitText(wait)}{' '}
            {wait.code === 'held' && wait.mode !== 'cancel' ? (
              <a href="/messages/queue" className="text-action underline underline-offset-2">
                {t('queue.waits.queue')}
              </a>
            ) : null}
            {wait.message_id === undefined ? null : (
              <Link
                to="/messages/$messageId"
                params={{ messageId: wait.message_id }}
                className="text-action underline underline-offset-2"
              >
                {t('queue.waits.message')}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function waitText(wait: Wait): string {
  switch (wait.code) {
    case 'with_dispatcher':
      return t('queue.waits.with_dispatcher');
    case 'outcome_unknown':
      return t('queue.waits.outcome_unknown');
    case 'flow_paused':
      return t('queue.waits.flow_paused');
    case 'held':
      return t(
        wait.mode === 'cancel'
          ? 'queue.waits.cancel'
          : wait.mode === 'drain'
            ? 'queue.waits.drain'
            : 'queue.waits.held',
      );
    case 'put_off':
      return t('queue.waits.put_off', { time: formatExact(wait.until ?? '') });
    case 'retrying':
      return t('queue.waits.retrying', { time: formatExact(wait.until ?? '') });
    case 'behind':
      return t('queue.waits.behind');
    case 'rate':
      return t('queue.waits.rate', { n: wait.per_second ?? 1 });
    case 'in_line':
      return wait.ahead === 0 ? t('queue.waits.next') : t('queue.waits.in_line', { n: wait.ahead ?? 0 });
  }
}
