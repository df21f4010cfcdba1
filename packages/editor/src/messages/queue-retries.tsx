import type { QueueRetry } from '@signalbox/engine/sending/contract';
import { CircleCheck, RotateCw } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';
import { holdName } from './hold-names.ts';

/** What is tried again at once, with its way back until it begins. */
export function Retries({
  retries,
  onUndo,
}: {
  readonly retries: readonly QueueRetry[];
  readonly onUndo: (retry: QueueRetry) => void;
}) {
  if (retries.length === 0) return null;
  return (
    <Section title={t('queue.retries')} text={t('queue.retries.text')}>
      <ul aria-label={t('queue.retries')} className="-my-2 divide-y divide-line">
        {retries.map((retry) => (
          <li key={retry.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            {retry.finished_at === null ? (
              <Signal tone="wait" icon={RotateCw}>
                {t('queue.retrying', { n: retry.matched })}
              </Signal>
            ) : (
              <Signal tone="calm" icon={CircleCheck}>
                {t('queue.retried', { n: retry.retried })}
              </Signal>
            )}
            <span dir="auto" className="min-w-0 flex-1 basis-40 truncate font-medium">
              {holdName(retry)}
              {retry.code === null ? null : <code className="ml-2 text-ink-3 text-xs">{retry.code}</code>}
            </span>
            <span className="text-ink-3 text-sm">
              <Time at={retry.finished_at ?? retry.starts_at} />
            </span>
            {retry.finished_at === null && retry.retried === 0 ? (
              <Button size="sm" onClick={() => onUndo(retry)}>
                {t('queue.undo')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
