import { z } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { writeTopic } from '../db/feed.ts';
import { pageQuerySchema, webhookIdSchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { isPublicAddress } from '../http/public-address.ts';
import { reading } from '../http/reading.ts';
import { requireMatch, tagOf } from '../http/revisions.ts';
import { route } from '../http/route.ts';
import {
  answer,
  answerWithTag,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  matchHeaders,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import { resolveNotices } from '../notices/store.ts';
import { webhookDisabled } from '../notices/webhook-disabled.ts';
import { changingEndpoint, lockEndpoint, requireEndpoint, showEndpoint, storeEndpoint } from './changing.ts';
import {
  createWebhookSchema,
  eventTypeListSchema,
  rotateSecretSchema,
  updateWebhookSchema,
  webhookListSchema,
  webhookSchema,
  webhookSecretSchema,
} from './contract.ts';
import { disableEndpoint } from './disable.ts';
import { eventTypes, findEventType } from './event-types.ts';
import { newSecret } from './signature.ts';
import { openSecrets, readEndpoints, secretPlace } from './store.ts';
import type { WebhookDeps } from './webhook-deps.ts';

const params = z.object({ webhook_id: webhookIdSchema });
const matched = matchHeaders.extend(idempotencyHeaders.shape);

const listTypes = route(
  { resource: 'webhooks', verb: 'list', needs: 'webhooks.read' },
  {
    method: 'get',
    path: '/event-types',
    summary: 'List the events that a webhook can be told of, with an example of each',
    responses: { 200: answer(eventTypeListSchema, 'Every type of event'), ...failures(...readFailures) },
  },
);

const list = route(
  { resource: 'webhooks', verb: 'list', needs: 'webhooks.read' },
  {
    method: 'get',
    path: '/webhooks',
    summary: 'List webhooks, the newest first',
    request: { query: pageQuerySchema },
    responses: { 200: answer(webhookListSchema, 'A page of webhooks'), ...failures(...readFailures, 'cursor_invalid') },
  },
);

const create = route(
  {
    resource: 'webhooks',
    verb: 'create',
    needs: 'webhooks.write',
    audit: { action: 'webhook.created', words: 'Added a webhook' },
  },
  {
    method: 'post',
    path: '/webhooks',
    summary: 'Add a webhook: an address that is told of events',
    description: 'Its secret, with which requests are signed, is read from /webhooks/{webhook_id}/secret.',
    request: { headers: idempotencyHeaders, body: jsonBody(createWebhookSchema) },
    responses: {
      201: answerWithTag(webhookSchema, 'The webhook'),
      ...failures(...bodyFailures, ...keyFailures, 'webhook_limit'),
    },
  },
);

const read = route(
  { resource: 'webhooks', verb: 'read', needs: 'webhooks.read' },
  {
    method: 'get',
    path: '/webhooks/{webhook_id}',
    summary: 'Read a webhook',
    request: { params },
    responses: { 200: answerWithTag(webhookSchema, 'The webhook'), ...failures(...readFailures, 'not_found') },
  },
);

const update = route(
  {
    resource: 'webhooks',
    verb: 'update',
    needs: 'webhooks.write',
    audit: { action: 'webhook.updated', words: 'Changed a webhook' },
  },
  {
    method: 'patch',
    path: '/webhooks/{webhook_id}',
    summary: 'Change a webhook, disable or enable it',
    description:
      'Of what happens while it is disabled it is told nothing, and what was on its way is given up: replay that once it is enabled again.',
    request: { params, headers: matched, body: jsonBody(updateWebhookSchema) },
    responses: {
      200: answerWithTag(webhookSchema, 'The webhook'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

const remove = route(
  {
    resource: 'webhooks',
    verb: 'delete',
    needs: 'webhooks.write',
    audit: { action: 'webhook.deleted', words: 'Removed a webhook' },
  },
  {
    method: 'delete',
    path: '/webhooks/{webhook_id}',
    summary: 'Remove a webhook with its deliveries',
    request: { params, headers: matched },
    responses: {
      204: { description: 'Removed' },
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

const readSecret = route(
  { resource: 'webhooks', verb: 'read', needs: 'webhooks.write' },
  {
    method: 'get',
    path: '/webhooks/{webhook_id}/secret',
    summary: 'Read the secret that a webhook’s requests are signed with',
    request: { params },
    responses: {
      200: answer(webhookSecretSchema, 'The secret'),
      ...failures(...readFailures, 'read_only', 'not_found'),
    },
  },
);

const rotate = route(
  {
    resource: 'webhooks',
    verb: 'rotate',
    needs: 'webhooks.write',
    audit: { action: 'webhook.secret_rotated', words: 'Gave a webhook a new secret' },
  },
  {
    method: 'post',
    path: '/webhooks/{webhook_id}/rotate-secret',
    summary: 'Give a webhook a new secret',
    description:
      'Requests carry a signature of each for a while, so that the receiver can change over at leisure. A secret that was replaced before stops at once.',
    request: { params, headers: matched, body: jsonBody(rotateSecretSchema) },
    responses: {
      200: answerWithTag(webhookSchema, 'The webhook'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

/** Webhooks of a workspace. */
const mostEndpoints = 20;
const hourMs = 3_600_000;

/** @throws ProblemError at an address that webhooks may not be at. */
function requireUrl(text: string, anywhere: boolean): string {
  const url = new URL(text);
  const reached =
    anywhere && url.protocol === 'http:'
      ? true
      : url.protocol === 'https:' &&
        (anywhere || (isPublicAddress(url.hostname) && !/(^|\.)localhost\.?$/.test(url.hostname)));
  if (!reached || url.username !== '' || url.password !== '' || url.hash !== '')
    throw fieldProblem(['url'], 'webhook_url_refused', fieldTexts.webhook_url_refused);
  return url.href;
}

/** Types without repeats. @throws ProblemError at one that there is not; what was stored before may stay. */
function requireTypes(types: readonly string[], before: readonly string[] = []): string[] {
  for (const [index, type] of types.entries())
    if (findEventType(type) === null && !before.includes(type))
      throw fieldProblem(['types', index], 'event_type_unknown', fieldTexts.event_type_unknown);
  return [...new Set(types)].sort();
}

/** Webhooks: where a workspace's events are sent. */
export function webhookRoutes(deps: WebhookDeps) {
  const { ids, clock, notifier } = deps.engine;
  const { box, webhooksAnywhere: anywhere } = deps;
  const described = eventTypes.map(({ type, version, title, example }) => ({
    type,
    version,
    title,
    example: z.record(z.string(), z.unknown()).parse(example),
  }));

  return newRoutes()
    .openapi(listTypes, (c) => c.json({ data: described, next_cursor: null }, 200))
    .openapi(list, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, (scope) => readEndpoints(scope, { before, limit: limit + 1 }));
      return c.json(
        toPage(rows, limit, showEndpoint, (row) => [row.id]),
        200,
      );
    })
    .openapi(create, async (c) => {
      const input = c.req.valid('json');
      const url = requireUrl(input.url, anywhere);
      const types = requireTypes(input.types);
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, webhookSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        // One after another, so that two at once are not one too many.
        await sql`SELECT 1 FROM workspaces WHERE workspace_id = ${workspaceId} FOR NO KEY UPDATE`.execute(tx);
        const others = await readEndpoints(work, { limit: mostEndpoints });
        if (others.length >= mostEndpoints) throw new ProblemError('webhook_limit');
        const id = ids.uuid();
        await tx
          .insertInto('webhook_endpoints')
          .values({
            workspace_id: workspaceId,
            id,
            url,
            description: input.description,
            types,
            secret: box.seal(workspaceId, secretPlace(id), newSecret()),
            created_at: now,
            is_sample: isSample,
          })
          .execute();
        const body = showEndpoint(await requireEndpoint(work, id));
        await writeTopic(work, { topic: 'webhooks', ids: [body.id] });
        return { ...changedDocument(deps, work, body), detail: { types: types.length } };
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(read, async (c) => {
      const id = idFrom('webhook', c.req.valid('param').webhook_id);
      const row = await reading(c, deps, (scope) => requireEndpoint(scope, id));
      return c.json(showEndpoint(row), 200, { etag: tagOf(row.revision) });
    })
    .openapi(update, async (c) => {
      const id = idFrom('webhook', c.req.valid('param').webhook_id);
      const { url, description, types, enabled } = c.req.valid('json');
      const done = await effect(c, deps, update, webhookSchema, (work) =>
        changingEndpoint(deps, work, id, c.req.header('if-match'), async (row) => {
          await storeEndpoint(work, id, {
            ...(url === undefined ? {} : { url: requireUrl(url, anywhere) }),
            ...(description === undefined ? {} : { description }),
            ...(types === undefined ? {} : { types: requireTypes(types, row.types) }),
            ...(enabled === true && !row.enabled
              ? { enabled: true, disabled_reason: null, disabled_at: null, failing_since: null }
              : {}),
          });
          if (enabled === true) await resolveNotices(work, webhookDisabled, [shown('webhook', id)]);
          if (enabled === false) await disableEndpoint(work, id, 'by_hand');
        }),
      );
      return c.json(done.body, 200, done.headers);
    })
    .openapi(remove, async (c) => {
      const id = idFrom('webhook', c.req.valid('param').webhook_id);
      const done = await effect(c, deps, remove, z.null(), async (work) => {
        const { tx, workspaceId } = work;
        const row = await lockEndpoint(work, id);
        requireMatch(c.req.header('if-match'), row.revision, () => showEndpoint(row));
        await tx.deleteFrom('webhook_endpoints').where('workspace_id', '=', workspaceId).where('id', '=', id).execute();
        const subject = shown('webhook', id);
        await resolveNotices(work, webhookDisabled, [subject]);
        await writeTopic(work, { topic: 'webhooks', ids: [subject] });
        return { body: null, subject, after: () => notifier.changed(workspaceId) };
      });
      return c.body(null, 204, done.headers);
    })
    .openapi(readSecret, async (c) => {
      const id = idFrom('webhook', c.req.valid('param').webhook_id);
      const row = await reading(c, deps, (scope) => requireEndpoint(scope, id));
      const { secret, previous } = openSecrets(box, row, clock.now());
      return c.json(
        {
          secret,
          previous: previous === null ? null : { secret: previous.secret, until: previous.until.toISOString() },
        },
        200,
      );
    })
    .openapi(rotate, async (c) => {
      const id = idFrom('webhook', c.req.valid('param').webhook_id);
      const { overlap_hours: hours } = c.req.valid('json');
      const done = await effect(c, deps, rotate, webhookSchema, (work) =>
        changingEndpoint(deps, work, id, c.req.header('if-match'), (row) =>
          storeEndpoint(work, id, {
            secret: box.seal(work.workspaceId, secretPlace(id), newSecret()),
            previous_secret: hours === 0 ? null : row.secret,
            previous_until: hours === 0 ? null : new Date(work.now.getTime() + hours * hourMs),
          }),
        ),
      );
      return c.json(done.body, 200, done.headers);
    });
}
