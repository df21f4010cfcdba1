import { cleanText } from '@signalbox/nodes/text/clean-text';
import { sql } from 'kysely';
import { queueState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import type { ListedMessage } from '../providers/provider.ts';
import { sendAgain } from './decide-unknown.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import { joinEarlyReceipts } from './receipts.ts';
import { referenceFor } from './references.ts';
import { acceptMessages, announce } from './settle.ts';

/** An attempt whose outcome nobody knows. */
export type UnknownAttempt = {
  readonly attemptId: string;
  readonly messageId: string;
  readonly accountId: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly hasMedia: boolean;
  readonly startedAt: Date;
};

/** Dispatching messages whose lease, HTTP timeout and margin are over: nobody can POST them any more, so their outcome is unknown (protocol 25). */
export async function markDeadLeases(work: Work, deadBefore: Date): Promise<number> {
  const { tx, workspaceId, now } = work;
  const rows = await sql<{ attempt_id: string }>`
    WITH dead AS (
      UPDATE message_queue SET state = ${sql.lit(queueState.unknown)}, not_before = ${now}, lease_until = ${now}
      WHERE workspace_id = ${workspaceId} AND state = ${sql.lit(queueState.dispatching)} AND lease_until <= ${deadBefore} RETURNING attempt_id
    )
    UPDATE message_attempts a SET state = 'unknown' FROM dead WHERE a.workspace_id = ${workspaceId} AND a.id = dead.attempt_id AND a.state = 'dispatching'
    RETURNING a.id AS attempt_id`.execute(tx);
  return rows.rows.length;
}

/** Unknown attempts whose next lookup is due; pushes that moment ahead, so that two processes do not ask for the same one. */
export async function takeUnknown(work: Work, nextLookup: Date, limit = 50): Promise<UnknownAttempt[]> {
  const { tx, workspaceId, now } = work;
  const rows = await sql<{
    id: string;
    message_id: string;
    account_id: string;
    sender: string;
    number: string;
    body: string | null;
    has_media: boolean;
    started_at: Date;
  }>`
    WITH due AS (
      SELECT message_id FROM message_queue WHERE workspace_id = ${workspaceId} AND state = ${sql.lit(queueState.unknown)} AND lease_until <= ${now}
      ORDER BY lease_until LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), pushed AS (
      UPDATE message_queue q SET lease_until = ${nextLookup} FROM due WHERE q.workspace_id = ${workspaceId} AND q.message_id = due.message_id RETURNING q.attempt_id
    )
    SELECT a.id, a.message_id, a.account_id, m.sender, m.number, m.body, m.media IS NOT NULL AS has_media, a.started_at FROM pushed
    JOIN message_attempts a ON a.workspace_id = ${workspaceId} AND a.id = pushed.attempt_id
    JOIN messages m ON m.workspace_id = ${workspaceId} AND m.id = a.message_id`.execute(tx);
  return rows.rows.map((row) => ({
    attemptId: row.id,
    messageId: row.message_id,
    accountId: row.account_id,
    from: row.sender,
    to: row.number,
    body: row.body ?? '',
    hasMedia: row.has_media,
    startedAt: row.started_at,
  }));
}

/** What the provider's own list shows of an attempt; null where it cannot be asked, or cannot tell. */
export async function lookUp(
  deps: Pick<DispatchDeps, 'accounts' | 'settings'>,
  workspaceId: string,
  attempt: UnknownAttempt,
): Promise<readonly ListedMessage[] | null> {
  const { connection, provider } = await deps.accounts.get(workspaceId, attempt.accountId);
  const { from, to, body, hasMedia, startedAt: since } = attempt;
  const reference = referenceFor(attempt.attemptId, provider.limits.reference);
  try {
    const answer = await connection.lookup?.(
      { from, to, body, hasMedia, reference, since },
      deps.settings.httpTimeoutMs,
    );
    if (answer === undefined || answer === 'cannot_tell') return null;
    // A list that grew while it was read, page by page, names a message twice.
    const named = answer.map((listed) => ({ ...listed, providerId: cleanText(listed.providerId) }));
    return [...new Map(named.map((listed) => [listed.providerId, listed])).values()];
  } catch {
    return null;
  }
}

/**
 * Resolves an attempt by what the provider's list shows: a unique match that is not another attempt's is ours and was accepted;
 * none proves nothing, so it stays until `deadline`, when it closes as `gave_up` and its person goes on, flagged, or is sent once more where the
 * workspace has transactional messages sent again; two or more
 * candidates are left to a person, with the same deadline for the person in the flow. Receipts of what was found that came before are
 * joined.
 *
 * @throws EarlyOptOutError as `joinEarlyReceipts` does.
 */
export async function resolveUnknown(
  work: Work,
  attempt: UnknownAttempt,
  listed: readonly ListedMessage[],
  deadline: Date,
  heard: ReadonlySet<string>,
): Promise<'accepted' | 'gave_up' | 'resent' | 'waiting'> {
  const { tx, workspaceId, now } = work;
  const taken = await sql<{ provider_id: string }>`
    SELECT provider_id FROM message_attempts WHERE workspace_id = ${workspaceId} AND account_id = ${attempt.accountId}
      AND provider_id = ANY(${listed.map((entry) => entry.providerId)}::text[])`.execute(tx);
  const ours = new Set(taken.rows.map((row) => row.provider_id));
  const candidates = listed.filter((entry) => !ours.has(entry.providerId));
  const only = candidates.length === 1 ? candidates[0] : undefined;
  if (only === undefined && now < deadline) return 'waiting';
  const state = only === undefined ? 'gave_up' : 'accepted';
  const code = only !== undefined ? null : candidates.length > 1 ? 'several_candidates' : 'not_found';
  const changed = await sql`
    UPDATE message_attempts SET state = ${state}, provider_id = coalesce(${only?.providerId ?? null}, provider_id), error_code = coalesce(${code}, error_code), settled_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${attempt.attemptId} AND state = 'unknown' RETURNING 1`.execute(tx);
  if (changed.rows.length === 0) return 'waiting';
  if (candidates.length === 0 && (await mayResend(work, attempt.messageId))) {
    await sendAgain(work, attempt.messageId, true);
    await announce(work, [attempt.messageId]);
    return 'resent';
  }
  await acceptMessages(work, [attempt.messageId], only === undefined);
  await announce(work, [attempt.messageId]);
  if (only !== undefined) await joinEarlyReceipts(work, [{ ...attempt, providerId: only.providerId }], heard);
  return state;
}

/** Marketing is never sent again, a one-time password is of no use by then, and nothing is sent a third time. */
async function mayResend({ tx, workspaceId }: Work, messageId: string): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM messages m JOIN workspaces w ON w.workspace_id = m.workspace_id
    WHERE m.workspace_id = ${workspaceId} AND m.id = ${messageId} AND m.purpose = 'transactional' AND NOT m.possible_duplicate AND w.resend_unknown`.execute(
    tx,
  );
  return rows.rows.length > 0;
}
