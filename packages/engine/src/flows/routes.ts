import { z } from '@hono/zod-openapi';
import { emptyGraph } from '@signalbox/nodes/flow/graph';
import { writeFeed } from '../db/feed.ts';
import { flowIdSchema } from '../http/contract.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import { isSeed } from '../http/env.ts';
import { idFrom } from '../http/ids.ts';
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
  writeFailures,
} from '../http/route-parts.ts';
import { createFlowSchema, flowListQuerySchema, flowListSchema, flowSchema, updateFlowSchema } from './contract.ts';
import { changedFlow, requireDrawn, requireFlow, showFlow, showSummary, triggerTypes } from './routes-shared.ts';
import type { FlowDeps } from './services.ts';
import { countsOf, earlierGraphs, listFlows } from './store.ts';
import { requireKnownConfigs } from './unknown-config.ts';

const params = z.object({ flow_id: flowIdSchema });

const list = route(
  { resource: 'flows', verb: 'list', needs: 'flows.read' },
  {
    method: 'get',
    path: '/flows',
    summary: 'List flows, last changed first',
    request: { query: flowListQuerySchema },
    responses: { 200: answer(flowListSchema, 'A page of flows'), ...failures(...readFailures, 'cursor_invalid') },
  },
);

const create = route(
  {
    resource: 'flows',
    verb: 'create',
    needs: 'flows.write',
    audit: { action: 'flow.created', words: 'Created a flow' },
  },
  {
    method: 'post',
    path: '/flows',
    summary: 'Create a flow',
    request: { headers: idempotencyHeaders, body: jsonBody(createFlowSchema) },
    responses: { 201: answerWithTag(flowSchema, 'The flow, a draft'), ...failures(...bodyFailures, ...keyFailures) },
  },
);

const read = route(
  { resource: 'flows', verb: 'read', needs: 'flows.read' },
  {
    method: 'get',
    path: '/flows/{flow_id}',
    summary: 'Read a flow with its draft and its live graph',
    request: { params },
    responses: { 200: answerWithTag(flowSchema, 'The flow'), ...failures(...readFailures, 'not_found') },
  },
);

const update = route(
  {
    resource: 'flows',
    verb: 'update',
    needs: 'flows.write',
    audit: { action: 'flow.updated', words: 'Saved a flow’s draft, name or description' },
  },
  {
    method: 'patch',
    path: '/flows/{flow_id}',
    summary: 'Save a flow’s draft, name or description',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateFlowSchema) },
    responses: {
      200: answerWithTag(flowSchema, 'The flow as saved'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'flow_read_only', 'revision_required', 'stale'),
    },
  },
);

const remove = route(
  {
    resource: 'flows',
    verb: 'delete',
    needs: 'flows.write',
    audit: { action: 'flow.archived', words: 'Archived a flow' },
  },
  {
    method: 'delete',
    path: '/flows/{flow_id}',
    summary: 'Archive a draft or stopped flow',
    description: 'A flow written in code can be archived once its file is gone.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape) },
    responses: {
      204: { description: 'Archived; it can be restored' },
      ...failures(
        ...writeFailures,
        ...keyFailures,
        'not_found',
        'flow_read_only',
        'flow_state',
        'revision_required',
        'stale',
      ),
    },
  },
);

const restore = route(
  {
    resource: 'flows',
    verb: 'restore',
    needs: 'flows.write',
    audit: { action: 'flow.restored', words: 'Brought an archived flow back' },
  },
  {
    method: 'post',
    path: '/flows/{flow_id}/restore',
    summary: 'Bring an archived flow back',
    request: { params, headers: idempotencyHeaders },
    responses: {
      200: answerWithTag(flowSchema, 'The flow'),
      ...failures(...writeFailures, ...keyFailures, 'not_found'),
    },
  },
);

/** Flows as documents: list, create, read, save, archive, restore. */
export function flowRoutes(deps: FlowDeps) {
  const { ids, nodes, notifier } = deps.engine;
  const changed = (workspaceId: string) => () => notifier.changed(workspaceId);

  return newRoutes()
    .openapi(list, async (c) => {
      const { search, state, archived, limit, cursor } = c.req.valid('query');
      const after = readCursor(cursor, timeAndIdCursor);
      const body = await reading(c, deps, async (scope) => {
        const rows = await listFlows(scope, {
          search,
          state,
          archived: archived === 'true',
          limit: limit + 1,
          after,
          triggerTypes: triggerTypes(deps),
        });
        const counts = await countsOf(
          scope,
          rows.map((row) => row.id),
        );
        return toPage(
          rows,
          limit,
          (row) => showSummary(deps, row, counts.get(row.id)),
          (row) => [row.updated_key, row.id],
        );
      });
      return c.json(body, 200);
    })
    .openapi(create, async (c) => {
      const { workspaceId } = c.var.actor;
      const { name, description, graph } = c.req.valid('json');
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, flowSchema, async (work) => {
        const { tx, now } = work;
        if (graph !== undefined) await requireKnownConfigs(nodes, graph, async () => []);
        const id = ids.uuid();
        await tx
          .insertInto('flows')
          .values({
            workspace_id: workspaceId,
            id,
            name,
            description,
            kind: 'drawn',
            state: 'draft',
            graph: JSON.stringify(graph ?? emptyGraph),
            is_sample: isSample,
            created_at: now,
            updated_at: now,
          })
          .execute();
        await writeFeed(work, { flowIds: [id] });
        return changedFlow(deps, work, id);
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(read, async (c) => {
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const body = await reading(c, deps, async (scope) => showFlow(deps, scope, await requireFlow(deps, scope, id)));
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(update, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const { name, description, graph } = c.req.valid('json');
      const done = await effect(c, deps, update, flowSchema, async (work) => {
        const { tx, now } = work;
        const flow = await requireFlow(deps, work, id, { lock: true });
        requireDrawn(flow);
        const current = await showFlow(deps, work, flow);
        requireMatch(c.req.header('if-match'), flow.revision, () => current);
        if (graph !== undefined) await requireKnownConfigs(nodes, graph, () => earlierGraphs(work, flow));
        await tx
          .updateTable('flows')
          .set((eb) => ({
            revision: eb('revision', '+', 1),
            updated_at: now,
            ...(name === undefined ? {} : { name }),
            ...(description === undefined ? {} : { description }),
            ...(graph === undefined ? {} : { graph: JSON.stringify(graph) }),
          }))
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        await writeFeed(work, { flowIds: [id] });
        return changedFlow(deps, work, id);
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(remove, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const done = await effect(c, deps, remove, z.null(), async (work) => {
        const { tx, now } = work;
        const flow = await requireFlow(deps, work, id, { lock: true });
        // With the file there, the next start would bring it back.
        if (flow.source_problem !== 'gone') requireDrawn(flow);
        const current = await showFlow(deps, work, flow);
        requireMatch(c.req.header('if-match'), flow.revision, () => current);
        if (flow.state !== 'draft' && flow.state !== 'stopped') throw new ProblemError('flow_state');
        await tx
          .updateTable('flows')
          .set({ archived_at: now })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        await writeFeed(work, { flowIds: [id] });
        return { body: null, subject: current.id, after: changed(workspaceId) };
      });
      return c.body(null, 204, done.headers);
    })
    .openapi(restore, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const done = await effect(c, deps, restore, flowSchema, async (work) => {
        const { tx } = work;
        await requireFlow(deps, work, id, { lock: true, archived: true });
        await tx
          .updateTable('flows')
          .set({ archived_at: null })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        await writeFeed(work, { flowIds: [id] });
        return changedFlow(deps, work, id);
      });
      return c.json(done.body, 200, done.headers);
    });
}
