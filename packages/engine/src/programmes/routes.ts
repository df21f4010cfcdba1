import { z } from '@hono/zod-openapi';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { programmeIdSchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { recorderOf } from '../http/recorder.ts';
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
import { fieldTexts } from '../http/texts.ts';
import {
  addVersionSchema,
  createProgrammeSchema,
  type Programme as ProgrammeDocument,
  programmeListSchema,
  programmeQuerySchema,
  programmeSchema,
  updateProgrammeSchema,
} from './contract.ts';
import { insertVersion, listProgrammes, lockProgramme, type Programme, readProgramme, type Words } from './store.ts';

const params = z.object({ programme_id: programmeIdSchema });

const list = route(
  { resource: 'consent', verb: 'list', needs: 'consent.read' },
  {
    method: 'get',
    path: '/consent/programmes',
    summary: 'List what people sign up for, the newest first',
    request: { query: programmeQuerySchema },
    responses: {
      200: answer(programmeListSchema, 'A page of programmes'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const read = route(
  { resource: 'consent', verb: 'read', needs: 'consent.read' },
  {
    method: 'get',
    path: '/consent/programmes/{programme_id}',
    summary: 'Read a programme with every version of its words',
    request: { params },
    responses: { 200: answerWithTag(programmeSchema, 'The programme'), ...failures(...readFailures, 'not_found') },
  },
);

const create = route(
  {
    resource: 'consent',
    verb: 'create',
    needs: 'consent.write',
    audit: { action: 'programme.created', words: 'Added something that people sign up for' },
  },
  {
    method: 'post',
    path: '/consent/programmes',
    summary: 'Add something that people sign up for',
    description: 'With the first version of the words that they are shown.',
    request: { headers: idempotencyHeaders, body: jsonBody(createProgrammeSchema) },
    responses: {
      201: answerWithTag(programmeSchema, 'The programme'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

const update = route(
  {
    resource: 'consent',
    verb: 'update',
    needs: 'consent.write',
    audit: { action: 'programme.updated', words: 'Changed something that people sign up for' },
  },
  {
    method: 'patch',
    path: '/consent/programmes/{programme_id}',
    summary: 'Change or archive a programme',
    description: 'Its words are changed by another version of them.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateProgrammeSchema) },
    responses: {
      200: answerWithTag(programmeSchema, 'The programme'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

const addVersion = route(
  {
    resource: 'consent',
    verb: 'publish',
    needs: 'consent.write',
    audit: { action: 'programme.reworded', words: 'Changed the words that people are shown' },
  },
  {
    method: 'post',
    path: '/consent/programmes/{programme_id}/versions',
    summary: 'Add a version of a programme’s words',
    description:
      'Shown from now on. Whoever agreed to an earlier one agreed to that: it stays as it is, and their consent names it.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(addVersionSchema) },
    responses: {
      200: answerWithTag(programmeSchema, 'The programme'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

function show({ versions, archived_at, ...row }: Programme): ProgrammeDocument {
  return {
    id: shown('programme', row.id),
    name: row.name,
    purpose: row.purpose,
    brand: row.brand,
    description: row.description,
    archived: archived_at !== null,
    versions: versions.map(({ version, disclosure, question, hash, actor_kind, actor, created_at }) => ({
      version,
      disclosure,
      question,
      hash: hash.toString('hex'),
      recorded_by: actor_kind === null ? null : { kind: actor_kind, id: actor ?? '' },
      created_at: created_at.toISOString(),
    })),
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** @throws ProblemError `validation_failed` where a question is asked for what needs no consent. */
function requireAskable({ question }: Words, purpose: string): void {
  if (question !== null && purpose !== 'marketing')
    throw fieldProblem(['question'], 'question_needs_marketing', fieldTexts.question_needs_marketing);
}

/** What people sign up for, and the words that they are shown. */
export function programmeRoutes(deps: RouteDeps) {
  /** Locks a programme and changes it in a transaction in which its revision is the one that was asked for. */
  const changed = async (
    work: Work,
    id: string,
    match: string | undefined,
    change: (present: Programme) => Promise<object>,
  ) => {
    await lockProgramme(work, id);
    const present = await readProgramme(work, id);
    if (present === null) throw new ProblemError('not_found');
    requireMatch(match, present.revision, () => show(present));
    const { tx, workspaceId, now } = work;
    await tx
      .updateTable('consent_programmes')
      .set({ ...(await change(present)), revision: present.revision + 1, updated_at: now })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .execute();
    return stored(work, id);
  };

  const stored = async (work: Work, id: string) => {
    const programme = await readProgramme(work, id);
    if (programme === null) throw new Error('A programme that was just written is gone.');
    const body = show(programme);
    await writeTopic(work, { topic: 'programmes', ids: [body.id] });
    return changedDocument(deps, work, body);
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, (scope) => listProgrammes(scope, { before, limit: limit + 1 }));
      return c.json(
        toPage(rows, limit, show, (row) => [row.id]),
        200,
      );
    })
    .openapi(read, async (c) => {
      const id = idFrom('programme', c.req.valid('param').programme_id);
      const programme = await reading(c, deps, (scope) => readProgramme(scope, id));
      if (programme === null) throw new ProblemError('not_found');
      return c.json(show(programme), 200, { etag: tagOf(programme.revision) });
    })
    .openapi(create, async (c) => {
      const { disclosure, question, ...fields } = c.req.valid('json');
      requireAskable({ disclosure, question }, fields.purpose);
      const by = recorderOf(c);
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, programmeSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        const id = deps.engine.ids.uuid();
        await tx
          .insertInto('consent_programmes')
          .values({ workspace_id: workspaceId, id, ...fields, created_at: now, updated_at: now, is_sample: isSample })
          .execute();
        await insertVersion(work, id, 1, { disclosure, question }, by);
        return stored(work, id);
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('programme', c.req.valid('param').programme_id);
      const { archived, ...given } = c.req.valid('json');
      const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const done = await effect(c, deps, update, programmeSchema, (work) =>
        changed(work, id, c.req.header('if-match'), async () => ({
          ...fields,
          ...(archived === undefined ? {} : { archived_at: archived ? work.now : null }),
        })),
      );
      return c.json(done.body, 200, done.headers);
    })
    .openapi(addVersion, async (c) => {
      const id = idFrom('programme', c.req.valid('param').programme_id);
      const words = c.req.valid('json');
      const by = recorderOf(c);
      const done = await effect(c, deps, addVersion, programmeSchema, (work) =>
        changed(work, id, c.req.header('if-match'), async ({ purpose, versions }) => {
          requireAskable(words, purpose);
          await insertVersion(work, id, (versions[0]?.version ?? 0) + 1, words, by);
          return {};
        }),
      );
      return c.json(done.body, 200, done.headers);
    });
}
