import { z } from '@hono/zod-openapi';
import { letInPage, liveTrigger } from '../cohorts/batches.ts';
import { noRuns } from '../cohorts/run-ref.ts';
import { readList } from '../contacts/lists.ts';
import type { Scope } from '../db/work.ts';
import { batchIdSchema, enrollmentIdSchema, flowIdSchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import { idFrom, readShown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
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
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import { readSegment } from '../segments/store.ts';
import { loadOrBare } from '../versions/version-cache.ts';
import {
  enrollmentBatchSchema,
  enrollmentDetailSchema,
  enrollmentListQuerySchema,
  enrollmentListSchema,
  enrollSchema,
} from './contract.ts';
import { readCondition } from './routes-enrollments-condition.ts';
import { showBatch, showDetail, showEnrollment } from './routes-enrollments-shared.ts';
import { requireFlow } from './routes-shared.ts';
import type { FlowDeps } from './services.ts';
import {
  type EnrollmentRow,
  insertBatch,
  listEnrollments,
  readBatch,
  readPath,
  stepNames,
  versionIds,
} from './store-enrollments.ts';

const params = z.object({ flow_id: flowIdSchema });
/** Up to this many people are let in before the answer. */
const atOnce = 50;

const list = route(
  { resource: 'enrollments', verb: 'list', needs: 'enrollments.read' },
  {
    method: 'get',
    path: '/flows/{flow_id}/enrollments',
    summary: 'List people’s enrollments in a flow, latest first',
    description:
      'With a step: those who stand there, and those who failed there; with `moved_on=true`, those who went on from it.',
    request: { params, query: enrollmentListQuerySchema },
    responses: {
      200: answer(enrollmentListSchema, 'A page of enrollments'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const enroll = route(
  {
    resource: 'enrollments',
    verb: 'create',
    needs: 'enrollments.write',
    audit: { action: 'enrollment_batch.created', words: 'Let people into a flow' },
  },
  {
    method: 'post',
    path: '/flows/{flow_id}/enrollments',
    summary: 'Let people into a live flow',
    description:
      'By contact ids, by a condition over contacts, or by a list or tag, with a condition or without. They are let in by pages of at most 1,000; up to 50 ids at once.',
    request: { params, headers: idempotencyHeaders, body: jsonBody(enrollSchema) },
    responses: {
      202: answer(enrollmentBatchSchema, 'The batch, to be followed'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'flow_not_live'),
    },
  },
);

const batch = route(
  { resource: 'enrollments', verb: 'read', needs: 'enrollments.read' },
  {
    method: 'get',
    path: '/flows/{flow_id}/batches/{batch_id}',
    summary: 'Read how far a batch has come',
    request: { params: params.extend({ batch_id: batchIdSchema }) },
    responses: { 200: answer(enrollmentBatchSchema, 'The batch'), ...failures(...readFailures, 'not_found') },
  },
);

const detail = route(
  { resource: 'enrollments', verb: 'read', needs: 'enrollments.read' },
  {
    method: 'get',
    path: '/enrollments/{enrollment_id}',
    summary: 'Read one enrollment with its path and reasons',
    request: { params: z.object({ enrollment_id: enrollmentIdSchema }) },
    responses: { 200: answer(enrollmentDetailSchema, 'The enrollment'), ...failures(...readFailures, 'not_found') },
  },
);

/** Ascending and without repeats; what is no contact id at all is refused. */
function readContacts(shownIds: readonly string[]): string[] {
  const ids = shownIds.map((text, index) => {
    const id = readShown('contact', text);
    if (id === null) throw fieldProblem(['contact_ids', index], 'contact_unknown', fieldTexts.contact_unknown);
    return id;
  });
  return [...new Set(ids)].sort();
}

/** People in flows: let in, list, and each one's path. */
export function enrollmentRoutes(deps: FlowDeps) {
  const { engine } = deps;
  const { ids, versions, nodes } = engine;
  const versionOf = (scope: Scope, row: EnrollmentRow) =>
    loadOrBare(versions, scope, { id: row.version_id, flowId: row.flow_id });

  return newRoutes()
    .openapi(list, async (c) => {
      const flowId = idFrom('flow', c.req.valid('param').flow_id);
      const { step_id: stepId, moved_on: movedOn, contact_id: contact, limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const body = await reading(c, deps, async (scope) => {
        await requireFlow(deps, scope, flowId);
        const places: Array<{ versionId: string; rank: number }> = [];
        if (stepId !== undefined) {
          for (const versionId of await versionIds(scope, flowId)) {
            const version = await loadOrBare(versions, scope, { id: versionId, flowId });
            for (const step of version.steps) if (step.id === stepId) places.push({ versionId, rank: step.rank });
          }
          if (places.length === 0) return { data: [], next_cursor: null };
        }
        const contactId = contact === undefined ? undefined : idFrom('contact', contact);
        const rows = await listEnrollments(scope, {
          flowId,
          contactId,
          before,
          limit: limit + 1,
          places: stepId === undefined ? undefined : places,
          movedOn: movedOn === 'true',
        });
        const items = [];
        for (const row of rows) items.push({ id: row.id, item: showEnrollment(row, await versionOf(scope, row)) });
        return toPage(
          items,
          limit,
          ({ item }) => item,
          ({ id }) => [id],
        );
      });
      return c.json(body, 200);
    })
    .openapi(enroll, async (c) => {
      const { workspaceId } = c.var.actor;
      const flowId = idFrom('flow', c.req.valid('param').flow_id);
      const request = c.req.valid('json');
      const contactIds = 'contact_ids' in request ? readContacts(request.contact_ids) : null;
      const condition =
        'condition' in request && request.condition !== undefined ? readCondition(request.condition) : null;
      const listId = 'list_id' in request ? readShown('list', request.list_id) : null;
      const segmentId = 'segment_id' in request ? readShown('segment', request.segment_id) : null;
      const done = await effect(c, deps, enroll, enrollmentBatchSchema, async (work) => {
        const { now } = work;
        await requireFlow(deps, work, flowId);
        if ((await liveTrigger(work, flowId)) === null) throw new ProblemError('flow_not_live');
        const id = ids.uuid();
        if ('list_id' in request && (listId === null || (await readList(work, listId)) === null))
          throw fieldProblem(['list_id'], 'list_unknown', fieldTexts.list_unknown);
        if ('segment_id' in request && (segmentId === null || (await readSegment(work, segmentId)) === null))
          throw fieldProblem(['segment_id'], 'segment_unknown', fieldTexts.segment_unknown);
        await insertBatch(work, { id, flowId, condition, listId, segmentId, contactIds, now });
        const page =
          contactIds !== null && contactIds.length <= atOnce ? await letInPage(engine.arrivalDeps, work, id) : null;
        // A page ends a batch only when it finds nothing more: one look ahead closes a small one.
        if (page?.state === 'more') await letInPage(engine.arrivalDeps, work, id);
        const stored = await readBatch(work, flowId, id);
        if (stored === null) throw new Error('The batch just stored is gone.');
        const body = showBatch(stored);
        return {
          body,
          subject: body.id,
          detail: { flow_id: body.flow_id },
          after: () => {
            engine.onArrived(workspaceId, { runs: page?.runs ?? noRuns, wake: [] });
            if (stored.state === 'running') engine.maintenance.nudge();
          },
        };
      });
      return c.json(done.body, 202, done.headers);
    })
    .openapi(batch, async (c) => {
      const { flow_id, batch_id } = c.req.valid('param');
      const stored = await reading(c, deps, (scope) =>
        readBatch(scope, idFrom('flow', flow_id), idFrom('batch', batch_id)),
      );
      if (stored === null) throw new ProblemError('not_found');
      return c.json(showBatch(stored), 200);
    })
    .openapi(detail, async (c) => {
      const id = idFrom('enrollment', c.req.valid('param').enrollment_id);
      const body = await reading(c, deps, async (scope) => {
        const [row] = await listEnrollments(scope, { id, limit: 1 });
        if (row === undefined) throw new ProblemError('not_found');
        const version = await versionOf(scope, row);
        return showDetail(row, version, await readPath(scope, id), nodes, await stepNames(scope, row.version_id));
      });
      return c.json(body, 200);
    });
}
