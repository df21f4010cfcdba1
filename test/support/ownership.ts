import { runWorkflowId } from '@signalbox/engine/cohorts/run-contract';
import type { Engine } from '@signalbox/engine/main/engine';
import { WorkflowNotFoundError } from '@temporalio/client';
import pg from 'pg';

export type Stranded = { readonly id: string; readonly state: number; readonly owners: number };

/**
 * The ownership invariant of the protocol: each live enrollment is exactly one of ready in an open or unstarted run, asleep in an
 * open run, parked on an unsettled message, parked on an event and/or a due time, held by a pause or for a reason. Whoever is in a run
 * stands in a cohort that its calls made and that no call took up; whoever is parked in a code flow's run comes back to such a cohort.
 * Returns those that are not.
 *
 * @param client also asks Temporal whether the workflows that people rely on are open.
 */
export async function strandedEnrollments(ownerUrl: string, client?: Engine['client']): Promise<Stranded[]> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const result = await owner.query<Stranded>(`
      SELECT * FROM (
        SELECT e.id, e.state,
          (e.state = 1 AND r.id IS NOT NULL AND r.state IN (1, 2) AND NOT c.called AND c.made)::int
          + (e.state = 2 AND r.id IS NOT NULL AND r.state = 2 AND e.due_at IS NOT NULL AND NOT c.called AND c.slept)::int
          + (e.state = 3 AND e.waiting_message_id IS NOT NULL AND e.waiting_event IS NULL AND e.due_at IS NULL
             AND (q.message_id IS NOT NULL OR s.message_id IS NOT NULL) AND c.comes_back)::int
          + (e.state = 3 AND e.waiting_message_id IS NULL AND (e.waiting_event IS NOT NULL OR e.due_at IS NOT NULL) AND c.comes_back)::int
          + (e.state = 4 AND e.run_id IS NULL AND (f.state = 'paused' OR e.held_reason IS NOT NULL))::int AS owners
        FROM enrollments e
        JOIN flows f ON f.workspace_id = e.workspace_id AND f.id = e.flow_id
        LEFT JOIN runs r ON r.workspace_id = e.workspace_id AND r.id = e.run_id
        LEFT JOIN message_queue q ON q.workspace_id = e.workspace_id AND q.message_id = e.waiting_message_id
        LEFT JOIN settlements s ON s.workspace_id = e.workspace_id AND s.message_id = e.waiting_message_id
        CROSS JOIN LATERAL (
          SELECT
            coalesce(bool_or(e.cohort = ANY(l.cohorts)), false) AS called,
            e.cohort = 0 OR coalesce(bool_or(
              l.result->'outlets' @> jsonb_build_array(jsonb_build_object('cohort', e.cohort))
              OR (r.lane = 'code' AND (l.result->>'parked')::int > 0 AND e.cohort BETWEEN 1 + 64 * l.call AND 64 * (l.call + 1))), false) AS made,
            coalesce(bool_or(l.result->'sleeping' @> jsonb_build_array(jsonb_build_object('cohort', e.cohort))), false) AS slept,
            e.run_id IS NULL OR (r.state = 2 AND NOT coalesce(bool_or(
              e.cohort + e.arrived_outlet = ANY(l.cohorts) OR e.cohort + e.due_outlet = ANY(l.cohorts)), false)) AS comes_back
          FROM run_steps l WHERE l.workspace_id = e.workspace_id AND l.run_id = e.run_id
        ) c
      ) AS owned WHERE owners <> 1 ORDER BY id`);
    return client === undefined ? result.rows : [...result.rows, ...(await withoutWorkflow(owner, client))];
  } finally {
    await owner.end();
  }
}

/** People who rely on a workflow that is not open. One that Temporal does not know yet is started by a sweep. */
async function withoutWorkflow(owner: pg.Client, client: Engine['client']): Promise<Stranded[]> {
  const people = await owner.query<{ id: string; state: number; run_id: string; run_state: number }>(`
    SELECT e.id, e.state, e.run_id, r.state AS run_state FROM enrollments e
    JOIN runs r ON r.workspace_id = e.workspace_id AND r.id = e.run_id WHERE r.state <> 3 ORDER BY e.id`);
  const stranded: Stranded[] = [];
  for (const [runId, rows] of Map.groupBy(people.rows, (row) => row.run_id)) {
    const open = await client.workflow
      .getHandle(runWorkflowId(runId))
      .describe()
      .then(
        ({ status }) => status.name === 'RUNNING',
        (error: unknown) => error instanceof WorkflowNotFoundError && rows[0]?.run_state === 1,
      );
    if (!open) stranded.push(...rows.map(({ id, state }) => ({ id, state, owners: 0 })));
  }
  return stranded;
}
