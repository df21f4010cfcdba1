import type { Ports } from '@signalbox/nodes/define/ports';
import { opensAt } from '@signalbox/nodes/time/opening-hours';
import { readOpening } from '../../access/opening-hours.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { defineEffect } from './define-effect.ts';

/** When the workspace is open. Nothing is written. */
export const hours = defineEffect<Ports['hours']>(({ tx, workspaceId }) => {
  const openings = createBatchLoader(async (moments: readonly Date[]) => {
    const { opening, place } = await readOpening({ tx, workspaceId });
    // People of a cohort ask for the same moment, or for few.
    const known = new Map<number, Date | null>();
    return moments.map((from) => {
      const at = from.getTime();
      const opens = known.has(at) ? (known.get(at) ?? null) : opensAt(opening, place, from);
      known.set(at, opens);
      return opens;
    });
  });
  return { bind: () => ({ opensAt: (from) => openings.load(from) }), reads: [openings] };
});
