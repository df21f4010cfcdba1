import type { Test } from '@signalbox/engine/experiments/contract';
import { CircleCheck, CircleSlash, FlaskConical, TriangleAlert } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Signal } from '../ui/signal.tsx';

/** How a test is: it runs, something is wrong with it, it was decided, or stopped. */
export function TestState({ test }: { readonly test: Pick<Test, 'state' | 'seen'> }) {
  if (test.state === 'decided')
    return (
      <Signal tone="live" icon={CircleCheck}>
        {t('test.state.decided')}
      </Signal>
    );
  if (test.state === 'stopped')
    return (
      <Signal tone="calm" icon={CircleSlash}>
        {t('test.state.stopped')}
      </Signal>
    );
  const blocked = test.seen?.verdict.state === 'blocked';
  return (
    <Signal tone={blocked ? 'stop' : 'test'} icon={blocked ? TriangleAlert : FlaskConical}>
      {t('test.state.running')}
    </Signal>
  );
}
