import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { dutiesOf } from '@signalbox/nodes/gate/registration';
import { sql } from 'kysely';
import { lockWorkspace } from '../access/home.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope } from '../db/work.ts';
import { senderIdSchema } from '../http/contract.ts';
import { changedDocument, effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
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
} from '../http/route-parts.ts';
import {
  routesSchema,
  type SenderDocument,
  senderListSchema,
  senderSchema,
  setRoutesSchema,
  updateSenderSchema,
} from './contract.ts';
import { readRoutes, writeRoutes } from './route-table.ts';

const matched = matchHeaders.extend(idempotencyHeaders.shape);
const changeFailures = [...bodyFailures, ...keyFailures, 'revision_required', 'stale'] as const;

const listSenders = route(
  { resource: 'accounts', verb: 'list', needs: 'accounts.read' },
  {
    method: 'get',
    path: '/senders',
    summary: 'List the numbers and names that messages go out from, with what is known of their registration',
    responses: { 200: answer(senderListSchema, 'Every sender, the oldest first'), ...failures(...readFailures) },
  },
);

const updateSender = route(
  {
    resource: 'accounts',
    verb: 'update',
    needs: 'accounts.write',
    audit: { action: 'sender.updated', words: 'Said how a sender is registered' },
  },
  {
    method: 'patch',
    path: '/senders/{sender_id}',
    summary: 'Say how a sender is registered with carriers or an authority',
    request: {
      params: z.object({ sender_id: senderIdSchema }),
      headers: matched,
      body: jsonBody(updateSenderSchema),
    },
    responses: { 200: answerWithTag(senderSchema, 'The sender'), ...failures(...changeFailures, 'not_found') },
  },
);

const list = route(
  { resource: 'accounts', verb: 'list', needs: 'accounts.read' },
  {
    method: 'get',
    path: '/routes',
    summary: 'List the routes by which messages get their sender',
    responses: { 200: answerWithTag(routesSchema, 'Every route, in order'), ...failures(...readFailures) },
  },
);

const set = route(
  {
    resource: 'accounts',
    verb: 'update',
    needs: 'accounts.write',
    audit: { action: 'routes.set', words: 'Set the routes by which messages get their sender' },
  },
  {
    method: 'patch',
    path: '/routes',
    summary: 'Set the routes by which messages get their sender',
    description:
      'The first route that fits a message by country and purpose says its sender; what is asked for, or was texted by the person, goes before. Messages that are queued keep the sender that they have.',
    request: { headers: matched, body: jsonBody(setRoutesSchema) },
    responses: { 200: answerWithTag(routesSchema, 'The routes'), ...failures(...changeFailures) },
  },
);

async function readSenders({ tx, workspaceId }: Scope, now: Date, id?: string): Promise<SenderDocument[]> {
  let rows = tx
    .selectFrom('senders as s')
    .innerJoin('accounts as a', (join) =>
      join.onRef('a.workspace_id', '=', 's.workspace_id').onRef('a.id', '=', 's.account_id'),
    )
    .select([
      's.id',
      's.address',
      's.kind',
      's.registration',
      's.registration_reference',
      sql<string | null>`s.registration_expires_on::text`.as('registration_expires_on'),
      's.registration_brand',
      's.brand_daily_segments',
      's.created_at',
      'a.id as account_id',
      'a.name',
      'a.provider',
      'a.health',
      'a.health_since',
      'a.health_reason',
    ])
    .where('s.workspace_id', '=', workspaceId)
    .orderBy('s.created_at')
    .orderBy('s.id');
  if (id !== undefined) rows = rows.where('s.id', '=', id);
  return (await rows.execute()).map((row) => {
    const sender = {
      id: shown('sender', row.id),
      address: row.address,
      kind: row.kind,
      country: row.address.startsWith('+') ? placeOfNumber(row.address).country : null,
      account: {
        id: shown('account', row.account_id),
        name: row.name,
        provider: row.provider,
        health: row.health,
        health_since: row.health_since?.toISOString() ?? null,
        health_reason: row.health_reason,
      },
      registration: row.registration,
      registration_reference: row.registration_reference,
      registration_expires_on: row.registration_expires_on,
      registration_brand: row.registration_brand,
      brand_daily_segments: row.brand_daily_segments,
      duties: dutiesOf(row.kind, now).map(({ country, name }) => ({ country, register: name })),
      created_at: row.created_at.toISOString(),
    };
    const { account: _account, ...own } = sender;
    return { ...sender, revision: createHash('sha256').update(JSON.stringify(own)).digest('hex').slice(0, 16) };
  });
}

/** Senders as they are registered, and the routes by which messages get theirs. */
export function routingRoutes(deps: RouteDeps) {
  const { clock, ids } = deps.engine;
  return newRoutes()
    .openapi(listSenders, async (c) => {
      const data = await reading(c, deps, (scope) => readSenders(scope, clock.now()));
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(updateSender, async (c) => {
      const id = idFrom('sender', c.req.valid('param').sender_id);
      const given = Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined);
      const done = await effect(c, deps, updateSender, senderSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        const own = (query: 'senders') =>
          tx.selectFrom(query).where('workspace_id', '=', workspaceId).where('id', '=', id);
        await own('senders').select('id').forNoKeyUpdate().execute();
        const [current] = await readSenders(work, now, id);
        if (current === undefined) throw new ProblemError('not_found');
        requireMatch(c.req.header('if-match'), current.revision, () => current);
        if (given.length > 0)
          await tx
            .updateTable('senders')
            .set(Object.fromEntries(given))
            .where('workspace_id', '=', workspaceId)
            .where('id', '=', id)
            .execute();
        await writeTopic(work, { topic: 'accounts', ids: [current.account.id] });
        const [changed] = await readSenders(work, now, id);
        if (changed === undefined) throw new Error('The sender just changed is gone.');
        return changedDocument(deps, work, changed);
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(list, async (c) => {
      const body = await reading(c, deps, readRoutes);
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(set, async (c) => {
      const done = await effect(c, deps, set, routesSchema, async (work) => {
        const { workspaceId } = work;
        // Two who set the routes at once: the second sees what the first did.
        await lockWorkspace(work);
        const current = await readRoutes(work);
        requireMatch(c.req.header('if-match'), current.revision, () => current);
        await writeRoutes({ ids }, work, c.req.valid('json'));
        await writeTopic(work, { topic: 'routes', ids: [] });
        const body = await readRoutes(work);
        return {
          body,
          subject: null,
          headers: { etag: tagOf(body.revision) },
          after: () => deps.engine.notifier.changed(workspaceId),
        };
      });
      return c.json(done.body, 200, done.headers);
    });
}
