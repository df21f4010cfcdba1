import { z } from '@hono/zod-openapi';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { holdIdSchema, messageIdSchema } from '../http/contract.ts';
import { type Effect, effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { showReason } from '../http/reasons.ts';
import { route } from '../http/route.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { beginCancel, countCancelable, undoCancel } from './cancel-queued.ts';
import {
  cancelCountSchema,
  cancelFilterSchema,
  createCancelSchema,
  createHoldSchema,
  decisionSchema,
  errorClusterListSchema,
  holdListSchema,
  holdSchema,
  type QueueRateList,
  type QueueWaits,
  queueRateListSchema,
  queueRateSchema,
  queueSchema,
  queueWeightSchema,
  waitingCodeListSchema,
  waitsSchema,
} from './contract.ts';
import { decideUnknown } from './decide-unknown.ts';
import { readErrorClusters } from './error-clusters.ts';
import { hold, letGo, listHolds, readHold } from './holds.ts';
import { filterOf, readSubject, requireSubject } from './queue-filter.ts';
import { readQueue, showHold } from './queue-view.ts';
import { readWaitingCodes } from './waiting-codes.ts';
import { type Wait, whyWaiting } from './why-waiting.ts';

const read = route(
  { resource: 'queue', verb: 'read', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue',
    summary: 'Read what waits to be sent: how much, since when, how fast it moves',
    responses: { 200: answer(queueSchema, 'The queue'), ...failures(...readFailures) },
  },
);

const holds = route(
  { resource: 'queue', verb: 'list', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/holds',
    summary: 'List what is paused, drained or being cancelled',
    description: 'With the cancels that ended within a day. There are never many: the list has one page.',
    responses: { 200: answer(holdListSchema, 'Every hold, the newest first'), ...failures(...readFailures) },
  },
);

const put = route(
  {
    resource: 'queue',
    verb: 'pause',
    needs: 'queue.write',
    audit: { action: 'queue.held', words: 'Held messages back' },
  },
  {
    method: 'post',
    path: '/queue/holds',
    summary: 'Pause or drain an account, a sender, a flow’s messages or a lane',
    description:
      'With several of them it holds what fits all. People go on through their flows as far as their next message. What is held longer than a day expires once it is let go.',
    request: { headers: idempotencyHeaders, body: jsonBody(createHoldSchema) },
    responses: { 201: answer(holdSchema, 'The hold'), ...failures(...bodyFailures, ...keyFailures) },
  },
);

const end = route(
  {
    resource: 'queue',
    verb: 'resume',
    needs: 'queue.write',
    audit: { action: 'queue.let_go', words: 'Let held messages go' },
  },
  {
    method: 'delete',
    path: '/queue/holds/{hold_id}',
    summary: 'Let go what is paused or drained, or undo a cancel that has not begun',
    request: { params: z.object({ hold_id: holdIdSchema }), headers: idempotencyHeaders },
    responses: {
      204: { description: 'Let go' },
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'cancel_begun'),
    },
  },
);

const countCancel = route(
  { resource: 'queue', verb: 'read', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/cancels/count',
    summary: 'Count the messages that a cancel would take out of the queue',
    request: { query: cancelFilterSchema },
    responses: { 200: answer(cancelCountSchema, 'How many'), ...failures(...readFailures) },
  },
);

const cancel = route(
  {
    resource: 'queue',
    verb: 'delete',
    needs: 'queue.write',
    audit: { action: 'queue.canceled', words: 'Took messages out of the queue' },
  },
  {
    method: 'post',
    path: '/queue/cancels',
    summary: 'Take messages out of the queue',
    description:
      'Holds what the filter names at once and takes the messages out ten seconds later; until then it can be undone by deleting the hold. People go on as for messages that were not sent.',
    request: { headers: idempotencyHeaders, body: jsonBody(createCancelSchema) },
    responses: { 202: answer(holdSchema, 'The cancel, as a hold'), ...failures(...bodyFailures, ...keyFailures) },
  },
);

const waits = route(
  { resource: 'queue', verb: 'read', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/messages/{message_id}',
    summary: 'Say why a message waits',
    request: { params: z.object({ message_id: messageIdSchema }) },
    responses: { 200: answer(waitsSchema, 'What it waits for'), ...failures(...readFailures, 'not_found') },
  },
);

const errors = route(
  { resource: 'queue', verb: 'report', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/errors',
    summary: 'List what failed of the last day’s requests, alike together',
    description: 'Looks at the newest 200,000 requests of the day.',
    responses: { 200: answer(errorClusterListSchema, 'What failed most often first'), ...failures(...readFailures) },
  },
);

const waitingFor = route(
  { resource: 'queue', verb: 'report', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/codes',
    summary: 'List what messages in the queue wait for, by codes that a cancel can name',
    description:
      'With the filter of a cancel. Looks at 200,000 messages at most, and answers with the 50 most common codes.',
    request: { query: cancelFilterSchema },
    responses: { 200: answer(waitingCodeListSchema, 'The most common first'), ...failures(...readFailures) },
  },
);

const rates = route(
  { resource: 'queue', verb: 'read', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/rates',
    summary: 'List how many segments a second accounts and their senders may send',
    description: 'There are never many: the list has one page.',
    responses: { 200: answer(queueRateListSchema, 'Every account, the oldest first'), ...failures(...readFailures) },
  },
);

const rate = route(
  {
    resource: 'queue',
    verb: 'update',
    needs: 'queue.write',
    audit: { action: 'queue.rate_set', words: 'Set how fast messages may go out' },
  },
  {
    method: 'post',
    path: '/queue/rates',
    summary: 'Set how many segments a second an account or a sender may send',
    request: { headers: idempotencyHeaders, body: jsonBody(queueRateSchema) },
    responses: { 200: answer(queueRateSchema, 'The rate'), ...failures(...bodyFailures, ...keyFailures) },
  },
);

const weigh = route(
  {
    resource: 'queue',
    verb: 'update',
    needs: 'queue.write',
    audit: { action: 'queue.weight_set', words: 'Set a flow’s share of the queue' },
  },
  {
    method: 'post',
    path: '/queue/weights',
    summary: 'Set how many turns a flow’s messages get beside those of other flows',
    description: 'Also of those that wait already.',
    request: { headers: idempotencyHeaders, body: jsonBody(queueWeightSchema) },
    responses: { 200: answer(queueWeightSchema, 'The weight'), ...failures(...bodyFailures, ...keyFailures) },
  },
);

const decide = route(
  {
    resource: 'queue',
    verb: 'handle',
    needs: 'queue.write',
    audit: { action: 'message.decided', words: 'Decided about a message with an unknown outcome' },
  },
  {
    method: 'post',
    path: '/queue/messages/{message_id}/decide',
    summary: 'Say what became of a message of which nobody knows whether it was sent',
    request: {
      params: z.object({ message_id: messageIdSchema }),
      headers: idempotencyHeaders,
      body: jsonBody(decisionSchema),
    },
    responses: {
      204: { description: 'Decided' },
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'outcome_known'),
    },
  },
);

function showWait(wait: Wait): QueueWaits['waits'][number] {
  const { code } = wait;
  if (code === 'held') return { code, hold_id: shown('hold', wait.holdId), mode: wait.mode };
  if (code === 'put_off' || code === 'retrying') return { code, until: wait.until.toISOString() };
  if (code === 'behind') return { code, message_id: shown('message', wait.messageId) };
  if (code === 'rate') return { code, per_second: wait.perSecond };
  if (code === 'in_line') return { code, ahead: wait.ahead };
  return { code };
}

/** How fast each account and each of its senders may send. */
async function readRates({ tx, workspaceId }: Scope): Promise<QueueRateList['data']> {
  const accounts = await tx
    .selectFrom('accounts')
    .select(['id', 'name', 'per_second'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
    .execute();
  const senders = await tx
    .selectFrom('senders')
    .select(['account_id', 'address', 'per_second'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const byAccount = Map.groupBy(senders, ({ account_id }) => account_id);
  return accounts.map(({ id, name, per_second }) => ({
    account_id: shown('account', id),
    name,
    per_second,
    senders: (byAccount.get(id) ?? []).map((sender) => ({ sender: sender.address, per_second: sender.per_second })),
  }));
}

/** What the queue's routes are made with, beside the services of every route. */
export type QueueDeps = RouteDeps<{
  /** Tells dispatchers that there may be something to send. */
  readonly onQueued: () => void;
  readonly onSettled: (workspaceId: string) => void;
}>;

/** An effect that is told to whoever watches the queue, and to whoever claims from it. */
export const queueChanged =
  ({ engine: { notifier, onQueued, onSettled } }: QueueDeps) =>
  async <T>(work: Work, body: T, subject: string | null, settled = false): Promise<Effect<T>> => {
    await writeTopic(work, { topic: 'queue', ids: subject === null ? [] : [subject] });
    return {
      body,
      subject,
      after: () => {
        onQueued();
        if (settled) onSettled(work.workspaceId);
        notifier.changed(work.workspaceId);
      },
    };
  };

/** The queue: what waits, what is held, what is cancelled, why a message waits, and what failed. */
export function queueRoutes(deps: QueueDeps) {
  const { clock, ids } = deps.engine;

  const changed = queueChanged(deps);
  const showOne = async (work: Work, id: string) => {
    const row = await readHold(work, id);
    if (row === undefined) throw new Error('The hold just stored is gone.');
    return showHold(row);
  };

  return newRoutes()
    .openapi(read, async (c) => c.json(await reading(c, deps, (scope) => readQueue(scope, clock.now())), 200))
    .openapi(holds, async (c) => {
      const rows = await reading(c, deps, listHolds);
      return c.json({ data: rows.map(showHold), next_cursor: null }, 200);
    })
    .openapi(put, async (c) => {
      const input = c.req.valid('json');
      const done = await effect(c, deps, put, holdSchema, async (work) => {
        const subject = await requireSubject(work, input);
        const id = await hold(work, { id: ids.uuid(), mode: input.mode, subject });
        return changed(work, await showOne(work, id), shown('hold', id));
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(end, async (c) => {
      const id = idFrom('hold', c.req.valid('param').hold_id);
      const done = await effect(c, deps, end, z.null(), async (work) => {
        const row = await readHold(work, id);
        if (row === undefined) throw new ProblemError('not_found');
        if (row.mode === 'cancel' && !(await undoCancel(work, id))) throw new ProblemError('cancel_begun');
        if (row.mode !== 'cancel') await letGo(work, id);
        return changed(work, null, shown('hold', id));
      });
      return c.body(null, 204, done.headers);
    })
    .openapi(countCancel, async (c) => {
      const given = c.req.valid('query');
      const matched = await reading(c, deps, async (scope) =>
        countCancelable({ ...scope, now: clock.now() }, filterOf(await readSubject(scope, given), given)),
      );
      return c.json({ matched }, 200);
    })
    .openapi(cancel, async (c) => {
      const input = c.req.valid('json');
      const done = await effect(c, deps, cancel, holdSchema, async (work) => {
        const id = ids.uuid();
        await beginCancel(work, id, filterOf(await requireSubject(work, input), input));
        const body = await showOne(work, id);
        const result = await changed(work, body, shown('hold', id));
        return { ...result, detail: { matched: body.cancel?.matched ?? 0 } };
      });
      return c.json(done.body, 202, done.headers);
    })
    .openapi(waits, async (c) => {
      const id = idFrom('message', c.req.valid('param').message_id);
      const body = await reading(c, deps, async (scope) => {
        const { tx, workspaceId } = scope;
        const found = await whyWaiting(scope, id, clock.now());
        const message = await tx
          .selectFrom('messages')
          .select('id')
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (message === undefined) throw new ProblemError('not_found');
        return { queued: found !== null, waits: (found ?? []).map(showWait) };
      });
      return c.json(body, 200);
    })
    .openapi(errors, async (c) => {
      const rows = await reading(c, deps, (scope) => readErrorClusters(scope, clock.now()));
      const data = rows.map(({ n, ...row }) => ({
        ...row,
        account_id: shown('account', row.account_id),
        message_id: shown('message', row.message_id),
        count: n,
        first_at: row.first_at.toISOString(),
        last_at: row.last_at.toISOString(),
      }));
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(waitingFor, async (c) => {
      const given = c.req.valid('query');
      const rows = await reading(c, deps, async (scope) =>
        readWaitingCodes({ ...scope, now: clock.now() }, filterOf(await readSubject(scope, given), given)),
      );
      const data = rows.map(({ code, reason, n }) => ({ code, text: showReason(reason)?.text ?? null, count: n }));
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(rates, async (c) => {
      const data = await reading(c, deps, readRates);
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(rate, async (c) => {
      const input = c.req.valid('json');
      const done = await effect(c, deps, rate, queueRateSchema, async (work) => {
        const { tx, workspaceId } = work;
        const { accountId, sender } = await requireSubject(work, input);
        if (accountId !== null)
          await tx
            .updateTable('accounts')
            .set({ per_second: input.per_second })
            .where('workspace_id', '=', workspaceId)
            .where('id', '=', accountId)
            .execute();
        if (sender !== null)
          await tx
            .updateTable('senders')
            .set({ per_second: input.per_second })
            .where('workspace_id', '=', workspaceId)
            .where('address', '=', sender)
            .execute();
        return changed(work, input, accountId === null ? null : shown('account', accountId));
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(weigh, async (c) => {
      const input = c.req.valid('json');
      const done = await effect(c, deps, weigh, queueWeightSchema, async (work) => {
        const { tx, workspaceId } = work;
        const { flowId } = await requireSubject(work, input);
        await tx
          .updateTable('flows')
          .set({ queue_weight: input.weight })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', flowId ?? '')
          .execute();
        return changed(work, input, input.flow_id);
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(decide, async (c) => {
      const id = idFrom('message', c.req.valid('param').message_id);
      const { decision } = c.req.valid('json');
      const done = await effect(c, deps, decide, z.null(), async (work) => {
        const { tx, workspaceId } = work;
        const message = await tx
          .selectFrom('messages')
          .select('id')
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (message === undefined) throw new ProblemError('not_found');
        if (!(await decideUnknown(work, id, decision))) throw new ProblemError('outcome_known');
        const result = await changed(work, null, shown('message', id), true);
        return { ...result, detail: { decision } };
      });
      return c.body(null, 204, done.headers);
    });
}
