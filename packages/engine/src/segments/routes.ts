import { z } from '@hono/zod-openapi';
import { describeCondition, type Names } from '@signalbox/nodes/flow/describe-condition';
import { lockWorkspace } from '../access/home.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { pageQuerySchema, segmentIdSchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, readShown, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { requireMatch } from '../http/revisions.ts';
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
import {
  createSegmentSchema,
  previewSegmentSchema,
  reachSchema,
  type Segment,
  segmentListSchema,
  segmentMembersSchema,
  segmentPreviewSchema,
  segmentSchema,
  updateSegmentSchema,
} from './contract.ts';
import { listMembers } from './members.ts';
import { previewCondition, reachOfSegment } from './preview.ts';
import { readSegmentCondition } from './read-condition.ts';
import {
  insertSegment,
  listSegments,
  mostSegments,
  namesIn,
  readSegment,
  type SegmentRow,
  updateSegment,
  usesOfSegment,
} from './store.ts';

const params = z.object({ segment_id: segmentIdSchema });

const list = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/segments',
    summary: 'List segments with their sizes, by name',
    description: 'All of them, at most 200.',
    responses: { 200: answer(segmentListSchema, 'Segments'), ...failures(...readFailures) },
  },
);

const read = route(
  { resource: 'contacts', verb: 'read', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/segments/{segment_id}',
    summary: 'Read a segment',
    request: { params },
    responses: { 200: answerWithTag(segmentSchema, 'The segment'), ...failures(...readFailures, 'not_found') },
  },
);

const reach = route(
  { resource: 'contacts', verb: 'read', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/segments/{segment_id}/reach',
    summary: 'Count who of a segment can be written to',
    request: { params },
    responses: { 200: answer(reachSchema, 'Counts'), ...failures(...readFailures, 'not_found') },
  },
);

const members = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/segments/{segment_id}/members',
    summary: 'List the people of a segment, the latest added first',
    request: { params, query: pageQuerySchema },
    responses: {
      200: answer(segmentMembersSchema, 'A page of people'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const preview = route(
  { resource: 'contacts', verb: 'check', needs: 'contacts.read', audit: 'nothing changes' },
  {
    method: 'post',
    path: '/segments/preview',
    summary: 'Count who meets a condition now, storing nothing',
    description: 'Answers with how many people meet it, how many of them can be written to, and ten of them.',
    request: { body: jsonBody(previewSegmentSchema) },
    responses: { 200: answer(segmentPreviewSchema, 'Who meets it'), ...failures(...bodyFailures) },
  },
);

const create = route(
  {
    resource: 'contacts',
    verb: 'create',
    needs: 'contacts.write',
    audit: { action: 'segment.created', words: 'Added a segment' },
  },
  {
    method: 'post',
    path: '/segments',
    summary: 'Add a segment',
    description: 'It is `building` until everybody was asked; nobody is told of those who are in it then.',
    request: { headers: idempotencyHeaders, body: jsonBody(createSegmentSchema) },
    responses: {
      201: answerWithTag(segmentSchema, 'The segment'),
      ...failures(...bodyFailures, ...keyFailures, 'segment_exists', 'segments_limit'),
    },
  },
);

const update = route(
  {
    resource: 'contacts',
    verb: 'update',
    needs: 'contacts.write',
    audit: { action: 'segment.updated', words: 'Changed a segment' },
  },
  {
    method: 'patch',
    path: '/segments/{segment_id}',
    summary: 'Change a segment',
    description: 'With another condition everybody is asked anew, and nobody is told of those who come or go by that.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateSegmentSchema) },
    responses: {
      200: answerWithTag(segmentSchema, 'The segment'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale', 'segment_exists'),
    },
  },
);

const remove = route(
  {
    resource: 'contacts',
    verb: 'delete',
    needs: 'contacts.write',
    audit: { action: 'segment.deleted', words: 'Deleted a segment' },
  },
  {
    method: 'delete',
    path: '/segments/{segment_id}',
    summary: 'Delete a segment that nothing uses; its people stay',
    request: { params, headers: idempotencyHeaders },
    responses: {
      204: { description: 'Deleted' },
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'segment_in_use'),
    },
  },
);

function show(row: SegmentRow, names: Names): Segment {
  return {
    id: shown('segment', row.id),
    name: row.name,
    condition: row.condition,
    sentence: describeCondition(row.condition, names),
    state: row.state,
    size: row.size,
    recounted_at: row.recounted_at.toISOString(),
    mended: row.mended,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** @throws ProblemError `not_found`. */
async function requireSegment(scope: Scope, id: string): Promise<SegmentRow> {
  const row = await readSegment(scope, id);
  if (row === null) throw new ProblemError('not_found');
  return row;
}

const showOne = async (scope: Scope, row: SegmentRow): Promise<Segment> =>
  show(row, await namesIn(scope, [row.condition]));

/** @throws ProblemError `segment_exists` where another one is called so. */
function requireFreeName(rows: readonly SegmentRow[], name: string, ownId: string | null): void {
  if (rows.some((row) => row.id !== ownId && row.name.toLowerCase() === name.toLowerCase()))
    throw new ProblemError('segment_exists');
}

const showPerson = (row: {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly phone: string;
}) => ({
  contact_id: shown('contact', row.id),
  first_name: row.first_name,
  last_name: row.last_name,
  phone: row.phone,
});

/** Segments, who is in them, and who would be. */
export function segmentRoutes(deps: RouteDeps) {
  const told = (work: Work, id: string) => writeTopic(work, { topic: 'segments', ids: [shown('segment', id)] });

  return newRoutes()
    .openapi(list, async (c) => {
      const data = await reading(c, deps, async (scope) => {
        const rows = await listSegments(scope);
        const names = await namesIn(
          scope,
          rows.map(({ condition }) => condition),
        );
        return rows.map((row) => show(row, names));
      });
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(read, async (c) => {
      const id = idFrom('segment', c.req.valid('param').segment_id);
      const segment = await reading(c, deps, async (scope) => showOne(scope, await requireSegment(scope, id)));
      return c.json(segment, 200, { etag: `"${segment.revision}"` });
    })
    .openapi(reach, async (c) => {
      const id = idFrom('segment', c.req.valid('param').segment_id);
      const counts = await reading(c, deps, async (scope) => {
        await requireSegment(scope, id);
        return reachOfSegment(scope, id);
      });
      return c.json({ ...counts, consenting: [...counts.consenting] }, 200);
    })
    .openapi(members, async (c) => {
      const id = idFrom('segment', c.req.valid('param').segment_id);
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, async (scope) => {
        await requireSegment(scope, id);
        return listMembers(scope, id, { limit: limit + 1, before });
      });
      const item = (row: (typeof rows)[number]) => ({ ...showPerson(row), since: row.since.toISOString() });
      return c.json(
        toPage(rows, limit, item, (row) => [row.id]),
        200,
      );
    })
    .openapi(preview, async (c) => {
      const { condition: given, segment_id: ownId } = c.req.valid('json');
      const now = deps.engine.clock.now();
      const found = await reading(c, deps, async (scope) => {
        const condition = await readSegmentCondition(
          scope,
          given,
          ownId === undefined ? null : readShown('segment', ownId),
        );
        const names = await namesIn(scope, [condition]);
        return {
          ...(await previewCondition({ ...scope, now }, condition)),
          sentence: describeCondition(condition, names),
        };
      });
      const { sentence, size, reach: counts, samples } = found;
      return c.json(
        { sentence, size, reach: { ...counts, consenting: [...counts.consenting] }, samples: samples.map(showPerson) },
        200,
      );
    })
    .openapi(create, async (c) => {
      const { name, condition: given } = c.req.valid('json');
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, segmentSchema, async (work) => {
        await lockWorkspace(work);
        const present = await listSegments(work);
        requireFreeName(present, name, null);
        if (present.length >= mostSegments) throw new ProblemError('segments_limit');
        const condition = await readSegmentCondition(work, given, null);
        const id = deps.engine.ids.uuid();
        await insertSegment(work, { id, name, condition }, isSample);
        await told(work, id);
        return changedDocument(deps, work, await showOne(work, await requireSegment(work, id)));
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('segment', c.req.valid('param').segment_id);
      const { name, condition: given } = c.req.valid('json');
      const done = await effect(c, deps, update, segmentSchema, async (work) => {
        await lockWorkspace(work);
        const present = await requireSegment(work, id);
        const shownNow = await showOne(work, present);
        requireMatch(c.req.header('if-match'), present.revision, () => shownNow);
        if (name !== undefined) requireFreeName(await listSegments(work), name, id);
        const condition = given === undefined ? present.condition : await readSegmentCondition(work, given, id);
        await updateSegment(work, present, { name: name ?? present.name, condition });
        await told(work, id);
        return changedDocument(deps, work, await showOne(work, await requireSegment(work, id)));
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(remove, async (c) => {
      const { segment_id: shownId } = c.req.valid('param');
      const id = idFrom('segment', shownId);
      const done = await effect(c, deps, remove, z.null(), async (work) => {
        const { tx, workspaceId } = work;
        await lockWorkspace(work);
        await requireSegment(work, id);
        if ((await usesOfSegment(work, id)) > 0) throw new ProblemError('segment_in_use');
        await tx.deleteFrom('segments').where('workspace_id', '=', workspaceId).where('id', '=', id).execute();
        await told(work, id);
        return { body: null, subject: shownId, after: () => deps.engine.notifier.changed(workspaceId) };
      });
      return c.body(null, 204, done.headers);
    });
}
