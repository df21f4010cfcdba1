import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { type Db, inWorkspace } from '../db/database.ts';
import { positionState } from '../db/states.ts';
import { cohortsPerCall, runWorkflowId, wakeSignalName } from './run-contract.ts';

/** Wakes code runs whose parked people have all left. */
export type Waker = {
  /** Hears, after a commit, of code runs in which somebody left a wait. */
  readonly wake: (workspaceId: string, runIds: readonly string[]) => void;
  /** Forgets what waits and lets what is under way finish. */
  readonly stop: () => Promise<void>;
};

/** Departures this close together are looked at together. */
const windowMs = 100;

/**
 * A run hears of its people once a call, when nobody of the call is parked any more, so its history does not grow with them
 * (protocol 29). Whoever commits last sees that everyone has left, whichever process that is. The signal has no content; one that is
 * lost is made up for by the sweep over open runs.
 */
export function createWaker(deps: { readonly db: Db; readonly client: () => Client; readonly log: Logger }): Waker {
  const waiting = new Map<string, { readonly runIds: Set<string>; readonly timer: NodeJS.Timeout }>();
  const running = new Set<Promise<void>>();

  const look = async (workspaceId: string, runIds: readonly string[]): Promise<void> => {
    try {
      for (const runId of await finishedWaiting(deps.db, workspaceId, runIds))
        await deps.client().workflow.getHandle(runWorkflowId(runId)).signal(wakeSignalName);
    } catch (error) {
      deps.log.debug({ err: error }, 'a code run could not be woken; the sweep comes back to it');
    }
  };

  return {
    wake(workspaceId, runIds) {
      if (runIds.length === 0) return;
      const known = waiting.get(workspaceId);
      if (known !== undefined) {
        for (const runId of runIds) known.runIds.add(runId);
        return;
      }
      const gathered = new Set(runIds);
      const timer = setTimeout(() => {
        // Taken off first: whoever leaves from here on is looked at again.
        waiting.delete(workspaceId);
        const work = look(workspaceId, [...gathered]).finally(() => running.delete(work));
        running.add(work);
      }, windowMs);
      waiting.set(workspaceId, { runIds: gathered, timer });
    },
    async stop() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
      await Promise.all(running);
    },
  };
}

/**
 * Of the given code runs, those with a parking call that nobody waits in any more and whose result was not collected. Builds before this
 * one did not store that it was: of their calls the last one counts.
 */
async function finishedWaiting(db: Db, workspaceId: string, runIds: readonly string[]): Promise<string[]> {
  const rows = await inWorkspace(db, workspaceId, (tx) =>
    sql<{ run_id: string }>`
      SELECT DISTINCT s.run_id FROM run_steps s
      WHERE s.workspace_id = ${workspaceId} AND s.run_id = ANY(${[...runIds]}::uuid[]) AND s.collected IS NULL AND (s.result->>'parked')::int > 0
        AND (s.step IS NOT NULL OR s.call = (SELECT max(l.call) FROM run_steps l WHERE l.workspace_id = s.workspace_id AND l.run_id = s.run_id))
        AND NOT EXISTS (
          SELECT 1 FROM enrollments e WHERE e.workspace_id = s.workspace_id AND e.run_id = s.run_id AND e.state = ${positionState.parked}
            AND e.cohort BETWEEN 1 + s.call * ${cohortsPerCall} AND (s.call + 1) * ${cohortsPerCall}
        )`.execute(tx),
  );
  return rows.rows.map((row) => row.run_id);
}
