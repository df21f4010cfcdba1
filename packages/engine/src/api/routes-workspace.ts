import { createRoute, z } from '@hono/zod-openapi';
import { configJsonSchema } from '@signalbox/nodes/flow/json-schema';
import { deleteCookie } from 'hono/cookie';
import { sessionCookie } from '../access/authenticate.ts';
import { removeToken } from '../access/tokens.ts';
import { receiveEvent } from '../cohorts/api-events.ts';
import { inWorkspace } from '../db/database.ts';
import { demoInfo } from '../demo/info.ts';
import { readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import type { ApiDeps } from '../http/env.ts';
import { readShown, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
  readFailures,
  security,
  writeFailures,
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import { pageQuerySchema, sessionSchema } from './contract.ts';
import { eventAcceptedSchema, nodeListSchema, postEventSchema } from './contract-workspace.ts';

const session = createRoute({
  method: 'get',
  path: '/session',
  tags: ['Session'],
  security,
  summary: 'Who is asking, and in which workspace',
  responses: { 200: answer(sessionSchema, 'The session or token'), ...failures('unauthenticated') },
});

const signOut = createRoute({
  method: 'post',
  path: '/session/sign-out',
  tags: ['Session'],
  security,
  summary: 'End this session, or revoke this token',
  responses: { 204: { description: 'Ended' }, ...failures(...writeFailures) },
});

const nodes = createRoute({
  method: 'get',
  path: '/nodes',
  tags: ['Nodes'],
  security,
  summary: 'List the types of steps with the JSON Schema of their configs',
  request: { query: pageQuerySchema },
  responses: {
    200: answer(nodeListSchema, 'A page of the library, by type'),
    ...failures(...readFailures, 'cursor_invalid'),
  },
});

const postEvent = createRoute({
  method: 'post',
  path: '/events',
  tags: ['Events'],
  security,
  summary: 'Report something that a contact did',
  description: 'Everyone waiting for it moves on; live flows that it triggers let the contact in.',
  request: { headers: idempotencyHeaders, body: jsonBody(postEventSchema) },
  responses: { 202: answer(eventAcceptedSchema, 'Stored and acted on'), ...failures(...bodyFailures, ...keyFailures) },
});

/** Session, node library and events. */
export function workspaceRoutes(deps: ApiDeps, onSignedOut: (tokenHash: Buffer) => void) {
  const { engine } = deps;
  const { db, ids } = engine;
  const byType = [...engine.nodes.values()].sort((a, b) => a.type.localeCompare(b.type, 'en'));
  const library = byType.map((node) => ({
    type: node.type,
    version: node.version,
    title: node.title,
    group: node.group,
    icon: node.icon,
    docs: node.docs,
    effect: node.effect,
    config_schema: configJsonSchema(node),
  }));

  return newRoutes()
    .openapi(session, async (c) => {
      const { workspaceId, scope, expiresAt } = c.var.actor;
      const body = await inWorkspace(db, workspaceId, async (tx) => {
        const workspace = await tx
          .selectFrom('workspaces')
          .select(['name', 'time_zone'])
          .where('workspace_id', '=', workspaceId)
          .executeTakeFirstOrThrow();
        return {
          workspace: { id: shown('workspace', workspaceId), name: workspace.name, time_zone: workspace.time_zone },
          scope,
          expires_at: expiresAt.toISOString(),
          demo: deps.demo === null ? null : await demoInfo({ tx, workspaceId }, deps.demo),
        };
      });
      return c.json(body, 200);
    })
    .openapi(signOut, async (c) => {
      const { workspaceId, tokenHash, via } = c.var.actor;
      await inWorkspace(db, workspaceId, (tx) => removeToken({ tx, workspaceId }, tokenHash));
      const secure = engine.publicUrl.startsWith('https:');
      if (via === 'session') deleteCookie(c, sessionCookie(engine.publicUrl), { path: '/', secure });
      onSignedOut(tokenHash);
      return c.body(null, 204);
    })
    .openapi(nodes, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const after = readCursor(cursor, z.tuple([z.string()]))?.[0];
      const start = after === undefined ? 0 : library.findIndex((node) => node.type === after) + 1;
      // A cursor names a type of this library; one that it does not have was never given.
      if (after !== undefined && start === 0) throw new ProblemError('cursor_invalid');
      const rows = library.slice(start, start + limit + 1);
      return c.json(
        toPage(
          rows,
          limit,
          (node) => node,
          (node) => [node.type],
        ),
        200,
      );
    })
    .openapi(postEvent, async (c) => {
      const { workspaceId } = c.var.actor;
      const { type, contact_id, data, occurred_at } = c.req.valid('json');
      const contactId = readShown('contact', contact_id);
      const unknown = () => fieldProblem(['contact_id'], 'contact_unknown', fieldTexts.contact_unknown);
      if (contactId === null) throw unknown();
      const done = await effect(c, deps, eventAcceptedSchema, async (work) => {
        const { now } = work;
        const id = ids.uuid();
        const occurredAt = occurred_at === undefined ? now : new Date(occurred_at);
        const received = await receiveEvent(engine.arrivalDeps, work, { id, type, contactId, data, occurredAt });
        if (received === null) throw unknown();
        const { enrolled, moved, runs, wake } = received;
        await engine.failPoints.reach('event.before_commit');
        return {
          body: { id: shown('event', id), enrolled, moved },
          after: async () => {
            await engine.failPoints.reach('event.after_commit');
            engine.onArrived(workspaceId, { runs, wake });
          },
        };
      });
      return c.json(done.body, 202, done.headers);
    });
}
