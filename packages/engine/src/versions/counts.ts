import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';

/** Deltas of a step transaction: counts per step and metric, written in one statement (protocol 31). */
export type CountDeltas = Map<string, { readonly stepId: string; readonly metric: string; n: number }>;

/** Adds `n` to a metric (`entered`, `left`, `failed`, `out:<outlet>`) of a step. */
export function count(deltas: CountDeltas, stepId: string, metric: string, n = 1): void {
  const key = `${stepId}\u0000${metric}`;
  const entry = deltas.get(key);
  if (entry === undefined) deltas.set(key, { stepId, metric, n });
  else entry.n += n;
}

/** Appends the deltas of one flow, with the work's moment: it decides on which day they count, however late they are folded. */
export async function writeCounts(work: Work, flowId: string, deltas: CountDeltas): Promise<void> {
  const { tx, workspaceId, now } = work;
  const rows = [...deltas.values()].filter((delta) => delta.n !== 0);
  if (rows.length === 0) return;
  await sql`
    INSERT INTO flow_count_deltas (workspace_id, flow_id, step_id, metric, n, at)
    SELECT ${workspaceId}::uuid, ${flowId}::uuid, d.step_id, d.metric, d.n, ${now}::timestamptz
    FROM unnest(${rows.map((row) => row.stepId)}::text[], ${rows.map((row) => row.metric)}::text[], ${rows.map((row) => row.n)}::int[])
      AS d(step_id, metric, n)`.execute(tx);
}

/** The workspace's zone as the database knows it: one row `zone (name)`. */
const zoneOf = (workspaceId: string) => sql`
  SELECT coalesce((SELECT known_zone(time_zone) FROM workspaces WHERE workspace_id = ${workspaceId}), 'UTC') AS name`;

/**
 * Folds up to `limit` deltas of a workspace into the totals and into the day of each one's own moment; a reader sees each delta
 * exactly once, before or after.
 */
export async function rollUpCounts(work: Scope, limit = 20_000): Promise<number> {
  const { tx, workspaceId } = work;
  const rolled = await sql<{ n: string }>`
    WITH zone AS MATERIALIZED (${zoneOf(workspaceId)}), picked AS (
      SELECT id FROM flow_count_deltas WHERE workspace_id = ${workspaceId} ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), moved AS (
      DELETE FROM flow_count_deltas d USING picked WHERE d.workspace_id = ${workspaceId} AND d.id = picked.id RETURNING d.flow_id, d.step_id, d.metric, d.n, d.at
    ), days AS (
      INSERT INTO flow_count_days AS t (workspace_id, flow_id, day, step_id, metric, n)
      SELECT ${workspaceId}::uuid, flow_id, (at AT TIME ZONE zone.name)::date AS day, step_id, metric, sum(n)
      FROM moved, zone GROUP BY flow_id, day, step_id, metric ORDER BY flow_id, day, step_id, metric
      ON CONFLICT (workspace_id, flow_id, day, step_id, metric) DO UPDATE SET n = t.n + excluded.n
    ), folded AS (
      INSERT INTO flow_count_totals AS t (workspace_id, flow_id, step_id, metric, n, dated)
      SELECT ${workspaceId}::uuid, flow_id, step_id, metric, sum(n), sum(n) FROM moved GROUP BY flow_id, step_id, metric ORDER BY flow_id, step_id, metric
      ON CONFLICT (workspace_id, flow_id, step_id, metric) DO UPDATE SET n = t.n + excluded.n, dated = t.dated + excluded.dated
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

export type DayCount = {
  /** `2026-11-28`, in the workspace's zone; null for what was counted before counts had days. */
  readonly day: string | null;
  readonly stepId: string;
  readonly metric: string;
  readonly n: number;
};

/** The workspace's zone, and what day `now` is there. */
export async function dayNow({ tx, workspaceId }: Scope, now: Date): Promise<{ zone: string; today: string }> {
  const rows = await sql<{ zone: string; today: string }>`
    SELECT name AS zone, (${now}::timestamptz AT TIME ZONE name)::date::text AS today FROM (${zoneOf(workspaceId)}) AS zone`.execute(
    tx,
  );
  const [row] = rows.rows;
  if (row === undefined) throw new Error('There is always one row.');
  return row;
}

/** Counts of a flow on the days from `from` to `to`, both within, and what has no day; deltas are on their own day already. */
export async function readDayCounts(
  work: Scope,
  flowId: string,
  range: { readonly from: string; readonly to: string; readonly zone: string },
): Promise<DayCount[]> {
  const { tx, workspaceId } = work;
  const within = sql`day BETWEEN ${range.from}::date AND ${range.to}::date`;
  const rows = await sql<{ day: string | null; step_id: string; metric: string; n: string }>`
    SELECT day::text AS day, step_id, metric, sum(n) AS n FROM (
      SELECT day, step_id, metric, n FROM flow_count_days
      WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND ${within}
      UNION ALL
      SELECT day, step_id, metric, n FROM (
        SELECT (at AT TIME ZONE ${range.zone})::date AS day, step_id, metric, n FROM flow_count_deltas
        WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId}
      ) AS unfolded WHERE ${within}
      UNION ALL
      SELECT NULL, step_id, metric, n - dated FROM flow_count_totals
      WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND n <> dated
    ) AS counted GROUP BY counted.day, step_id, metric ORDER BY counted.day, step_id, metric`.execute(tx);
  return rows.rows.map((row) => ({ day: row.day, stepId: row.step_id, metric: row.metric, n: Number(row.n) }));
}
