import { z } from '@hono/zod-openapi';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { deliveryIdSchema, webhookIdSchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
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
import { lockEndpoint, requireEndpoint } from './changing.ts';
import {
  type DeliveryDetail,
  deliveryDetailSchema,
  deliveryListQuerySchema,
  deliveryListSchema,
  deliverySchema,
  replayedSchema,
  replayFailedSchema,
} from './contract.ts';
import { type DeliveryRow, readDeliveries, readSent, replay } from './deliveries.ts';
import { writeBody } from './event-body.ts';
import { testType } from './event-types.ts';
import { storeDeliveries, storeEvents } from './spread.ts';
import type { WebhookDeps } from './webhook-deps.ts';

const params = z.object({ webhook_id: webhookIdSchema });
const deliveryParams = params.extend({ delivery_id: deliveryIdSchema });

const list = route(
  { resource: 'webhooks', verb: 'list', needs: 'webhooks.read' },
  {
    method: 'get',
    path: '/webhooks/{webhook_id}/deliveries',
    summary: 'List what was sent to a webhook, the newest first',
    description: 'Deliveries are kept for 30 days.',
    request: { params, query: deliveryListQuerySchema },
    responses: {
      200: answer(deliveryListSchema, 'A page of deliveries'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const read = route(
  { resource: 'webhooks', verb: 'read', needs: 'webhooks.read' },
  {
    method: 'get',
    path: '/webhooks/{webhook_id}/deliveries/{delivery_id}',
    summary: 'Read a delivery with the document that is sent and every request',
    request: { params: deliveryParams },
    responses: { 200: answer(deliveryDetailSchema, 'The delivery'), ...failures(...readFailures, 'not_found') },
  },
);

const test = route(
  {
    resource: 'webhooks',
    verb: 'test',
    needs: 'webhooks.write',
    audit: { action: 'webhook.tested', words: 'Sent a webhook a test event' },
  },
  {
    method: 'post',
    path: '/webhooks/{webhook_id}/test',
    summary: 'Send a webhook a test event',
    description: 'An event `webhook.tested`, sent, signed and tried again as any other.',
    request: { params, headers: idempotencyHeaders },
    responses: {
      201: answer(deliverySchema, 'The delivery'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'webhook_disabled'),
    },
  },
);

const replayOne = route(
  {
    resource: 'webhooks',
    verb: 'replay',
    needs: 'webhooks.write',
    audit: { action: 'webhook.replayed', words: 'Sent an event to a webhook again' },
  },
  {
    method: 'post',
    path: '/webhooks/{webhook_id}/deliveries/{delivery_id}/replay',
    summary: 'Send an event again',
    description: 'With the same `webhook-id`, from the beginning of the schedule, whatever became of it before.',
    request: { params: deliveryParams, headers: idempotencyHeaders },
    responses: {
      200: answer(deliverySchema, 'The delivery'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'webhook_disabled', 'event_erased'),
    },
  },
);

const replayFailed = route(
  {
    resource: 'webhooks',
    verb: 'replay',
    needs: 'webhooks.write',
    audit: { action: 'webhook.failed_replayed', words: 'Sent a webhook again what it had not taken' },
  },
  {
    method: 'post',
    path: '/webhooks/{webhook_id}/replay-failed',
    summary: 'Send again everything that was given up since a moment',
    request: { params, headers: idempotencyHeaders, body: jsonBody(replayFailedSchema) },
    responses: {
      200: answer(replayedSchema, 'How many are sent again'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'webhook_disabled'),
    },
  },
);

function showDelivery(row: DeliveryRow): z.infer<typeof deliverySchema> {
  return {
    id: shown('delivery', row.id),
    event_id: shown('event', row.event_id),
    type: row.type,
    state: row.state,
    requests: row.requests,
    status: row.status,
    error: row.error,
    next_at: row.state === 'waiting' ? row.next_at.toISOString() : null,
    occurred_at: row.occurred_at.toISOString(),
    created_at: row.created_at.toISOString(),
    settled_at: row.settled_at?.toISOString() ?? null,
  };
}

function showDetail(row: DeliveryRow, { body, attempts }: Awaited<ReturnType<typeof readSent>>): DeliveryDetail {
  return {
    ...showDelivery(row),
    body,
    attempts: attempts.map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
  };
}

/** What was sent to webhooks, and sending it again. */
export function deliveryRoutes(deps: WebhookDeps) {
  const { ids, notifier } = deps.engine;
  const requireDelivery = async (work: Parameters<typeof readDeliveries>[0], endpointId: string, id: string) => {
    const [row] = await readDeliveries(work, endpointId, { id, limit: 1 });
    if (row === undefined) throw new ProblemError('not_found');
    return row;
  };
  const requireEnabled = async (work: Work, id: string): Promise<void> => {
    if (!(await lockEndpoint(work, id)).enabled) throw new ProblemError('webhook_disabled');
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const id = idFrom('webhook', c.req.valid('param').webhook_id);
      const { limit, cursor, state, type } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, async (scope) => {
        await requireEndpoint(scope, id);
        return readDeliveries(scope, id, { state, type, before, limit: limit + 1 });
      });
      return c.json(
        toPage(rows, limit, showDelivery, (row) => [row.id]),
        200,
      );
    })
    .openapi(read, async (c) => {
      const { webhook_id, delivery_id } = c.req.valid('param');
      const [endpointId, id] = [idFrom('webhook', webhook_id), idFrom('delivery', delivery_id)];
      const body = await reading(c, deps, async (scope) => {
        const row = await requireDelivery(scope, endpointId, id);
        return showDetail(row, await readSent(scope, row));
      });
      return c.json(body, 200);
    })
    .openapi(test, async (c) => {
      const endpointId = idFrom('webhook', c.req.valid('param').webhook_id);
      const done = await effect(c, deps, test, deliverySchema, async (work) => {
        const { workspaceId, now } = work;
        await requireEnabled(work, endpointId);
        const [eventId, id] = [ids.uuid(), ids.uuid()];
        const body = writeBody({
          id: eventId,
          type: testType,
          version: 1,
          workspaceId,
          occurredAt: now,
          recordedAt: now,
          cause: null,
          data: { webhook_id: shown('webhook', endpointId) },
        });
        await storeEvents(work, [{ id: eventId, type: testType, contactId: null, body, occurredAt: now }]);
        await storeDeliveries(work, [{ id, endpointId, eventId, type: testType }]);
        return {
          body: showDelivery(await requireDelivery(work, endpointId, id)),
          subject: shown('webhook', endpointId),
          after: () => notifier.changed(workspaceId),
        };
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(replayOne, async (c) => {
      const { webhook_id, delivery_id } = c.req.valid('param');
      const [endpointId, id] = [idFrom('webhook', webhook_id), idFrom('delivery', delivery_id)];
      const done = await effect(c, deps, replayOne, deliverySchema, async (work) => {
        const { workspaceId } = work;
        await requireEnabled(work, endpointId);
        await requireDelivery(work, endpointId, id);
        if ((await replay(work, endpointId, { id })) === 0) throw new ProblemError('event_erased');
        await writeTopic(work, { topic: 'webhooks', ids: [webhook_id] });
        return {
          body: showDelivery(await requireDelivery(work, endpointId, id)),
          subject: delivery_id,
          after: () => notifier.changed(workspaceId),
        };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(replayFailed, async (c) => {
      const { webhook_id } = c.req.valid('param');
      const endpointId = idFrom('webhook', webhook_id);
      const { since } = c.req.valid('json');
      const done = await effect(c, deps, replayFailed, replayedSchema, async (work) => {
        const { workspaceId } = work;
        await requireEnabled(work, endpointId);
        const replayed = await replay(work, endpointId, { failedSince: new Date(since) });
        await writeTopic(work, { topic: 'webhooks', ids: [webhook_id] });
        return {
          body: { replayed },
          subject: webhook_id,
          detail: { replayed },
          after: () => notifier.changed(workspaceId),
        };
      });
      return c.json(done.body, 200, done.headers);
    });
}
