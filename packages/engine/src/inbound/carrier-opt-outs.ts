import { lockContactOf } from '../contacts/one-person.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import { optOut } from './compliance.ts';
import type { InboundDeps } from './inbound-deps.ts';

/**
 * Suppresses numbers that a carrier refused as opted out, as if their owners had told us.
 *
 * @returns code runs to wake: somebody of them waited.
 */
export async function optOutNumbers(
  deps: InboundDeps & { readonly db: Db; readonly clock: Clock; readonly failPoints: FailPoints },
  workspaceId: string,
  numbers: readonly string[],
): Promise<string[]> {
  const wake: string[] = [];
  for (const number of numbers) {
    const ended = await inWorkspace(deps.db, workspaceId, async (tx) => {
      const contact = await lockContactOf({ tx, workspaceId }, number);
      if (contact === null) return null;
      const who = { numbers: [number], contactId: contact.id, messageId: null };
      const why = { reason: 'carrier', note: null, by: null } as const;
      const stopped = await optOut(deps, { tx, workspaceId, now: deps.clock.now() }, who, why);
      await deps.failPoints.reach('opt_out.before_commit');
      return stopped;
    });
    await deps.failPoints.reach('opt_out.after_commit');
    wake.push(...(ended?.wake ?? []));
  }
  return wake;
}
