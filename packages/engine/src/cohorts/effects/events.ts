import type { Ports } from '@signalbox/nodes/define/ports';
import { decayedSums } from '../../contacts/engagement.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { defineEffect } from './define-effect.ts';

type SumQuery = Parameters<Ports['events']['decayedSum']>[0] & { readonly contactId: string };

/** Sums over what happened with people. Nothing is written. */
export const events = defineEffect<Ports['events']>(({ tx, workspaceId, now }) => {
  const sums = createBatchLoader((keys: readonly SumQuery[]) => decayedSums({ tx, workspaceId, now }, keys));
  return {
    bind: (row) => ({ decayedSum: (query) => sums.load({ contactId: row.contact.id, ...query }) }),
    reads: [sums],
  };
});
