import { sql } from 'kysely';
import { positionState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { isReadable, loadReadable, stepAt } from '../versions/version-cache.ts';
import { type ArrivalDeps, arrive, createRun } from './arrivals.ts';
import { finishPositions } from './positions.ts';
import { type RunRef, runSize } from './run-ref.ts';

type Held = {
  id: string;
  version_id: string;
  hop: number;
  step: number;
  due_outlet: number | null;
  held_reason: string | null;
};

/** Where the next page begins; null where there is none. */
export type ReleasedPeople = { readonly after: string | null; readonly runs: readonly RunRef[] };

/**
 * Forms runs from a page of the flow's held people, by id after `after`. Those whose version this build cannot read stay as they are.
 * Waits for whoever is being texted at the moment: passed over, they would stay held in a flow that goes on.
 *
 * @param options.all also those held because something of ours failed: somebody asked for it.
 */
export async function releaseHeld(
  deps: ArrivalDeps,
  work: Work,
  flowId: string,
  options: { readonly after: string | null; readonly all: boolean },
): Promise<ReleasedPeople> {
  const { tx, workspaceId } = work;
  const which = options.all ? sql`` : sql`AND (held_reason IS NULL OR held_reason = 'version_unreadable')`;
  const rows = await sql<Held>`
    SELECT id, version_id, hop, step, due_outlet, held_reason FROM enrollments
    WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND state = ${positionState.held} ${which}
      AND (${options.after}::uuid IS NULL OR id > ${options.after}::uuid)
    ORDER BY id LIMIT ${runSize} FOR NO KEY UPDATE`.execute(tx);
  const runs: RunRef[] = [];
  for (const [versionId, people] of Map.groupBy(rows.rows, (row) => row.version_id)) {
    const version = await loadReadable(deps.versions, work, versionId);
    if (version === null) continue;
    if (version.workflow !== null) {
      // Their workflow went on without them: there is no place in it to come back to.
      const reason = { code: 'left_behind' };
      await finishPositions(
        work,
        people.map(({ id, step }) => ({ id, outcome: 'failed', step, reason })),
      );
      continue;
    }
    // Whom a pause held stands before a step.
    const leaves = (row: Held) => row.held_reason !== null && row.due_outlet !== null;
    const leaving = people.filter(leaves);
    if (leaving.length > 0) {
      await sql`
        UPDATE enrollments SET held_reason = NULL
        WHERE workspace_id = ${workspaceId} AND id = ANY(${leaving.map((row) => row.id)}::uuid[])`.execute(tx);
      const arrivals = leaving.map(({ id, hop, step, due_outlet }) => ({
        id,
        versionId,
        hop,
        step,
        outlet: due_outlet ?? 0,
        eventId: null,
        reason: null,
        codeRun: null,
      }));
      runs.push(...(await arrive(deps, work, arrivals)).runs);
    }
    const standing = people.filter((row) => !leaves(row));
    for (const [step, group] of Map.groupBy(standing, (row) => row.step)) {
      if (!isReadable(stepAt(version, step))) continue;
      const run = await createRun(deps, work, { version, step, size: group.length });
      runs.push(run);
      await sql`
        UPDATE enrollments SET state = ${positionState.ready}, run_id = ${run.runId}, cohort = 0, held_reason = NULL
        WHERE workspace_id = ${workspaceId} AND id = ANY(${group.map((row) => row.id)}::uuid[])`.execute(tx);
    }
  }
  return { after: rows.rows.at(-1)?.id ?? null, runs };
}
