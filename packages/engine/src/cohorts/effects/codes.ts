import type { Ports } from '@signalbox/nodes/define/ports';
import { giveCodes, type Wanted } from '../../codes/give.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { defineEffect } from './define-effect.ts';

/** Gives people codes of pools, in the step's transaction: whoever is decided for again has theirs already. */
export const codes = defineEffect<Ports['codes']>(({ tx, workspaceId, now }) => {
  const given = createBatchLoader(async (wanted: readonly Wanted[]) =>
    (await giveCodes({ tx, workspaceId, now }, wanted)).map((code) => ({ code })),
  );
  return {
    bind: (row) => ({
      give: async (pools) => {
        const found = await Promise.all(
          pools.map(async (pool) => [pool, (await given.load({ contactId: row.contact.id, pool })).code] as const),
        );
        return Object.fromEntries(found);
      },
    }),
    reads: [given],
  };
});
