import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { queueState } from '../db/states.ts';
import { inEach } from '../runtime/in-each.ts';
import { hearingEarlyOptOuts } from '../sending/early-opt-outs.ts';
import { lookUp, markDeadLeases, resolveUnknown, takeUnknown } from '../sending/unknown.ts';
import { defineSweep } from './define-sweep.ts';

/** Takes attempts of dead leases for unknown, looks unknown ones up at their providers, and closes them at their deadline. */
export const unknown = defineSweep({
  name: 'unknown',
  every: 'quick',
  again: (resolved) => resolved > 0,
  create: (deps) => async () => {
    const { settings } = deps.dispatch;
    const now = deps.clock.now();
    const workspaces = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM message_queue WHERE state <> ${sql.lit(queueState.ready)} AND lease_until <= ${now}`.execute(
      deps.db.router,
    );
    let resolved = 0;
    await inEach(deps.log, 'unknown', workspaces.rows, async ({ workspace_id: workspaceId }) => {
      const deadBefore = new Date(now.getTime() - settings.httpTimeoutMs - settings.marginMs);
      const taken = await inWorkspace(deps.db, workspaceId, async (tx) => {
        const work = { tx, workspaceId, now };
        await markDeadLeases(work, deadBefore);
        const found = await takeUnknown(work, new Date(now.getTime() + settings.lookupEveryMs));
        await deps.failPoints.reach('dead_leases.before_commit');
        return found;
      });
      await deps.failPoints.reach('dead_leases.after_commit');
      for (const attempt of taken) {
        const deadline = new Date(attempt.startedAt.getTime() + settings.unknownDeadlineMs);
        const listed = await lookUp(deps.dispatch, workspaceId, attempt);
        if (listed === null && now < deadline) continue;
        const outcome = await hearingEarlyOptOuts(
          (numbers) => deps.dispatch.optOut(workspaceId, numbers),
          (heard) =>
            inWorkspace(deps.db, workspaceId, async (tx) => {
              const work = { tx, workspaceId, now: deps.clock.now() };
              const result = await resolveUnknown(work, attempt, listed ?? [], deadline, heard);
              if (result !== 'waiting') await deps.failPoints.reach('resolve_unknown.before_commit');
              return result;
            }),
        );
        if (outcome === 'waiting') continue;
        await deps.failPoints.reach('resolve_unknown.after_commit');
        resolved += 1;
        deps.dispatch.onSettled(workspaceId);
      }
    });
    return resolved;
  },
});
