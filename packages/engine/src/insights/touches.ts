import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';

/** A conversion with the messages that led to it, in the order in which somebody got or followed them. */
export type TouchedConversion = {
  readonly goal_id: string;
  readonly at: Date;
  readonly value_micro: string | null;
  readonly touched_at: readonly Date[];
  /** Of each message whether the flow that is asked about sent it. */
  readonly own: readonly boolean[];
};

/** A goal with the days within which a conversion is put down to a message. */
export type Window = { readonly goalId: string; readonly clickDays: number; readonly deliveryDays: number };

/** Conversions that are looked at, the newest of people whom the flow wrote to. */
export const mostConversions = 20_000;

/**
 * The conversions of goals that a flow had a part in. A message counts once: at the last click in it within the window of clicks, else at its delivery
 * within that of deliveries; messages of all flows count, and those that no flow sent.
 */
export async function readTouched(
  { tx, workspaceId }: Scope,
  { flowId, windows, since }: { readonly flowId: string; readonly windows: readonly Window[]; readonly since: Date },
): Promise<{ readonly rows: readonly TouchedConversion[]; readonly complete: boolean }> {
  const ids = windows.map(({ goalId }) => goalId);
  const { rows } = await sql<TouchedConversion & { looked_at: number }>`
    WITH windows AS (
      SELECT * FROM unnest(${ids}::uuid[], ${windows.map(({ clickDays }) => clickDays)}::int[], ${windows.map(({ deliveryDays }) => deliveryDays)}::int[])
        AS w(goal_id, click_days, delivery_days)
    ), written AS MATERIALIZED (
      SELECT v.goal_id, v.event_id, v.contact_id, v.at, v.value_micro, w.click_days * interval '1 day' AS click_window, w.delivery_days * interval '1 day' AS delivery_window
      FROM conversions v JOIN windows w ON w.goal_id = v.goal_id
      WHERE v.workspace_id = ${workspaceId} AND v.at >= ${since} AND EXISTS (
        SELECT 1 FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = v.contact_id AND m.flow_id = ${flowId}::uuid
          AND m.direction = 'out' AND m.created_at <= v.at)
      ORDER BY v.at DESC, v.event_id DESC LIMIT ${mostConversions}
    )
    SELECT v.goal_id, v.at, v.value_micro::text AS value_micro, (SELECT count(*)::int FROM written) AS looked_at,
      array_agg(t.at ORDER BY t.at, t.message_id) AS touched_at, array_agg(coalesce(t.flow_id = ${flowId}::uuid, false) ORDER BY t.at, t.message_id) AS own
    FROM written v CROSS JOIN LATERAL (
      SELECT x.message_id, x.flow_id, coalesce(max(x.at) FILTER (WHERE x.clicked), max(x.at)) AS at
      FROM (
        SELECT m.id AS message_id, m.flow_id, m.delivered_at AS at, false AS clicked FROM messages m
        WHERE m.workspace_id = ${workspaceId} AND m.contact_id = v.contact_id AND m.direction = 'out'
          AND m.delivered_at BETWEEN v.at - v.delivery_window AND v.at
        UNION ALL
        SELECT l.message_id, l.flow_id, k.at, true FROM links l JOIN link_clicks k ON k.workspace_id = l.workspace_id AND k.code = l.code
        WHERE l.workspace_id = ${workspaceId} AND l.contact_id = v.contact_id AND NOT k.automatic AND k.at BETWEEN v.at - v.click_window AND v.at
      ) AS x GROUP BY x.message_id, x.flow_id
    ) AS t
    GROUP BY v.goal_id, v.event_id, v.at, v.value_micro
    HAVING bool_or(t.flow_id = ${flowId}::uuid)`.execute(tx);
  return { rows, complete: (rows[0]?.looked_at ?? 0) < mostConversions };
}
