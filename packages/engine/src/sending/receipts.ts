import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
import type { Scope, Work } from '../db/work.ts';
import type { FailureClass, Money, ReceiptStatus } from '../providers/provider.ts';
import type { Ids } from '../runtime/ids.ts';
import { EarlyOptOutError } from './early-opt-outs.ts';
import { bookCosts } from './real-costs.ts';
import { acceptMessages, announce } from './settle.ts';

export type IncomingReceipt = {
  readonly accountId: string;
  /** From the callback URL; null where the provider sent the receipt elsewhere. */
  readonly attemptId: string | null;
  readonly providerId: string;
  readonly status: ReceiptStatus;
  readonly errorCode: string | null;
  /** What the code means; null where nothing failed, or nobody knows. */
  readonly failure: FailureClass | null;
  /** What it says that the message cost, or the part that it is about. */
  readonly cost: Money | null;
};

/**
 * The lattice of what receipts say: a message only ever moves up, so order and repeats do not matter. `delivered` tops a failure
 * reported by one segment.
 */
export const receiptRank: Readonly<Record<ReceiptStatus, number>> = {
  accepted: 1,
  sent: 2,
  canceled: 3,
  failed: 4,
  undelivered: 5,
  delivered: 6,
};

/** The receipt that decides among several of one message. */
export function strongestReceipt<R extends { readonly status: ReceiptStatus }>(receipts: readonly R[]): R | null {
  return receipts.reduce<R | null>(
    (best, receipt) => (best === null || receiptRank[receipt.status] > receiptRank[best.status] ? receipt : best),
    null,
  );
}

/**
 * Stores receipts (append-only) and raises the messages' states. A receipt for an attempt that is still dispatching or unknown
 * proves acceptance and settles it. One that matches nothing is kept, and joined when the provider's id of its message becomes known.
 *
 * @throws EarlyOptOutError as `joinEarlyReceipts` does; what these receipts tell themselves was heard before.
 */
export async function applyReceipts(
  deps: { readonly ids: Ids },
  work: Work,
  receipts: readonly IncomingReceipt[],
  heard: ReadonlySet<string>,
): Promise<{ readonly settled: number }> {
  const { tx, workspaceId, now } = work;
  // By the attempt's id where the callback URL carried it; else by the provider's. Two joins: an OR of both finds no index.
  const joined = await sql<{ i: number; attempt_id: string; message_id: string; state: string }>`
    WITH x AS MATERIALIZED (
      SELECT * FROM unnest(
        ${scalarArray(receipts.map((_, index) => index))}::int[], ${uuidArray(receipts.map((receipt) => receipt.attemptId))}::uuid[],
        ${uuidArray(receipts.map((receipt) => receipt.accountId))}::uuid[], ${textArray(receipts.map((receipt) => receipt.providerId))}::text[]
      ) AS u(i, attempt_id, account_id, provider_id)
    )
    SELECT x.i, a.id AS attempt_id, a.message_id, a.state FROM x
    JOIN message_attempts a ON a.workspace_id = ${workspaceId} AND a.id = x.attempt_id AND a.account_id = x.account_id
    UNION ALL
    SELECT x.i, a.id, a.message_id, a.state FROM x
    JOIN message_attempts a ON a.workspace_id = ${workspaceId} AND a.account_id = x.account_id AND a.provider_id = x.provider_id
    WHERE x.attempt_id IS NULL`.execute(tx);
  const attemptOf = new Map(joined.rows.map((row) => [row.i, row]));
  const stored = receipts.map((receipt, index) => ({ ...receipt, attempt: attemptOf.get(index) ?? null }));
  await sql`
    INSERT INTO message_receipts (workspace_id, id, account_id, attempt_id, message_id, provider_id, status, error_code, failure, cost, cost_currency, received_at)
    SELECT ${workspaceId}::uuid, x.*, ${now} FROM unnest(
      ${uuidArray(stored.map(() => deps.ids.uuid()))}::uuid[], ${uuidArray(stored.map((row) => row.accountId))}::uuid[],
      ${uuidArray(stored.map((row) => row.attempt?.attempt_id ?? row.attemptId))}::uuid[], ${uuidArray(stored.map((row) => row.attempt?.message_id ?? null))}::uuid[], ${textArray(stored.map((row) => row.providerId))}::text[],
      ${textArray(stored.map((row) => row.status))}::text[], ${textArray(stored.map((row) => row.errorCode))}::text[], ${textArray(stored.map((row) => row.failure))}::text[],
      ${scalarArray(stored.map((row) => (row.cost === null ? null : Number(row.cost.microUnits))))}::bigint[], ${textArray(stored.map((row) => row.cost?.currency ?? null))}::text[]
    ) AS x`.execute(tx);
  await bookCosts(
    work,
    stored.flatMap(({ attempt, cost }) => (attempt === null || cost === null ? [] : [attempt.attempt_id])),
  );

  const open = stored.filter((row) => row.attempt?.state === 'dispatching' || row.attempt?.state === 'unknown');
  const settled = open.length === 0 ? 0 : await settleByReceipt(work, open);
  const raised = await raiseStates(work, stored);
  await announce(work, raised);
  await joinEarlyReceipts(
    work,
    open.flatMap((row) =>
      row.attempt === null ? [] : [{ ...row, messageId: row.attempt.message_id, attemptId: row.attempt.attempt_id }],
    ),
    heard,
  );
  return { settled };
}

/** The numbers that receipts are about; of those whose message cannot be found yet, none. */
export async function numbersOf(work: Scope, receipts: readonly IncomingReceipt[]): Promise<string[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ number: string }>`
    WITH x AS MATERIALIZED (
      SELECT * FROM unnest(
        ${uuidArray(receipts.map((receipt) => receipt.attemptId))}::uuid[], ${uuidArray(receipts.map((receipt) => receipt.accountId))}::uuid[],
        ${textArray(receipts.map((receipt) => receipt.providerId))}::text[]
      ) AS u(attempt_id, account_id, provider_id)
    ), about AS (
      SELECT a.message_id FROM x JOIN message_attempts a ON a.workspace_id = ${workspaceId} AND a.id = x.attempt_id AND a.account_id = x.account_id
      UNION
      SELECT a.message_id FROM x
      JOIN message_attempts a ON a.workspace_id = ${workspaceId} AND a.account_id = x.account_id AND a.provider_id = x.provider_id
      WHERE x.attempt_id IS NULL
    )
    SELECT DISTINCT m.number FROM about JOIN messages m ON m.workspace_id = ${workspaceId} AND m.id = about.message_id ORDER BY m.number`.execute(
    tx,
  );
  return rows.rows.map((row) => row.number);
}

type Stored = IncomingReceipt & {
  readonly attempt: { readonly attempt_id: string; readonly message_id: string } | null;
};

async function settleByReceipt(work: Work, open: readonly Stored[]): Promise<number> {
  const { tx, workspaceId, now } = work;
  const byAttempt = new Map(
    open.flatMap((row) => (row.attempt === null ? [] : [[row.attempt.attempt_id, row] as const])),
  );
  const rows = [...byAttempt.values()];
  await sql`
    UPDATE message_attempts a SET state = 'accepted', provider_id = x.provider_id, settled_at = ${now}
    FROM unnest(${[...byAttempt.keys()]}::uuid[], ${rows.map((row) => row.providerId)}::text[]) AS x(id, provider_id)
    WHERE a.workspace_id = ${workspaceId} AND a.id = x.id AND a.state IN ('dispatching', 'unknown')`.execute(tx);
  return acceptMessages(work, [
    ...new Set(rows.flatMap((row) => (row.attempt === null ? [] : [row.attempt.message_id]))),
  ]);
}

/** Why a message did not arrive, as it is stored; null where the receipt tells of nothing that went wrong. */
function carrierReason({ errorCode, failure }: Pick<IncomingReceipt, 'errorCode' | 'failure'>): string | null {
  if (errorCode === null && failure === null) return null;
  const code = failure === null ? 'carrier_error' : (`carrier_${failure}` as const);
  return JSON.stringify({ code, values: { provider_code: errorCode ?? failure } } satisfies Reason);
}

/** Raises each message to its strongest receipt; returns those that changed. */
async function raiseStates(work: Work, stored: readonly Stored[]): Promise<string[]> {
  const { tx, workspaceId, now } = work;
  const known = stored.filter((row) => row.attempt !== null);
  if (known.length === 0) return [];
  const strongest = [...Map.groupBy(known, (row) => row.attempt?.message_id ?? '').entries()].flatMap(
    ([messageId, rows]) => {
      const best = strongestReceipt(rows);
      return best === null ? [] : [{ messageId, status: best.status, reason: carrierReason(best) }];
    },
  );
  const rows = await sql<{ id: string }>`
    UPDATE messages m SET
      state = CASE WHEN x.status IN ('delivered', 'undelivered', 'failed', 'canceled') THEN x.status ELSE 'accepted' END,
      delivered_at = CASE WHEN x.status = 'delivered' THEN ${now} ELSE m.delivered_at END,
      accepted_at = coalesce(m.accepted_at, ${now}),
      reason = CASE WHEN x.status = 'delivered' THEN NULL
        WHEN x.reason IS NOT NULL THEN x.reason::jsonb
        WHEN m.reason->>'code' = 'outcome_unknown' THEN NULL ELSE m.reason END
    FROM unnest(
      ${uuidArray(strongest.map((row) => row.messageId))}::uuid[], ${textArray(strongest.map((row) => row.status))}::text[],
      ${scalarArray(strongest.map((row) => receiptRank[row.status]))}::int[], ${textArray(strongest.map((row) => row.reason))}::text[]
    ) AS x(id, status, rank, reason)
    WHERE m.workspace_id = ${workspaceId} AND m.id = x.id AND x.rank > CASE m.state
      WHEN 'queued' THEN 0 WHEN 'unknown' THEN 0 WHEN 'accepted' THEN 2 WHEN 'canceled' THEN 3 WHEN 'failed' THEN 4 WHEN 'undelivered' THEN 5 ELSE 6 END
    RETURNING m.id`.execute(tx);
  return rows.rows.map((row) => row.id);
}

/** A message whose provider's id has become known. */
export type Identified = {
  readonly accountId: string;
  readonly attemptId: string;
  readonly providerId: string;
  readonly messageId: string;
};

/**
 * Joins receipts that came before the attempt could be found: called wherever provider ids become known.
 *
 * @throws EarlyOptOutError where one tells that a person has opted out whose number is not among those `heard` already.
 */
export async function joinEarlyReceipts(
  work: Work,
  identified: readonly Identified[],
  heard: ReadonlySet<string>,
): Promise<void> {
  const { tx, workspaceId } = work;
  if (identified.length === 0) return;
  const early = await sql<{
    provider_id: string;
    message_id: string;
    status: ReceiptStatus;
    error_code: string | null;
    failure: FailureClass | null;
    cost: string | null;
  }>`
    UPDATE message_receipts r SET message_id = x.message_id FROM unnest(
      ${identified.map((row) => row.accountId)}::uuid[], ${identified.map((row) => row.providerId)}::text[], ${identified.map((row) => row.messageId)}::uuid[]
    ) AS x(account_id, provider_id, message_id)
    WHERE r.workspace_id = ${workspaceId} AND r.message_id IS NULL AND r.account_id = x.account_id AND r.provider_id = x.provider_id
    RETURNING r.provider_id, r.message_id, r.status, r.error_code, CASE WHEN r.opted_out THEN 'opted_out' ELSE r.failure END AS failure, r.cost`.execute(
    tx,
  );
  const stored = early.rows.map((row) => ({
    accountId: '',
    attemptId: null,
    providerId: row.provider_id,
    status: row.status,
    errorCode: row.error_code,
    failure: row.failure,
    cost: null,
    attempt: { attempt_id: '', message_id: row.message_id },
  }));
  const priced = new Set(
    early.rows.flatMap((row) => (row.cost === null ? [] : [`${row.message_id} ${row.provider_id}`])),
  );
  await bookCosts(
    work,
    identified.flatMap((row) => (priced.has(`${row.messageId} ${row.providerId}`) ? [row.attemptId] : [])),
  );
  await announce(work, await raiseStates(work, stored));
  const optedOut = early.rows.flatMap((row) => (row.failure === 'opted_out' ? [row.message_id] : []));
  if (optedOut.length === 0) return;
  const numbers = await sql<{ number: string }>`
    SELECT DISTINCT number FROM messages WHERE workspace_id = ${workspaceId} AND id = ANY(${optedOut}::uuid[]) ORDER BY number`.execute(
    tx,
  );
  const unheard = numbers.rows.flatMap((row) => (heard.has(row.number) ? [] : [row.number]));
  if (unheard.length > 0) throw new EarlyOptOutError(unheard);
}
