import { wallTime } from '@signalbox/nodes/time/zoned-time';
import { type RawBuilder, sql } from 'kysely';
import { readHome } from '../access/home.ts';
import type { Scope } from '../db/work.ts';
import { instantText } from '../http/instants.ts';

/** Each time that somebody reached a goal, as a table of `contact_id`, `at`, `value_micro` and `currency`: of some people by id, or of everybody. */
export function conversionsSql(
  goalId: string,
  workspaceId: string,
  whom: readonly string[] | null,
): RawBuilder<unknown> {
  return sql`SELECT c.contact_id, c.at, c.value_micro, c.currency FROM conversions c
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.goal_id = ${goalId}::uuid
    ${whom === null ? sql`` : sql`AND c.contact_id = ANY(${[...whom]}::uuid[])`}`;
}

/** Days that a goal's screen looks back. */
export const daysShown = 30;
export const dayMs = 86_400_000;

/** What a goal came to since a moment. */
export type GoalTotals = {
  readonly conversions: number;
  readonly people: number;
  /** Of a goal with a value: how often the event said no number. */
  readonly without_value: number;
  readonly micro_units: string | null;
};

const noTotals: GoalTotals = { conversions: 0, people: 0, without_value: 0, micro_units: null };

/** What goals came to since a moment, in one statement. */
export async function readTotals(
  { tx, workspaceId }: Scope,
  goalIds: readonly string[],
  since: Date,
): Promise<(goalId: string) => GoalTotals> {
  const { rows } = await sql<GoalTotals & { goal_id: string }>`
    SELECT goal_id, count(*)::int AS conversions, count(DISTINCT contact_id)::int AS people,
      count(*) FILTER (WHERE value_micro IS NULL)::int AS without_value, sum(value_micro)::text AS micro_units
    FROM conversions WHERE workspace_id = ${workspaceId} AND goal_id = ANY(${[...goalIds]}::uuid[]) AND at >= ${since}
    GROUP BY goal_id`.execute(tx);
  const known = new Map(rows.map(({ goal_id, ...totals }) => [goal_id, totals]));
  return (goalId) => known.get(goalId) ?? noTotals;
}

export type GoalDay = {
  readonly day: string;
  readonly conversions: number;
  readonly without_value: number;
  readonly micro_units: string | null;
};

/** How often a goal was reached on each of the last days on the workspace's clocks, today at the end. */
export async function readDays(scope: Scope, goalId: string, now: Date): Promise<GoalDay[]> {
  const { tx, workspaceId } = scope;
  const { timeZone: zone } = await readHome(scope);
  const since = new Date(now.getTime() - (daysShown + 1) * dayMs);
  const { rows } = await sql<GoalDay>`
    SELECT (at AT TIME ZONE ${zone})::date::text AS day, count(*)::int AS conversions,
      count(*) FILTER (WHERE value_micro IS NULL)::int AS without_value, sum(value_micro)::text AS micro_units
    FROM conversions WHERE workspace_id = ${workspaceId} AND goal_id = ${goalId}::uuid AND at >= ${since}
    GROUP BY 1`.execute(tx);
  const known = new Map(rows.map((row) => [row.day, row]));
  const { year, month, day: today } = wallTime(now, zone);
  return Array.from({ length: daysShown }, (_, index) => {
    const day = new Date(Date.UTC(year, month - 1, today - daysShown + 1 + index)).toISOString().slice(0, 10);
    return known.get(day) ?? { day, conversions: 0, without_value: 0, micro_units: null };
  });
}

export type ConversionRow = {
  readonly event_id: string;
  readonly contact_id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  /** Null of somebody who was deleted. */
  readonly phone: string | null;
  readonly at: Date;
  readonly place: string;
  readonly value_micro: string | null;
  readonly currency: string | null;
};

/** Each time that somebody reached a goal, the latest first. */
export async function listConversions(
  { tx, workspaceId }: Scope,
  goalId: string,
  { limit, before }: { readonly limit: number; readonly before: readonly [string, string] | null },
): Promise<ConversionRow[]> {
  const { rows } = await sql<ConversionRow>`
    SELECT v.event_id, v.contact_id, c.first_name, c.last_name, CASE WHEN c.deleted_at IS NULL THEN c.phone END AS phone,
      v.at, ${instantText('v.at')} AS place, v.value_micro::text AS value_micro, v.currency
    FROM conversions v JOIN contacts c ON c.workspace_id = v.workspace_id AND c.id = v.contact_id
    WHERE v.workspace_id = ${workspaceId} AND v.goal_id = ${goalId}::uuid
      ${before === null ? sql`` : sql`AND (v.at, v.event_id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`}
    ORDER BY v.at DESC, v.event_id DESC LIMIT ${limit}`.execute(tx);
  return rows;
}
