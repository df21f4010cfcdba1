import { sql } from 'kysely';
import { listWorkspaces } from '../access/workspaces.ts';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** A browser that was away longer begins with a snapshot. */
const feedLifeMs = 3_600_000;
/** As long as the API promises to know an Idempotency-Key. */
const keyLifeMs = 86_400_000;
/** Long enough for a person to look at what a provider sent that we did not understand. */
const unmatchedLifeMs = 30 * 86_400_000;

/** Deletes what nobody asks for any more: announcements of changes, answers kept for repeats, webhooks that were not understood. */
export const expired = defineSweep({
  name: 'expired',
  every: 30_000,
  create: (deps) => async () => {
    const workspaces = await listWorkspaces(deps.db);
    const now = deps.clock.now().getTime();
    await inEach(deps.log, 'expired', workspaces, async (workspaceId) => {
      await inWorkspace(deps.db, workspaceId, async (tx) => {
        await sql`DELETE FROM feed WHERE workspace_id = ${workspaceId} AND at < ${new Date(now - feedLifeMs)}`.execute(
          tx,
        );
        await sql`DELETE FROM idempotency_keys WHERE workspace_id = ${workspaceId} AND created_at < ${new Date(now - keyLifeMs)}`.execute(
          tx,
        );
        await sql`DELETE FROM unmatched_webhooks WHERE workspace_id = ${workspaceId} AND received_at < ${new Date(now - unmatchedLifeMs)}`.execute(
          tx,
        );
      });
    });
    return workspaces.length;
  },
});
