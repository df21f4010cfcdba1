import { maskNumbers } from '@signalbox/nodes/text/phone-number';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { SecretBox } from '../accounts/secret-box.ts';
import { scalarArray, textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { type OutgoingAnswer, type OutgoingClient, OutgoingError } from '../http/outgoing.ts';
import { raiseNotices } from '../notices/store.ts';
import { webhookDisabled } from '../notices/webhook-disabled.ts';
import { createLine } from '../runtime/line.ts';
import { requireEndpoint } from './changing.ts';
import { disableEndpoint } from './disable.ts';
import { nextTryMs, readRetryAfter } from './retry-schedule.ts';
import { signedHeaders } from './signature.ts';
import type { SpreadDeps } from './spread.ts';
import { openSecrets } from './store.ts';

export type DeliverDeps = SpreadDeps & {
  readonly box: SecretBox;
  readonly log: Logger;
  readonly http: OutgoingClient;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** An answer must be there within this. */
const timeoutMs = 15_000;
/** Requests to one endpoint at once; one where the last of them failed. */
const mostAtOnce = 8;
/** Deliveries taken in one transaction. */
const claimSize = 40;
/** A process that took deliveries and says nothing of them for so long has lost them: longer than all of them can take one after another. */
const leaseMs = 120_000;
/** Characters of an answer that are kept. */
const mostResponse = 1_024;

type Endpoint = { readonly workspaceId: string; readonly endpointId: string };

type Claimed = {
  readonly id: string;
  readonly event_id: string;
  /** Null where the person it was about was erased. */
  readonly body: string | null;
  readonly tries: number;
  readonly requests: number;
};

type Outcome = {
  readonly delivery: Claimed;
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string;
  readonly retryAfterMs: number | null;
};

/**
 * Makes the requests that are due at one endpoint, a batch at a time.
 *
 * @returns how many it made; 0 where nothing is due.
 */
export async function deliverDue(deps: DeliverDeps, endpoint: Endpoint): Promise<number> {
  const claimed = await claim(deps, endpoint);
  if (claimed === null) return 0;
  await deps.failPoints.reach('webhook_claim.after_commit');
  const line = createLine(mostAtOnce);
  const outcomes = await Promise.all(
    claimed.deliveries.map(async (delivery) => {
      const leave = await line.enter();
      try {
        return await post(deps, claimed, delivery);
      } finally {
        leave();
      }
    }),
  );
  await deps.failPoints.reach('webhook_post.after');
  await inWorkspace(deps.db, endpoint.workspaceId, async (tx) => {
    await settle(deps, { tx, workspaceId: endpoint.workspaceId, now: deps.clock.now() }, endpoint.endpointId, outcomes);
    await deps.failPoints.reach('webhook_settle.before_commit');
  });
  await deps.failPoints.reach('webhook_settle.after_commit');
  deps.onChanged(endpoint.workspaceId);
  return outcomes.length;
}

type ClaimedBatch = {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly deliveries: readonly Claimed[];
};

/** Takes what is due at an endpoint for as long as a lease; null where nothing is, or the endpoint is disabled. */
function claim(deps: DeliverDeps, { workspaceId, endpointId }: Endpoint): Promise<ClaimedBatch | null> {
  return inWorkspace(deps.db, workspaceId, async (tx) => {
    const now = deps.clock.now();
    const row = await tx
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', endpointId)
      .where('enabled', '=', true)
      .executeTakeFirst();
    if (row === undefined) return null;
    const taken = await sql<Claimed>`
      WITH due AS (
        SELECT id FROM webhook_deliveries
        WHERE workspace_id = ${workspaceId} AND endpoint_id = ${endpointId} AND state = 'waiting' AND next_at <= ${now}
        ORDER BY next_at LIMIT ${row.failing_since === null ? claimSize : 1} FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE webhook_deliveries d SET next_at = ${new Date(now.getTime() + leaseMs)}, tries = d.tries + 1, requests = d.requests + 1
      FROM due, webhook_events v
      WHERE d.workspace_id = ${workspaceId} AND d.id = due.id AND v.workspace_id = d.workspace_id AND v.id = d.event_id
      RETURNING d.id, d.event_id, v.body, d.tries, d.requests`.execute(tx);
    if (taken.rows.length === 0) return null;
    const { secret, previous } = openSecrets(deps.box, row, now);
    const secrets = previous === null ? [secret] : [secret, previous.secret];
    return { url: row.url, secrets, deliveries: taken.rows };
  });
}

async function post(deps: DeliverDeps, { url, secrets }: ClaimedBatch, delivery: Claimed): Promise<Outcome> {
  const at = deps.clock.now();
  const startedAt = deps.clock.monotonic();
  const outcome = (
    of: Pick<Outcome, 'status' | 'error'> & Partial<Pick<Outcome, 'response' | 'retryAfterMs'>>,
  ): Outcome => ({
    delivery,
    at,
    durationMs: Math.round(deps.clock.monotonic() - startedAt),
    response: '',
    retryAfterMs: null,
    ...of,
  });
  const { body } = delivery;
  if (body === null) return outcome({ status: null, error: 'erased' });
  try {
    const answer = await deps.http.request({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Signalbox',
        ...signedHeaders({ id: shown('event', delivery.event_id), at, body }, secrets),
      },
      body,
      timeoutMs,
    });
    return outcome({
      status: answer.status,
      error: isTaken(answer.status) ? null : 'refused',
      response: beginningOf(answer),
      retryAfterMs: readRetryAfter(answer.header('retry-after'), at),
    });
  } catch (error) {
    if (error instanceof OutgoingError) return outcome({ status: null, error: error.code });
    throw error;
  }
}

const isTaken = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

/** What is kept of an answer: its beginning, without numbers, and without what no column holds. */
function beginningOf({ text }: OutgoingAnswer): string {
  return maskNumbers(text.replaceAll('\u0000', '')).slice(0, mostResponse).toWellFormed();
}

/** Stores what requests came to. What was given up for another reason meanwhile, or asked about anew, stays what it is. */
async function settle(deps: DeliverDeps, work: Work, endpointId: string, outcomes: readonly Outcome[]): Promise<void> {
  const { tx, workspaceId, now } = work;
  await sql`
    INSERT INTO webhook_attempts (workspace_id, delivery_id, request, at, duration_ms, status, error, response)
    SELECT ${workspaceId}::uuid, x.* FROM unnest(
      ${uuidArray(outcomes.map(({ delivery }) => delivery.id))}::uuid[], ${scalarArray(outcomes.map(({ delivery }) => delivery.requests))}::int[],
      ${timeArray(outcomes.map(({ at }) => at))}::timestamptz[], ${scalarArray(outcomes.map(({ durationMs }) => durationMs))}::int[],
      ${scalarArray(outcomes.map(({ status }) => status))}::smallint[], ${textArray(outcomes.map(({ error }) => error))}::text[],
      ${textArray(outcomes.map(({ response }) => response))}::text[]
    ) AS x(delivery_id, request, at, duration_ms, status, error, response)
    WHERE EXISTS (SELECT FROM webhook_deliveries d WHERE d.workspace_id = ${workspaceId} AND d.id = x.delivery_id FOR KEY SHARE)
    ON CONFLICT DO NOTHING`.execute(tx);
  const next = outcomes.map((outcome) => {
    if (isTaken(outcome.status)) return { ...outcome, state: 'delivered', nextAt: null };
    const after =
      outcome.error === 'erased' ? null : nextTryMs(outcome.delivery.tries, deps.random(), outcome.retryAfterMs);
    return after === null
      ? { ...outcome, state: 'failed', nextAt: null }
      : { ...outcome, state: 'waiting', nextAt: new Date(now.getTime() + after) };
  });
  const settled = await sql<{ id: string; state: string; failing_since: Date | null }>`
    UPDATE webhook_deliveries d SET state = x.state, next_at = coalesce(x.next_at, d.next_at),
      settled_at = CASE WHEN x.state = 'waiting' THEN NULL ELSE ${now}::timestamptz END,
      failing_since = CASE WHEN x.state = 'delivered' THEN NULL ELSE coalesce(d.failing_since, ${now}::timestamptz) END
    FROM unnest(
      ${uuidArray(next.map(({ delivery }) => delivery.id))}::uuid[], ${scalarArray(next.map(({ delivery }) => delivery.requests))}::int[],
      ${textArray(next.map(({ state }) => state))}::text[], ${timeArray(next.map(({ nextAt }) => nextAt))}::timestamptz[]
    ) AS x(id, requests, state, next_at)
    WHERE d.workspace_id = ${workspaceId} AND d.id = x.id AND d.requests = x.requests AND (d.state = 'waiting' OR x.state = 'delivered')
    RETURNING d.id, d.state, d.failing_since`.execute(tx);
  await judgeEndpoint(deps, work, endpointId, next, settled.rows);
  await writeTopic(work, { topic: 'webhooks', ids: [shown('webhook', endpointId)] });
}

/** Keeps since when an endpoint has failed, and disables one that is gone or has failed for as long as a delivery is tried. */
async function judgeEndpoint(
  deps: DeliverDeps,
  work: Work,
  endpointId: string,
  outcomes: ReadonlyArray<Pick<Outcome, 'status' | 'error'>>,
  settled: ReadonlyArray<{ readonly state: string; readonly failing_since: Date | null }>,
): Promise<void> {
  const { tx, workspaceId, now } = work;
  if (outcomes.some(({ status }) => status === 410)) {
    await disableByItself(deps, work, endpointId, 'gone');
    return;
  }
  if (outcomes.some(({ status }) => isTaken(status))) {
    await sql`
      UPDATE webhook_endpoints SET failing_since = NULL
      WHERE workspace_id = ${workspaceId} AND id = ${endpointId} AND failing_since IS NOT NULL`.execute(tx);
    return;
  }
  if (outcomes.every(({ error }) => error === 'erased')) return;
  const failing = await sql<{ failing_since: Date }>`
    UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, ${now}::timestamptz)
    WHERE workspace_id = ${workspaceId} AND id = ${endpointId} RETURNING failing_since`.execute(tx);
  const since = failing.rows[0]?.failing_since;
  const givenUp = settled.some(
    (row) => row.state === 'failed' && row.failing_since !== null && since !== undefined && since <= row.failing_since,
  );
  if (givenUp) await disableByItself(deps, work, endpointId, 'failing');
}

/** Disables an endpoint, and lets the workspace know. */
async function disableByItself(
  deps: DeliverDeps,
  work: Work,
  endpointId: string,
  reason: 'gone' | 'failing',
): Promise<void> {
  if (!(await disableEndpoint(work, endpointId, reason))) return;
  const { url, description } = await requireEndpoint(work, endpointId);
  const subject = shown('webhook', endpointId);
  deps.log.warn({ webhook: subject, reason }, 'a webhook is disabled');
  const webhook = description === '' ? new URL(url).host : description;
  await raiseNotices(deps, work, webhookDisabled, [{ subject, values: { webhook, reason } }]);
}
