import { holdoutId } from '@signalbox/nodes/define/arms';
import type { TestConfig } from '@signalbox/nodes/library/logic/test';
import { type RawBuilder, sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { conversionsSql } from '../goals/conversions.ts';
import { readShown } from '../http/ids.ts';

/** What is measured of an arm: how many people were given it, and of those whose time is over how many did what. */
export type ArmCounts = {
  readonly arm: string;
  /** Who was drawn for it. */
  readonly people: number;
  /** Of whom the result is known. */
  readonly known: number;
  readonly converted: number;
  /** Of revenue: the sum of what people spent, and that of its squares less the origin, in whole units. */
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Guardrails: of those whose result is known. */
  readonly optedOut: number;
  /** To whom the carrier took a text of the flow, and who got one. */
  readonly sentTo: number;
  readonly delivered: number;
  /** To whom a carrier refused one as unwanted. */
  readonly complained: number;
};

export type Measures = {
  readonly arms: readonly ArmCounts[];
  /** Who had been drawn for another arm of the step, which is gone; they are in none. */
  readonly inSeveral: number;
  /** When the first was drawn; null before. */
  readonly began: Date | null;
};

/** The test as far as measuring goes. */
export type Measured = {
  readonly id: string;
  readonly flowId: string;
  readonly stepId: string;
  readonly config: TestConfig;
};

/** Of one person `k`, whose time is from `assigned_at` to `until`: did they, and what was it worth. */
type Metric = { readonly did: RawBuilder<unknown>; readonly value: RawBuilder<unknown> };

/** The goal whose conversions count; null where a test measures something else. */
export function goalOf({ metric }: TestConfig): string | null {
  return metric.goal === null ? null : readShown('goal', metric.goal);
}

function metricOf({ workspaceId }: Work, { flowId, config }: Measured): Metric {
  const within = (at: string) => sql`${sql.ref(at)} >= k.assigned_at AND ${sql.ref(at)} < k.until`;
  const nothing = sql`0::float8`;
  switch (config.metric.kind) {
    case 'click':
      return {
        did: sql`EXISTS (SELECT 1 FROM links l WHERE l.workspace_id = ${workspaceId} AND l.contact_id = k.contact_id AND l.flow_id = ${flowId} AND ${within('l.first_clicked_at')})`,
        value: nothing,
      };
    case 'reply':
      return {
        did: sql`EXISTS (SELECT 1 FROM messages i WHERE i.workspace_id = ${workspaceId} AND i.contact_id = k.contact_id AND i.direction = 'in'
          AND i.handled_by IS DISTINCT FROM 'compliance' AND ${within('i.created_at')})`,
        value: nothing,
      };
    case 'conversion':
    case 'revenue': {
      const goalId = goalOf(config);
      // Of a goal that is gone nothing is told apart: the verdict says so.
      if (goalId === null) return { did: sql`false`, value: nothing };
      const theirs = sql`FROM (${conversionsSql(goalId, workspaceId, null)}) v WHERE v.contact_id = k.contact_id AND ${within('v.at')}`;
      const did = sql`EXISTS (SELECT 1 ${theirs})`;
      const value = sql`(SELECT coalesce(sum(v.value_micro), 0)::float8 / 1000000 ${theirs})`;
      return { did, value: config.metric.kind === 'revenue' ? value : nothing };
    }
  }
}

type Row = {
  arm: string;
  people: number;
  known: number;
  converted: number;
  sum: number;
  sum_of_squares: number;
  opted_out: number;
  sent_to: number;
  delivered: number;
  complained: number;
  began: Date | null;
  in_several: number;
};

/**
 * Counts a test as it stands: one statement, whose work grows with the people of the test. Whoever had been drawn for an arm that is gone
 * and was drawn again is counted apart.
 */
export async function measure(work: Work, test: Measured): Promise<Measures> {
  const { tx, workspaceId, now } = work;
  const { id, flowId, stepId, config } = test;
  const { did, value } = metricOf(work, test);
  const hours = config.window_hours;
  const sent = sql`FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = k.contact_id AND m.flow_id = ${flowId}
    AND m.direction = 'out' AND m.created_at >= k.assigned_at AND m.created_at < k.until`;
  const { rows } = await sql<Row>`
    WITH drawn AS MATERIALIZED (
      SELECT a.contact_id, a.arm, a.assigned_at, a.assigned_at + ${hours} * interval '1 hour' AS until,
        EXISTS (SELECT 1 FROM tests t JOIN test_assignments b ON b.workspace_id = t.workspace_id AND b.test_id = t.id
          WHERE t.workspace_id = ${workspaceId} AND t.flow_id = ${flowId} AND t.step_id = ${stepId} AND t.id <> ${id}
            AND b.contact_id = a.contact_id AND b.decided_by = 'draw' AND b.arm <> a.arm AND b.assigned_at < a.assigned_at) AS in_several
      FROM test_assignments a WHERE a.workspace_id = ${workspaceId} AND a.test_id = ${id} AND a.decided_by = 'draw'
    ), done AS (
      SELECT k.arm, ${did} AS did, ${value} AS value,
        EXISTS (SELECT 1 FROM consent_ledger c WHERE c.workspace_id = ${workspaceId} AND c.contact_id = k.contact_id AND c.action = 'revoked'
          AND c.at >= k.assigned_at AND c.at < k.until)
        OR EXISTS (SELECT 1 FROM contacts p JOIN numbers s ON s.workspace_id = p.workspace_id AND s.number = p.phone
          WHERE p.workspace_id = ${workspaceId} AND p.id = k.contact_id AND s.suppressed_at >= k.assigned_at AND s.suppressed_at < k.until) AS opted_out,
        (SELECT coalesce(bool_or(m.accepted_at IS NOT NULL), false) ${sent}) AS sent_to,
        (SELECT coalesce(bool_or(m.accepted_at IS NOT NULL AND m.delivered_at IS NOT NULL), false) ${sent}) AS delivered,
        (SELECT coalesce(bool_or(m.reason->>'code' IN ('carrier_blocked', 'provider_blocked')), false) ${sent}) AS complained
      FROM drawn k WHERE NOT k.in_several AND k.until <= ${now}
    ), counted AS (
      SELECT arm, count(*)::int AS known, count(*) FILTER (WHERE did)::int AS converted,
        coalesce(sum(value), 0) AS sum, coalesce(sum(value * value), 0) AS sum_of_squares,
        count(*) FILTER (WHERE opted_out)::int AS opted_out, count(*) FILTER (WHERE sent_to)::int AS sent_to,
        count(*) FILTER (WHERE delivered)::int AS delivered, count(*) FILTER (WHERE complained)::int AS complained
      FROM done GROUP BY arm
    ), came AS (
      SELECT arm, count(*) FILTER (WHERE NOT in_several)::int AS people FROM drawn GROUP BY arm
    )
    SELECT c.arm, c.people, coalesce(d.known, 0) AS known, coalesce(d.converted, 0) AS converted, coalesce(d.sum, 0) AS sum,
      coalesce(d.sum_of_squares, 0) AS sum_of_squares, coalesce(d.opted_out, 0) AS opted_out, coalesce(d.sent_to, 0) AS sent_to,
      coalesce(d.delivered, 0) AS delivered, coalesce(d.complained, 0) AS complained,
      (SELECT min(assigned_at) FROM drawn) AS began, (SELECT count(*) FILTER (WHERE in_several)::int FROM drawn) AS in_several
    FROM came c LEFT JOIN counted d ON d.arm = c.arm`.execute(tx);
  const byArm = new Map(rows.map((row) => [row.arm, row]));
  const arms = [...config.arms.map((arm) => arm.id), ...(config.holdout > 0 ? [holdoutId] : [])].map((arm) => {
    const row = byArm.get(arm);
    return {
      arm,
      people: row?.people ?? 0,
      known: row?.known ?? 0,
      converted: row?.converted ?? 0,
      sum: row?.sum ?? 0,
      sumOfSquares: row?.sum_of_squares ?? 0,
      optedOut: row?.opted_out ?? 0,
      sentTo: row?.sent_to ?? 0,
      delivered: row?.delivered ?? 0,
      complained: row?.complained ?? 0,
    };
  });
  return { arms, inSeveral: rows[0]?.in_several ?? 0, began: rows[0]?.began ?? null };
}
