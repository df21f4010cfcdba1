import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';

/** Deltas of a step transaction: counts per step and metric, written in one statement (protocol 31). */
export type CountDeltas = Map<string, { readonly stepId: string; readonly metric: string; n: number }>;

/** Adds `n` to a metric (`entered`, `left`, `failed`, `out:<outlet>`) of a step. */
export function count(deltas: CountDeltas, stepId: string, metric: string, n = 1): void {
  const key = `${stepId}\u0000${metric}`;
  const entry = deltas.get(key);
  if (entry === undefined) deltas.set(key, { stepId, metric, n });
  else entry.n += n;
}

/** Appends the deltas of one flow. */
export async function writeCounts(work: Scope, flowId: string, deltas: CountDeltas): Promise<void> {
  const { tx, workspaceId } = work;
  const rows = [...deltas.values()].filter((delta) => delta.n !== 0);
  if (rows.length === 0) return;
  await sql`
    INSERT INTO flow_count_deltas (workspace_id, flow_id, step_id, metric, n)
    SELECT ${workspaceId}::uuid, ${flowId}::uuid, d.step_id, d.metric, d.n
    FROM unnest(${rows.map((row) => row.stepId)}::text[], ${rows.map((row) => row.metric)}::text[], ${rows.map((row) => row.n)}::int[])
      AS d(step_id, metric, n)`.execute(tx);
}

/** Folds up to `limit` deltas of a workspace into the totals; a reader sees each delta exactly once, before or after. */
export async function rollUpCounts(work: Scope, limit = 20_000): Promise<number> {
  const { tx, workspaceId } = work;
  const rolled = await sql<{ n: string }>`
    WITH picked AS (
      SELECT id FROM flow_count_deltas WHERE workspace_id = ${workspaceId} ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), moved AS (
      DELETE FROM flow_count_deltas d USING picked WHERE d.workspace_id = ${workspaceId} AND d.id = picked.id RETURNING d.flow_id, d.step_id, d.metric, d.n
    ), folded AS (
      INSERT INTO flow_count_totals AS t (workspace_id, flow_id, step_id, metric, n)
      SELECT ${workspaceId}::uuid, flow_id, step_id, metric, sum(n) FROM moved GROUP BY flow_id, step_id, metric ORDER BY flow_id, step_id, metric
      ON CONFLICT (workspace_id, flow_id, step_id, metric) DO UPDATE SET n = t.n + excluded.n
      RETURNING 1
    )
    SELECT count(*) AS n FROM moved`.execute(tx);
  return Number(rolled.rows[0]?.n ?? 0);
}

export type FlowCount = {
  readonly flowId: string;
  readonly stepId: string;
  readonly metric: string;
  readonly n: number;
};

/** Counts of the given flows (all flows of the workspace without `flowIds`), totals and deltas in one snapshot. */
export async function readCounts(work: Scope, flowIds?: readonly string[]): Promise<FlowCount[]> {
  const { tx, workspaceId } = work;
  const only = flowIds === undefined ? sql`` : sql`AND flow_id = ANY(${[...flowIds]}::uuid[])`;
  const rows = await sql<{ flow_id: string; step_id: string; metric: string; n: string }>`
    SELECT flow_id, step_id, metric, sum(n) AS n FROM (
      SELECT flow_id, step_id, metric, n FROM flow_count_totals WHERE workspace_id = ${workspaceId} ${only}
      UNION ALL
      SELECT flow_id, step_id, metric, n FROM flow_count_deltas WHERE workspace_id = ${workspaceId} ${only}
    ) AS all_counts GROUP BY flow_id, step_id, metric`.execute(tx);
  return rows.rows.map((row) => ({ flowId: row.flow_id, stepId: row.step_id, metric: row.metric, n: Number(row.n) }));
}
