import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { textArray, uuidArray } from '../db/array-literals.ts';
import { queueState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { providerCredentialsRefused } from '../notices/provider-credentials-refused.ts';
import { senderRefused } from '../notices/sender-refused.ts';
import { anyOpen } from '../notices/store.ts';
import type { SendOutcome } from '../providers/provider.ts';
import type { AttemptResult } from './attempt-result.ts';
import { settleSpends } from './settle-spends.ts';
import type { Doubted } from './tell-of-refusals.ts';

/** Messages that provably are not and will not be sent: their enrollments leave by `not_sent`. */
export async function refuseMessages(
  work: Work,
  refused: ReadonlyArray<{
    readonly messageId: string;
    readonly state: 'refused' | 'expired' | 'canceled' | 'failed';
    readonly reason: Reason;
  }>,
): Promise<void> {
  const { tx, workspaceId, now } = work;
  if (refused.length === 0) return;
  await sql`
    WITH x AS (
      SELECT id, state, reason::jsonb AS reason FROM unnest(
        ${refused.map((row) => row.messageId)}::uuid[], ${refused.map((row) => row.state)}::text[], ${refused.map((row) => JSON.stringify(row.reason))}::text[]
      ) AS u(id, state, reason)
    ), dequeued AS (
      DELETE FROM message_queue q USING x WHERE q.workspace_id = ${workspaceId} AND q.message_id = x.id RETURNING q.message_id
    ), settled AS (
      UPDATE messages m SET state = x.state, reason = x.reason FROM x JOIN dequeued ON dequeued.message_id = x.id
      WHERE m.workspace_id = ${workspaceId} AND m.id = x.id RETURNING m.id, m.enrollment_id, x.reason
    )
    INSERT INTO settlements (workspace_id, message_id, enrollment_id, sent, reason, at)
    SELECT ${workspaceId}::uuid, id, enrollment_id, false, reason, ${now} FROM settled WHERE enrollment_id IS NOT NULL
    ON CONFLICT DO NOTHING`.execute(tx);
}

/** Messages that the provider has: their enrollments leave by `sent`. `unresolved` flags those counted as sent by deadline only. */
export async function acceptMessages(work: Work, messageIds: readonly string[], unresolved = false): Promise<number> {
  const { tx, workspaceId, now } = work;
  if (messageIds.length === 0) return 0;
  const reason = unresolved ? JSON.stringify({ code: 'outcome_unknown' }) : null;
  const rows = await sql<{ n: string }>`
    WITH dequeued AS (
      DELETE FROM message_queue WHERE workspace_id = ${workspaceId} AND message_id = ANY(${uuidArray(messageIds)}::uuid[]) RETURNING message_id
    ), settled AS (
      UPDATE messages m SET state = CASE WHEN m.state = 'queued' THEN ${unresolved ? 'unknown' : 'accepted'} ELSE m.state END,
        reason = coalesce(${reason}::jsonb, CASE WHEN m.reason ? 'until' THEN NULL ELSE m.reason END), accepted_at = CASE WHEN ${unresolved} THEN m.accepted_at ELSE coalesce(m.accepted_at, ${now}) END
      FROM dequeued WHERE m.workspace_id = ${workspaceId} AND m.id = dequeued.message_id
      RETURNING m.id, m.enrollment_id
    ), outcomes AS (
      INSERT INTO settlements (workspace_id, message_id, enrollment_id, sent, reason, at)
      SELECT ${workspaceId}::uuid, id, enrollment_id, true, ${reason}::jsonb, ${now} FROM settled WHERE enrollment_id IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT count(*) AS n FROM outcomes`.execute(tx);
  return Number(rows.rows[0]?.n ?? 0);
}

/**
 * Stores what POSTs came to. Fenced: where the epoch is over, an acceptance is kept as a receipt and changes no state itself
 * (protocol 25). An attempt of this epoch that was taken for dead meanwhile still gets its result. Results of attempts that a receipt settled before are recorded and change nothing more.
 *
 * @returns how many messages settled, and which notices about refused accounts and senders the workspace has open.
 */
export async function settleAttempts(
  work: Work,
  fence: { readonly shard: number; readonly epoch: number },
  results: readonly AttemptResult[],
): Promise<{ readonly settled: number; readonly fenced: boolean; readonly doubted: Doubted }> {
  const { tx, workspaceId, now } = work;
  const owned = await sql`
    SELECT 1 FROM dispatch_shards WHERE shard = ${fence.shard} AND epoch = ${fence.epoch} FOR SHARE`.execute(tx);
  if (owned.rows.length === 0) return { settled: 0, fenced: true, doubted: { accounts: false, senders: false } };
  const live = await sql<{ id: string; estimate: string | null; accounts: boolean; senders: boolean }>`
    UPDATE message_attempts a SET state = x.state, provider_id = coalesce(x.provider_id, a.provider_id), error_class = x.error_class, error_code = x.error_code,
      settled_at = CASE WHEN x.state = 'unknown' THEN NULL ELSE ${now}::timestamptz END
    FROM unnest(
      ${uuidArray(results.map((row) => row.attemptId))}::uuid[], ${textArray(results.map((row) => attemptState(row.outcome)))}::text[],
      ${textArray(results.map((row) => (row.outcome.kind === 'accepted' ? row.outcome.providerId : null)))}::text[],
      ${textArray(results.map((row) => (row.outcome.kind === 'refused' ? row.outcome.errorClass : null)))}::text[],
      ${textArray(results.map((row) => (row.outcome.kind === 'accepted' ? null : row.outcome.code)))}::text[]
    ) AS x(id, state, provider_id, error_class, error_code)
    WHERE a.workspace_id = ${workspaceId} AND a.id = x.id AND a.state IN ('dispatching', 'unknown') AND a.epoch = ${fence.epoch}
    RETURNING a.id, a.estimate, ${anyOpen(work, providerCredentialsRefused)} AS accounts, ${anyOpen(work, senderRefused)} AS senders`.execute(
    tx,
  );
  const estimates = new Map(live.rows.map((row) => [row.id, row.estimate === null ? null : Number(row.estimate)]));
  const mine = results.filter((row) => estimates.has(row.attemptId));
  const accepted = mine.filter((row) => row.outcome.kind === 'accepted');
  const refused = mine.filter((row) => row.outcome.kind === 'refused' && row.retry === null);
  const again = mine.filter((row) => row.outcome.kind === 'refused' && row.retry !== null);
  const ambiguous = mine.filter((row) => row.outcome.kind === 'ambiguous');
  await acceptMessages(
    work,
    accepted.map((row) => row.messageId),
  );
  await refuseMessages(
    work,
    refused.map((row) => ({ messageId: row.messageId, state: 'failed', reason: refusalReason(row.outcome) })),
  );
  await requeue(work, again, ambiguous);
  await settleSpends(work, results, estimates);
  await announce(
    work,
    mine.map((row) => row.messageId),
  );
  const [row] = live.rows;
  const doubted = { accounts: row?.accounts ?? false, senders: row?.senders ?? false };
  return { settled: accepted.length + refused.length, fenced: false, doubted };
}

/** Tells the conversations of the messages' contacts that something changed. */
export async function announce(work: Work, messageIds: readonly string[]): Promise<void> {
  const { tx, workspaceId, now } = work;
  if (messageIds.length === 0) return;
  if (messageIds.length > 50) {
    await sql`INSERT INTO feed (workspace_id, everything, at) VALUES (${workspaceId}, true, ${now})`.execute(tx);
    return;
  }
  await sql`
    INSERT INTO feed (workspace_id, contact_ids, at)
    SELECT ${workspaceId}, coalesce(array_agg(DISTINCT contact_id), '{}'), ${now} FROM messages
    WHERE workspace_id = ${workspaceId} AND id = ANY(${[...messageIds]}::uuid[])`.execute(tx);
}

function attemptState(outcome: SendOutcome): string {
  return outcome.kind === 'ambiguous' ? 'unknown' : outcome.kind;
}

function refusalReason(outcome: SendOutcome): Reason {
  if (outcome.kind !== 'refused') return { code: 'provider_refused' };
  return { code: `provider_${outcome.errorClass}`, values: { provider_code: outcome.code } };
}

async function requeue(
  work: Work,
  again: readonly AttemptResult[],
  ambiguous: readonly AttemptResult[],
): Promise<void> {
  const { tx, workspaceId, now } = work;
  const rows = [
    ...again.map((row) => ({
      id: row.messageId,
      state: queueState.ready,
      notBefore: row.retry?.notBefore ?? now,
      leaseUntil: null,
    })),
    ...ambiguous.map((row) => ({
      id: row.messageId,
      state: queueState.unknown,
      notBefore: now,
      leaseUntil: row.lookupAt,
    })),
  ];
  if (rows.length === 0) return;
  await sql`
    UPDATE message_queue q SET state = x.state, not_before = x.not_before, lease_until = x.lease_until
    FROM unnest(
      ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.state)}::smallint[],
      ${rows.map((row) => row.notBefore)}::timestamptz[], ${rows.map((row) => row.leaseUntil)}::timestamptz[]
    ) AS x(id, state, not_before, lease_until)
    WHERE q.workspace_id = ${workspaceId} AND q.message_id = x.id`.execute(tx);
}
