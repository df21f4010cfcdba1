import { sql } from 'kysely';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { WorkspaceTx } from '../db/database.ts';
import type { Scope } from '../db/work.ts';
import { gateRefusal } from '../gate/facts.ts';
import type { Ids } from '../runtime/ids.ts';
import { refuseMessages } from './settle.ts';

/** A message whose attempt is written and whose POST may begin. */
export type Claimed = {
  readonly workspaceId: string;
  readonly messageId: string;
  readonly attemptId: string;
  readonly accountId: string;
  readonly sender: string;
  readonly number: string;
  readonly body: string;
  /** Counts the message's attempts from 1. */
  readonly attempt: number;
};

export type ClaimRequest = {
  readonly workspaceId: string;
  readonly accountId: string;
  readonly shard: number;
  readonly epoch: number;
  readonly limit: number;
  readonly leaseMs: number;
  readonly unknownLineMs: number;
  readonly now: Date;
};

type Picked = {
  message_id: string;
  number: string;
  flow_id: string | null;
  compliance: boolean;
  expired: boolean;
  attempts: number;
};

/**
 * Claims ready messages of one account, best lane first: fence, pick, number lock, gate, write-ahead attempt, in one transaction
 * (protocol 20, 22, 23, 25). A message waits while an earlier one of the same number and lane is queued, retrying or
 * dispatching; an unknown one holds the line for `unknownLineMs`. Refusals settle here. Waits for no lock but the fence.
 *
 * @returns null where this dispatcher's epoch is over.
 */
export async function claimMessages(
  deps: { readonly ids: Ids },
  tx: WorkspaceTx,
  request: ClaimRequest,
): Promise<{ readonly claimed: Claimed[]; readonly settled: number } | null> {
  const { workspaceId, now } = request;
  const fence = await sql`
    SELECT 1 FROM dispatch_shards WHERE shard = ${request.shard} AND epoch = ${request.epoch} FOR SHARE`.execute(tx);
  if (fence.rows.length === 0) return null;
  const picked = await pick(tx, request);
  if (picked.length === 0) return { claimed: [], settled: 0 };
  const stopped = await stoppedFlows({ tx, workspaceId }, picked);
  const numbers = await sql<{ number: string; suppressed_reason: string | null }>`
    SELECT number, suppressed_reason FROM numbers
    WHERE workspace_id = ${workspaceId} AND number = ANY(${textArray(picked.map((row) => row.number))}::text[]) FOR SHARE SKIP LOCKED`.execute(
    tx,
  );
  const suppression = new Map(numbers.rows.map((row) => [row.number, row.suppressed_reason]));
  const open = picked.filter((row) => suppression.has(row.number) && stopped.get(row.flow_id ?? '') !== 'paused');
  if (open.length === 0) return { claimed: [], settled: 0 };
  const facts = await sql<{
    id: string;
    sender: string;
    body: string | null;
    purpose: 'marketing' | 'transactional';
    consent: 'granted' | 'revoked' | null;
  }>`
    SELECT m.id, m.sender, m.body, m.purpose, c.state AS consent FROM messages m
    LEFT JOIN consents c ON c.workspace_id = m.workspace_id AND c.contact_id = m.contact_id AND c.purpose = m.purpose
    WHERE m.workspace_id = ${workspaceId} AND m.id = ANY(${uuidArray(open.map((row) => row.message_id))}::uuid[])`.execute(
    tx,
  );
  const factsOf = new Map(facts.rows.map((row) => [row.id, row]));

  const claimed: Claimed[] = [];
  const refused: Array<{ messageId: string; state: 'refused' | 'expired' | 'canceled'; reason: { code: string } }> = [];
  for (const row of open) {
    const fact = factsOf.get(row.message_id);
    if (fact === undefined) continue;
    const suppressedReason = row.compliance ? null : (suppression.get(row.number) ?? null);
    const refusal = row.compliance
      ? null
      : gateRefusal(fact.purpose, { suppressedReason, consent: fact.consent ?? 'none' });
    if (stopped.get(row.flow_id ?? '') === 'stopped')
      refused.push({ messageId: row.message_id, state: 'canceled', reason: { code: 'flow_stopped' } });
    else if (row.expired) refused.push({ messageId: row.message_id, state: 'expired', reason: { code: 'expired' } });
    else if (refusal !== null) refused.push({ messageId: row.message_id, state: 'refused', reason: refusal });
    else if (fact.body === null)
      refused.push({ messageId: row.message_id, state: 'refused', reason: { code: 'erased' } });
    else {
      claimed.push({
        workspaceId,
        messageId: row.message_id,
        attemptId: deps.ids.uuid(),
        accountId: request.accountId,
        sender: fact.sender,
        number: row.number,
        body: fact.body,
        attempt: row.attempts + 1,
      });
    }
  }
  await writeAhead(tx, request, claimed);
  await refuseMessages({ tx, workspaceId, now }, refused);
  return { claimed, settled: refused.length };
}

async function pick(tx: WorkspaceTx, request: ClaimRequest): Promise<Picked[]> {
  const { workspaceId, now } = request;
  const lineOpensAt = new Date(now.getTime() - request.unknownLineMs);
  const rows = await sql<Picked>`
    SELECT q.message_id, q.number, q.flow_id, q.compliance, q.attempts, q.expires_at <= ${now} AS expired
    FROM message_queue q
    WHERE q.account_id = ${request.accountId} AND q.workspace_id = ${workspaceId} AND q.state = 1 AND q.not_before <= ${now}
      AND (q.flow_id IS NULL OR q.flow_id NOT IN (SELECT id FROM flows WHERE workspace_id = ${workspaceId} AND state = 'paused'))
      AND NOT EXISTS (
        SELECT 1 FROM message_queue b
        WHERE b.workspace_id = q.workspace_id AND b.number = q.number AND b.lane = q.lane AND b.seq < q.seq
          AND (b.state <> 3 OR b.not_before > ${lineOpensAt})
          AND (b.state <> 1 OR b.flow_id IS NULL OR b.flow_id = q.flow_id
            OR NOT EXISTS (SELECT 1 FROM flows p WHERE p.workspace_id = b.workspace_id AND p.id = b.flow_id AND p.state = 'paused'))
      )
    ORDER BY q.lane, q.seq LIMIT ${request.limit}
    FOR UPDATE OF q SKIP LOCKED`.execute(tx);
  return rows.rows;
}

/** Reads the flags of the flows behind the picked messages under a share lock: a pause or stop waits for this claim, or wins. */
async function stoppedFlows(work: Scope, picked: readonly Picked[]): Promise<Map<string, string>> {
  const { tx, workspaceId } = work;
  const ids = [...new Set(picked.flatMap((row) => (row.flow_id === null ? [] : [row.flow_id])))].sort();
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: string; state: string }>`
    SELECT id, state FROM flows WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[]) ORDER BY id FOR SHARE`.execute(
    tx,
  );
  return new Map(rows.rows.map((row) => [row.id, row.state]));
}

async function writeAhead(tx: WorkspaceTx, request: ClaimRequest, claimed: readonly Claimed[]): Promise<void> {
  if (claimed.length === 0) return;
  const { workspaceId, now } = request;
  await sql`
    WITH claim AS (
      SELECT * FROM unnest(${uuidArray(claimed.map((row) => row.messageId))}::uuid[], ${uuidArray(claimed.map((row) => row.attemptId))}::uuid[]) AS x(message_id, attempt_id)
    ), written AS (
      INSERT INTO message_attempts (workspace_id, id, message_id, account_id, state, epoch, started_at)
      SELECT ${workspaceId}::uuid, attempt_id, message_id, ${request.accountId}::uuid, 'dispatching', ${request.epoch}, ${now} FROM claim
    )
    UPDATE message_queue q SET state = 2, attempt_id = claim.attempt_id, epoch = ${request.epoch}, attempts = q.attempts + 1,
      lease_until = ${new Date(now.getTime() + request.leaseMs)}
    FROM claim WHERE q.workspace_id = ${workspaceId} AND q.message_id = claim.message_id`.execute(tx);
}
