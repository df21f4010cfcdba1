import { type RawBuilder, sql } from 'kysely';
import { digitsSought } from '../contacts/digits-sought.ts';
import { containing } from '../db/like.ts';
import { queueState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { lowestIdAt } from '../runtime/ids.ts';
import { type MessageRow, messageColumns, messageJoins } from './conversations.ts';

export type MessageSearch = {
  /** Words of the text, as they stand in it. */
  readonly words: string;
  /** Digits of the person's number, however they were written. */
  readonly number: string;
  /** As the API shows it: of a message in the queue the queue says it. */
  readonly state: string | undefined;
  readonly direction: 'in' | 'out' | undefined;
  readonly accountId: string | undefined;
  readonly flowId: string | undefined;
  /** A provider's code, of a request that it refused or in a receipt. */
  readonly code: string;
  readonly since: Date | undefined;
  /** Exclusive. */
  readonly until: Date | undefined;
  readonly limit: number;
  /** The last message of the page before. */
  readonly before: string | null;
};

/** A search looks at this many messages, from the newest back. */
const mostSearched = 200_000;
/** Ids carry the time at which they were made, which is the message's own within this. */
const slackMs = 60_000;

/** Messages that fit, newest first. Ids are in order of time, so a time bounds what is walked. */
export async function searchMessages(work: Scope, query: MessageSearch): Promise<MessageRow[]> {
  const { tx, workspaceId } = work;
  const { before, since, until, limit } = query;
  const walked = all([
    sql`workspace_id = ${workspaceId}`,
    before === null ? null : sql`id < ${before}::uuid`,
    since === undefined ? null : sql`id >= ${lowestIdAt(since.getTime() - slackMs)}::uuid AND created_at >= ${since}`,
    until === undefined ? null : sql`id < ${lowestIdAt(until.getTime() + slackMs)}::uuid AND created_at < ${until}`,
  ]);
  const rows = await sql<MessageRow>`
    SELECT ${messageColumns} FROM (
      SELECT * FROM messages WHERE ${walked} ORDER BY id DESC LIMIT ${mostSearched}
    ) m ${messageJoins}
    WHERE ${fits(query)} AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = m.workspace_id AND c.id = m.contact_id AND c.deleted_at IS NOT NULL)
    ORDER BY m.id DESC LIMIT ${limit}`.execute(tx);
  return rows.rows;
}

function fits({ words, number, state, direction, accountId, flowId, code }: MessageSearch): RawBuilder<unknown> {
  const digits = number.replace(/\D/g, '');
  return all([
    sql`true`,
    words.trim() === '' ? null : sql`m.body ILIKE ${containing(words.trim())}`,
    number.trim() === ''
      ? null
      : digits === ''
        ? sql`false`
        : sql`m.number LIKE ANY(${digitsSought(digits).map(containing)}::text[])`,
    state === undefined ? null : inState(state),
    direction === undefined ? null : sql`m.direction = ${direction}`,
    accountId === undefined ? null : sql`m.account_id = ${accountId}`,
    flowId === undefined ? null : sql`coalesce(m.flow_id, h.flow_id) = ${flowId}`,
    code.trim() === '' ? null : withCode(code.trim()),
  ]);
}

function inState(state: string): RawBuilder<unknown> {
  if (state === 'dispatching') return sql`q.state = ${sql.lit(queueState.dispatching)}`;
  if (state === 'unknown') return sql`(m.state = 'unknown' OR q.state = ${sql.lit(queueState.unknown)})`;
  return sql`m.state = ${state} AND q.state IS DISTINCT FROM ${sql.lit(queueState.dispatching)} AND q.state IS DISTINCT FROM ${sql.lit(queueState.unknown)}`;
}

function withCode(code: string): RawBuilder<unknown> {
  return sql`(
      EXISTS (SELECT 1 FROM message_attempts a WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id AND a.error_code = ${code})
      OR EXISTS (SELECT 1 FROM message_receipts r WHERE r.workspace_id = m.workspace_id AND r.message_id = m.id AND r.error_code = ${code}))`;
}

function all(conditions: ReadonlyArray<RawBuilder<unknown> | null>): RawBuilder<unknown> {
  return sql.join(
    conditions.filter((condition) => condition !== null),
    sql` AND `,
  );
}
