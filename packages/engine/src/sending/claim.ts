import type { Reason } from '@signalbox/nodes/define/decision';
import type { SentMedia } from '@signalbox/nodes/gate/define-rule';
import { askGate } from '@signalbox/nodes/gate/gate';
import { sql } from 'kysely';
import { scalarArray, textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import { toldLater } from '../db/connection.ts';
import { queueState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import { writeBrandSegments } from '../gate/brand-caps.ts';
import { readFacts, reserve, storedPurpose } from '../gate/facts.ts';
import { sentMediaOf } from '../media/read-media.ts';
import { writeSpends } from '../pricing/spent.ts';
import type { Ids } from '../runtime/ids.ts';
import { isHeld, noFlow } from './holds.ts';
import type { Take } from './plan-turns.ts';
import { laneNames, waitingReason } from './queue.ts';
import { needsShortReference, referenceFor } from './references.ts';
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
  readonly media: readonly SentMedia[];
  readonly segments: number;
  readonly lane: number;
  readonly flowId: string | null;
  /** Of the number; null for one of no country. */
  readonly country: string | null;
  /** What it is reckoned to cost, in millionths of the workspace's currency; null where nobody knows. */
  readonly estimate: number | null;
  /** Counts the message's attempts from 1. */
  readonly attempt: number;
};

export type ClaimRequest = {
  readonly accountId: string;
  readonly shard: number;
  readonly epoch: number;
  /** What to claim of the account's backlogs. */
  readonly takes: readonly Take[];
  readonly leaseMs: number;
  readonly unknownLineMs: number;
  /** Characters that the account's provider has for our reference. */
  readonly referenceRoom: number;
  /** How long after the request its provider is asked what it cost; null where the provider cannot be asked. */
  readonly askCostAfterMs: number | null;
};

type Picked = {
  /** Of the take it belongs to, and within that one, both from 0. */
  take: number;
  place: number;
  message_id: string;
  lane: number;
  number: string;
  flow_id: string | null;
  compliance: boolean;
  expired: boolean;
  /** Whether its number is ours until the claim is over: nobody was changing it. */
  locked: boolean;
  /** Null where it is of no flow. */
  flow_state: string | null;
  attempts: number;
  contact_id: string;
  sender: string;
  body: string | null;
  media: unknown;
  segments: number;
  purpose: string | null;
  created_at: Date;
};

/** What the fence answers where there is nothing to take. */
type Unpicked = { message_id: null };

/** What a claim came to. */
export type ClaimRound = {
  readonly claimed: readonly Claimed[];
  readonly settled: number;
  /** What there was to claim for each take, in order. */
  readonly found: ReadonlyArray<{ readonly messages: number; readonly segments: number }>;
};

/**
 * Claims ready messages of one account, as many of each backlog as its turn says: fence, pick, number lock, gate, write-ahead attempt, in one transaction
 * (protocol 20, 22, 23, 25). A message waits while an earlier one of the same number and lane is queued, retrying or
 * dispatching; an unknown one holds the line for `unknownLineMs`, and one that is held or put off holds only that of its flow. Refusals settle here. Waits for no lock but the fence, and where the workspace limits what it spends, or a brand has a daily cap, for who reserves at the same time.
 *
 * @param deps.ask the gate; a test hands in another.
 * @returns null where this dispatcher's epoch is over.
 */
export async function claimMessages(
  deps: { readonly ids: Ids; readonly ask?: typeof askGate },
  work: Work,
  request: ClaimRequest,
): Promise<ClaimRound | null> {
  const { workspaceId } = work;
  const picked = await pick(work, request);
  if (picked === null) return null;
  const found = request.takes.map((_, take) => {
    const rows = picked.filter((row) => row.take === take);
    return { messages: rows.length, segments: rows.reduce((sum, row) => sum + row.segments, 0) };
  });
  if (picked.length === 0) return { claimed: [], settled: 0, found };
  const open = picked.filter((row) => row.locked && row.flow_state !== 'paused');
  const facts = await readFacts(
    work,
    open.map((row) => ({
      contactId: row.contact_id,
      number: row.number,
      purpose: storedPurpose(row.purpose),
      lane: laneNames.get(row.lane) ?? 'bulk',
      text: row.body ?? '',
      media: sentMediaOf(row.media),
      sender: row.sender,
      queued: { id: row.message_id, at: row.created_at },
      segments: row.segments,
      flowId: row.flow_id,
    })),
    { reserving: true },
  );

  const claimed: Claimed[] = [];
  const capped: Array<{ readonly brand: string | null; readonly segments: number }> = [];
  const refused: Array<{ messageId: string; state: 'refused' | 'expired' | 'canceled'; reason: Reason }> = [];
  const postponed: Postponed[] = [];
  for (const [index, row] of open.entries()) {
    const messageId = row.message_id;
    const fact = facts[index];
    if (fact === undefined) continue;
    const verdict = (deps.ask ?? askGate)(fact, row.compliance ? 'compliance_answer' : null);
    if (row.flow_state === 'stopped') refused.push({ messageId, state: 'canceled', reason: { code: 'flow_stopped' } });
    else if (row.expired) refused.push({ messageId, state: 'expired', reason: { code: 'expired' } });
    else if (verdict.kind === 'refuse') refused.push({ messageId, state: 'refused', reason: verdict.reason });
    else if (row.body === null) refused.push({ messageId, state: 'refused', reason: { code: 'erased' } });
    else if (verdict.kind === 'later') postponed.push({ messageId, until: verdict.until, reason: verdict.reason });
    else {
      claimed.push({
        workspaceId,
        messageId,
        attemptId: deps.ids.uuid(),
        accountId: request.accountId,
        sender: row.sender,
        number: row.number,
        body: row.body,
        media: sentMediaOf(row.media),
        segments: row.segments,
        lane: row.lane,
        flowId: row.flow_id,
        country: fact.place.country,
        estimate: reserve(fact),
        attempt: row.attempts + 1,
      });
      capped.push({ brand: fact.brand?.name ?? null, segments: fact.segments });
    }
  }
  await writeAhead(work, request, claimed);
  await writeSpends(
    work,
    claimed.flatMap(({ accountId, flowId, country, estimate }) =>
      estimate === null ? [] : [{ accountId, flowId, country, messages: 1, microUnits: estimate }],
    ),
    work.now,
  );
  await writeBrandSegments(work, capped, work.now);
  await refuseMessages(work, refused);
  await postpone(work, postponed);
  return { claimed, settled: refused.length, found };
}

type Postponed = { readonly messageId: string; readonly until: Date; readonly reason: Reason };

/**
 * Leaves messages in the queue until the gate may let them through, and says why: a reason with an `until`, which acceptance takes away.
 * The time in which a message must go out counts from then, as it does where the gate put it off when it was queued.
 */
async function postpone({ tx, workspaceId }: Scope, rows: readonly Postponed[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    WITH x AS (
      SELECT id, until, reason::jsonb AS reason FROM unnest(
        ${uuidArray(rows.map((row) => row.messageId))}::uuid[], ${timeArray(rows.map((row) => row.until))}::timestamptz[],
        ${textArray(rows.map((row) => JSON.stringify(waitingReason(row))))}::text[]
      ) AS u(id, until, reason)
    ), waiting AS (
      UPDATE message_queue q SET not_before = x.until, expires_at = greatest(q.expires_at, x.until + q.valid_seconds * interval '1 second') FROM x WHERE q.workspace_id = ${workspaceId} AND q.message_id = x.id
    )
    UPDATE messages m SET reason = x.reason FROM x WHERE m.workspace_id = ${workspaceId} AND m.id = x.id`.execute(tx);
}

/**
 * Takes from each backlog what came due first. Best lane first, and within a lane one of each backlog in turn, by what each was given.
 * The fence is locked by the same statement, before it looks at anything; so are the flows behind what it found, for which a pause or stop waits or
 * wins, and the numbers that nobody is changing: a STOP that was committed before has been written to its row, and the gate asks after this statement.
 *
 * @returns null where this dispatcher's epoch is over.
 */
async function pick({ tx, workspaceId, now }: Work, request: ClaimRequest): Promise<Picked[] | null> {
  const { accountId, takes } = request;
  const lineOpensAt = new Date(now.getTime() - request.unknownLineMs);
  const paused = sql`SELECT id FROM flows WHERE workspace_id = ${workspaceId} AND state = 'paused'`;
  const rows = await sql<Picked | Unpicked>`
    WITH fence AS MATERIALIZED (
      SELECT true AS holds FROM dispatch_shards WHERE shard = ${request.shard} AND epoch = ${request.epoch} FOR SHARE
    ), picked AS (
      SELECT t.take - 1 AS take, q.* FROM unnest(
        ${scalarArray(takes.map(({ backlog }) => backlog.lane))}::smallint[], ${textArray(takes.map(({ backlog }) => backlog.sender))}::text[],
        ${uuidArray(takes.map(({ backlog }) => backlog.flowId ?? noFlow))}::uuid[], ${scalarArray(takes.map(({ places }) => places))}::int[],
        ${textArray(takes.map(({ backlog }) => backlog.first.at))}::timestamptz[], ${textArray(takes.map(({ backlog }) => backlog.first.seq))}::bigint[]
      ) WITH ORDINALITY AS t(lane, sender, flow_key, places, first_at, first_seq, take)
      CROSS JOIN LATERAL (
        SELECT q.message_id, q.number, q.flow_id, q.compliance, q.attempts, q.lane, q.not_before, q.seq, q.expires_at <= ${now} AS expired
        FROM message_queue q
        WHERE q.account_id = ${accountId} AND q.workspace_id = ${workspaceId} AND q.state = ${sql.lit(queueState.ready)}
          AND q.lane = t.lane AND q.sender = t.sender AND q.flow_key = t.flow_key
          AND q.not_before <= ${now} AND (q.not_before, q.seq) >= (t.first_at, t.first_seq) AND NOT ${isHeld('q')}
          AND (
            SELECT true FROM message_queue b
            WHERE b.workspace_id = q.workspace_id AND b.number = q.number AND b.lane = q.lane AND b.seq < q.seq
              AND (b.state <> ${sql.lit(queueState.unknown)} OR b.not_before > ${lineOpensAt})
              AND NOT (b.state = ${sql.lit(queueState.ready)} AND (b.flow_id = q.flow_id) IS NOT TRUE
                AND ((b.attempts = 0 AND b.not_before > ${now}) OR b.flow_id IN (${paused}) OR ${isHeld('b')}))
            LIMIT 1
          ) IS NULL
        ORDER BY q.not_before, q.seq LIMIT t.places
        FOR UPDATE OF q SKIP LOCKED
      ) q
      WHERE (SELECT holds FROM fence) AND t.flow_key NOT IN (${paused})
    ), flow_states AS MATERIALIZED (
      SELECT id, state FROM flows WHERE workspace_id = ${workspaceId} AND id = ANY(ARRAY(SELECT DISTINCT flow_id FROM picked)) ORDER BY id FOR SHARE
    ), locked AS MATERIALIZED (
      SELECT number FROM numbers WHERE workspace_id = ${workspaceId} AND number = ANY(ARRAY(SELECT number FROM picked)) FOR SHARE SKIP LOCKED
    ), found AS (
      SELECT p.take::int, (row_number() OVER (PARTITION BY p.take ORDER BY p.not_before, p.seq) - 1)::int AS place,
        p.message_id, p.number, p.flow_id, p.compliance, p.attempts, p.lane, p.expired, l.number IS NOT NULL AS locked, s.state AS flow_state, m.contact_id, m.sender, m.body, m.media, m.segments, m.purpose, m.created_at
      FROM picked p
      LEFT JOIN flow_states s ON s.id = p.flow_id
      LEFT JOIN locked l ON l.number = p.number
      CROSS JOIN LATERAL (
        SELECT contact_id, sender, body, media, segments, purpose, created_at FROM messages WHERE workspace_id = ${workspaceId} AND id = p.message_id LIMIT 1
      ) m
    )
    SELECT found.* FROM fence LEFT JOIN found ON true`.execute(tx);
  if (rows.rows.length === 0) return null;
  const found = rows.rows.flatMap((row) => (row.message_id === null ? [] : [row]));
  const turn = ({ take, place }: Picked): number => (place + 0.5) / (takes[take]?.places ?? 1);
  return found.sort((a, b) => a.lane - b.lane || turn(a) - turn(b) || a.take - b.take);
}

async function writeAhead(
  { tx, workspaceId, now }: Work,
  request: ClaimRequest,
  claimed: readonly Claimed[],
): Promise<void> {
  if (claimed.length === 0) return;
  const { referenceRoom: room } = request;
  const costDueAt = request.askCostAfterMs === null ? null : new Date(now.getTime() + request.askCostAfterMs);
  const references = needsShortReference(room)
    ? textArray(claimed.map(({ attemptId }) => referenceFor(attemptId, room)))
    : null;
  await sql`${toldLater}
    WITH claim AS (
      SELECT * FROM unnest(${uuidArray(claimed.map((row) => row.messageId))}::uuid[], ${uuidArray(claimed.map((row) => row.attemptId))}::uuid[], ${references}::text[], ${scalarArray(claimed.map((row) => row.estimate))}::bigint[]) AS x(message_id, attempt_id, reference, estimate)
    ), written AS (
      INSERT INTO message_attempts (workspace_id, id, message_id, account_id, state, epoch, started_at, provider_id, estimate, cost_due_at)
      SELECT ${workspaceId}::uuid, attempt_id, message_id, ${request.accountId}::uuid, 'dispatching', ${request.epoch}, ${now}, reference, estimate, ${costDueAt}::timestamptz FROM claim
    )
    UPDATE message_queue q SET state = ${sql.lit(queueState.dispatching)}, attempt_id = claim.attempt_id, epoch = ${request.epoch}, attempts = q.attempts + 1,
      lease_until = ${new Date(now.getTime() + request.leaseMs)}
    FROM claim WHERE q.workspace_id = ${workspaceId} AND q.message_id = claim.message_id`.execute(tx);
}
