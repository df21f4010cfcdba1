import type { QueueHold } from '@signalbox/engine/sending/contract';
import { CircleCheck, CirclePause, Hourglass, ListX } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';
import { holdName } from './hold-names.ts';

/** What is held back now, each with its way back. */
export function Holds({
  holds,
  onEnd,
}: {
  readonly holds: readonly QueueHold[];
  readonly onEnd: (hold: QueueHold) => void;
}) {
  if (holds.length === 0) return null;
  return (
    <Section title={t('queue.holds')} text={t('queue.holds.text')}>
      <ul aria-label={t('queue.holds')} className="-my-2 divide-y divide-line">
        {holds.map((hold) => (
          <li key={hold.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <State hold={hold} />
            <span dir="auto" className="min-w-0 flex-1 basis-40 truncate font-medium">
              {holdName(hold)}
            </span>
            <span className="text-ink-3 text-sm">
              <Time at={hold.cancel?.finished_at ?? hold.since} />
            </span>
            {hold.cancel === null || (hold.cancel.canceled === 0 && hold.cancel.finished_at === null) ? (
              <Button size="sm" onClick={() => onEnd(hold)}>
                {t(hold.cancel === null ? 'queue.resume' : 'queue.undo')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function State({ hold }: { readonly hold: QueueHold }) {
  const { cancel } = hold;
  if (cancel?.finished_at != null)
    return (
      <Signal tone="calm" icon={CircleCheck}>
        {t('queue.canceled', { n: cancel.canceled })}
      </Signal>
    );
  if (cancel !== null)
    return (
      <Signal tone="stop" icon={ListX}>
        {t('queue.canceling', { n: cancel.matched })}
      </Signal>
    );
  if (hold.mode === 'drain')
    return (
      <Signal tone="wait" icon={Hourglass}>
        {t(hold.drained ? 'queue.drained_hold' : 'queue.draining')}
      </Signal>
    );
  return (
    <Signal tone="wait" icon={CirclePause}>
      {t('queue.paused')}
    </Signal>
  );
}
