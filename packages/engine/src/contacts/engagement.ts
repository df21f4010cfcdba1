import { sql } from 'kysely';
import type { Work } from '../db/work.ts';

/**
 * Engagement: for each contact the sum over their events of weight(type) × 0.5^(age / half-life), ages in days up to `now`.
 * Events are those stored (`message.received`, API events) and, from the messages themselves, `message.delivered`.
 * One statement, however many contacts; the queries of one step share weights and half-life.
 */
export async function decayedSums(
  work: Work,
  keys: ReadonlyArray<{
    readonly contactId: string;
    readonly weights: Readonly<Record<string, number>>;
    readonly halfLifeDays: number;
  }>,
): Promise<number[]> {
  const { tx, workspaceId, now } = work;
  const first = keys[0];
  if (first === undefined) return [];
  const types = Object.keys(first.weights);
  const weights = types.map((type) => first.weights[type] ?? 0);
  const rows = await sql<{ contact_id: string; score: number }>`
    WITH weight AS (SELECT * FROM unnest(${types}::text[], ${weights}::float8[]) AS w(type, weight)),
    happened AS (
      SELECT contact_id, type, occurred_at AS at FROM events
      WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${keys.map((key) => key.contactId)}::uuid[]) AND occurred_at <= ${now}
      UNION ALL
      SELECT contact_id, 'message.delivered', delivered_at FROM messages
      WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${keys.map((key) => key.contactId)}::uuid[]) AND delivered_at <= ${now}
    )
    SELECT contact_id, sum(weight * power(0.5, extract(epoch FROM (${now}::timestamptz - at)) / 86400 / ${first.halfLifeDays}::float8))::float8 AS score
    FROM happened JOIN weight USING (type) GROUP BY contact_id`.execute(tx);
  const scores = new Map(rows.rows.map((row) => [row.contact_id, row.score]));
  return keys.map((key) => scores.get(key.contactId) ?? 0);
}
