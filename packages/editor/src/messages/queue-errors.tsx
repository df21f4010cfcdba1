import type { ErrorClusterView } from '@signalbox/engine/sending/contract';
import { Link } from '@tanstack/react-router';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { Time } from '../ui/time.tsx';

/** What failed of the last day's requests, alike together, each with its latest message. */
export function Errors({
  errors,
  onRetry,
  onCancel,
}: {
  readonly errors: readonly ErrorClusterView[];
  /** Tries those again at once that wait after it. */
  readonly onRetry: (error: ErrorClusterView) => void;
  /** Takes those out of the queue that wait after it. */
  readonly onCancel: (error: ErrorClusterView) => void;
}) {
  if (errors.length === 0) return null;
  return (
    <Section title={t('queue.errors')} text={t('queue.errors.text')}>
      <ul aria-label={t('queue.errors')} className="-my-2 divide-y divide-line">
        {errors.map((error) => (
          <li
            key={`${error.account_id}/${error.error_class}/${error.error_code}`}
            className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2.5"
          >
            <span className="num w-16 font-medium">{t('queue.times', { n: error.count })}</span>
            <span className="min-w-0 flex-1">
              {tOpen(`error_class.${error.error_class ?? 'unknown'}`, error.error_class ?? '')}{' '}
              {error.error_code === null ? null : <code className="text-ink-3 text-xs">{error.error_code}</code>}
            </span>
            <span dir="auto" className="text-ink-2 text-sm">
              {error.account_name ?? t('queue.removed_account')}
            </span>
            <Time at={error.last_at} className="text-ink-3 text-sm" />
            <Link
              to="/messages/$messageId"
              params={{ messageId: error.message_id }}
              className="text-action text-sm hover:underline"
            >
              {t('queue.errors.message')}
            </Link>
            {error.error_code === null || error.account_name === null ? null : (
              <>
                <Button size="sm" kind="ghost" onClick={() => onRetry(error)}>
                  {t('queue.errors.retry')}
                </Button>
                <Button size="sm" kind="ghost" onClick={() => onCancel(error)}>
                  {t('queue.errors.cancel')}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
