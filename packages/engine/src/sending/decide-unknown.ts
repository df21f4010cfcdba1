import { sql } from 'kysely';
import { queueState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { laneRank, queueLifeMs } from './queue.ts';
import { acceptMessages, announce, refuseMessages } from './settle.ts';

/** What a person knows, or wants, of a message of which nobody knows whether it was sent. */
export const decisions = ['arrived', 'send_again', 'give_up'] as const;
export type Decision = (typeof decisions)[number];

/**
 * Closes a message with an unknown outcome as a person says. One that is still looked up leaves the queue, or goes back into it; of one
 * that was closed at its deadline the people have gone on already, and only the message changes. Sent again it may come twice, and says so.
 *
 * @returns false where its outcome is not unknown.
 */
export async function decideUnknown(work: Work, messageId: string, decision: Decision): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const messages = await sql<{ state: string; queue_state: number | null }>`
    SELECT m.state, q.state AS queue_state FROM messages m LEFT JOIN message_queue q ON q.workspace_id = m.workspace_id AND q.message_id = m.id
    WHERE m.workspace_id = ${workspaceId} AND m.id = ${messageId} FOR UPDATE OF m`.execute(tx);
  const message = messages.rows[0];
  const looked = message?.queue_state === queueState.unknown;
  if (message === undefined || (!looked && (message.state !== 'unknown' || message.queue_state !== null))) return false;
  await sql`
    UPDATE message_attempts SET state = ${decision === 'arrived' ? 'accepted' : 'gave_up'}, settled_at = ${now}
    WHERE workspace_id = ${workspaceId} AND message_id = ${messageId} AND state IN ('unknown', 'gave_up')`.execute(tx);
  if (decision === 'send_again') await sendAgain(work, messageId, looked);
  else if (looked && decision === 'arrived') await acceptMessages(work, [messageId]);
  else if (looked) await refuseMessages(work, [{ messageId, state: 'failed', reason: { code: 'given_up' } }]);
  else
    await sql`
      UPDATE messages SET state = ${decision === 'arrived' ? 'accepted' : 'failed'}, reason = ${decision === 'arrived' ? null : JSON.stringify({ code: 'given_up' })}::jsonb,
        accepted_at = CASE WHEN ${decision === 'arrived'} THEN coalesce(accepted_at, ${now}) ELSE accepted_at END
      WHERE workspace_id = ${workspaceId} AND id = ${messageId}`.execute(tx);
  await announce(work, [messageId]);
  return true;
}

/**
 * Sends a message of an unknown outcome once more, marked as possibly sent twice.
 *
 * @param looked it is still looked up, in the queue; else it had left that.
 */
export async function sendAgain({ tx, workspaceId, now }: Work, messageId: string, looked: boolean): Promise<void> {
  await sql`
    UPDATE messages SET state = 'queued', reason = NULL, possible_duplicate = true WHERE workspace_id = ${workspaceId} AND id = ${messageId}`.execute(
    tx,
  );
  if (looked)
    await sql`
      UPDATE message_queue SET state = ${sql.lit(queueState.ready)}, not_before = ${now}, expires_at = ${now}::timestamptz + valid_seconds * interval '1 second', lease_until = NULL
      WHERE workspace_id = ${workspaceId} AND message_id = ${messageId}`.execute(tx);
  else
    await sql`
      INSERT INTO message_queue (workspace_id, message_id, account_id, flow_id, not_before, expires_at, lane, number, sender, attempts)
      SELECT workspace_id, id, account_id, flow_id, ${now}, ${now}::timestamptz + ${queueLifeMs} * interval '1 millisecond',
        CASE WHEN purpose = 'marketing' THEN ${laneRank.campaign}::smallint ELSE ${laneRank.transactional}::smallint END, number, sender,
        (SELECT count(*) FROM message_attempts t WHERE t.workspace_id = m.workspace_id AND t.message_id = m.id)
      FROM messages m WHERE workspace_id = ${workspaceId} AND id = ${messageId}`.execute(tx);
}
