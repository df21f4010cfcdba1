import type { ArrivalDeps } from '../cohorts/arrivals.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import { optOut } from './compliance.ts';

/** Suppresses numbers that a carrier refused as opted out, as if their owners had told us. */
export async function optOutNumbers(
  deps: ArrivalDeps & { readonly db: Db; readonly clock: Clock },
  workspaceId: string,
  numbers: readonly string[],
): Promise<void> {
  for (const number of numbers) {
    await inWorkspace(deps.db, workspaceId, async (tx) => {
      const contact = await tx
        .selectFrom('contacts')
        .select('id')
        .where('workspace_id', '=', workspaceId)
        .where('phone', '=', number)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (contact === undefined) return;
      await optOut(
        deps,
        tx,
        workspaceId,
        { contactId: contact.id, from: number, id: null, body: null },
        'carrier',
        deps.clock.now(),
      );
    });
  }
}
