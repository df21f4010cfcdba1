import type { CodePool } from '@signalbox/engine/codes/contract';
import { Archive, TriangleAlert } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Signal } from '../ui/signal.tsx';

/** Whether fewer are left than somebody wants to be told of. */
export const isLow = ({ archived, codes, left, low_at: lowAt }: CodePool): boolean =>
  !archived && codes > 0 && lowAt !== null && left < lowAt;

/** Whether a pool runs low, or gives nothing away any longer; nothing where all is well. */
export function PoolSignal({ pool }: { readonly pool: CodePool }) {
  if (pool.archived)
    return (
      <Signal tone="calm" icon={Archive}>
        {t('goals.archived')}
      </Signal>
    );
  if (!isLow(pool)) return null;
  return (
    <Signal tone={pool.left === 0 ? 'stop' : 'wait'} icon={TriangleAlert}>
      {t(pool.left === 0 ? 'codes.none_left' : 'codes.low')}
    </Signal>
  );
}
