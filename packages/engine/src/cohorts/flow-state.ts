import { sql } from 'kysely';
import { z } from 'zod';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';

/** What made a flow pause itself: too many of a step's people failed with one code. Codes and ids alone. */
export const pauseCauseSchema = z.object({ step: z.string(), code: z.string() });
export type PauseCause = z.output<typeof pauseCauseSchema>;

/**
 * The one change of a flow's state, told to whoever shows the flow or its people. Waits for the share locks of step calls and claims under way; every later one sees it.
 *
 * @param change.cause why a pause was nobody's doing; every other change takes an earlier cause away.
 * @returns false where the flow was in none of the states to change from.
 */
export async function changeFlowState(
  work: Work,
  flowId: string,
  change: { readonly from: readonly string[]; readonly to: string; readonly cause?: PauseCause },
): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const cause = change.cause === undefined ? null : JSON.stringify(change.cause);
  const rows = await sql`
    UPDATE flows SET state = ${change.to}, paused_by = ${cause}::jsonb, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${flowId} AND state = ANY(${[...change.from]}::text[]) RETURNING 1`.execute(
    tx,
  );
  if (rows.rows.length === 0) return false;
  await writeFeed(work, { flowIds: [flowId] });
  await writeFeed(work, { flowIds: [flowId], counts: true });
  return true;
}

/** A flow pauses itself, so that a bug in a node burns no audience. */
export async function pauseForTrouble(work: Work, flowId: string, cause: PauseCause): Promise<void> {
  await changeFlowState(work, flowId, { from: ['live'], to: 'paused', cause });
}
