import { type RawBuilder, sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { type CancelFilter, filterRow, takes } from './cancel-queued.ts';
import { codesOf } from './holds.ts';

/** Messages that wait for one thing. */
export type WaitingCode = {
  readonly code: string;
  /** A reason as it is stored, to be put in words; null where it is a provider's code. */
  readonly reason: unknown;
  readonly n: number;
};

/** Messages looked at. */
const mostSearched = 200_000;
const mostCodes = 50;

/** What the messages wait for that a cancel of this filter would take, the most common first. */
export async function readWaitingCodes(work: Work, filter: CancelFilter): Promise<WaitingCode[]> {
  const { tx, workspaceId } = work;
  const taken: RawBuilder<unknown> = sql`
    SELECT q.workspace_id, q.message_id, q.attempts FROM message_queue q, h
    WHERE q.workspace_id = ${workspaceId} AND ${takes('h', 'q')} LIMIT ${mostSearched}`;
  const { rows } = await sql<WaitingCode>`
    WITH h AS (${filterRow(work, filter)}), q AS (${taken})
    SELECT c.code, (array_agg(c.reason))[1] AS reason, count(*)::int AS n FROM q CROSS JOIN LATERAL (${codesOf('q')}) c
    WHERE c.code IS NOT NULL GROUP BY c.code ORDER BY 3 DESC, 1 LIMIT ${mostCodes}`.execute(tx);
  return rows;
}
