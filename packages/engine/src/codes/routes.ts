import { z } from '@hono/zod-openapi';
import { toAttributeName } from '@signalbox/nodes/define/attribute-name';
import { codePoolKey } from '@signalbox/nodes/templates/codes';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { lockWorkspace } from '../access/home.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { codePoolIdSchema, pageQuerySchema } from '../http/contract.ts';
import { readCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
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
import { refuseTaken } from '../http/taken.ts';
import { fieldTexts } from '../http/texts.ts';
import {
  addCodesSchema,
  addedCodesSchema,
  type CodePool,
  codePoolListSchema,
  codePoolSchema,
  createCodePoolSchema,
  givenCodeListSchema,
  updateCodePoolSchema,
} from './contract.ts';
import { makeCodes, placesFor, placesOf } from './make-codes.ts';
import { addCodes, listGiven, listPools, mostCodes, mostPools, type PoolRow, readStock, type Stock } from './store.ts';

const params = z.object({ pool_id: codePoolIdSchema });
const placeAndCode = z.tuple([z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/), z.string().max(64)]);

const list = route(
  { resource: 'codes', verb: 'list', needs: 'codes.read' },
  {
    method: 'get',
    path: '/code-pools',
    summary: 'List pools of codes with what is left in them, by name',
    description: 'All of them, at most 200; archived ones last.',
    responses: { 200: answer(codePoolListSchema, 'Pools'), ...failures(...readFailures) },
  },
);

const read = route(
  { resource: 'codes', verb: 'read', needs: 'codes.read' },
  {
    method: 'get',
    path: '/code-pools/{pool_id}',
    summary: 'Read a pool of codes',
    request: { params },
    responses: { 200: answerWithTag(codePoolSchema, 'The pool'), ...failures(...readFailures, 'not_found') },
  },
);

const given = route(
  { resource: 'codes', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/code-pools/{pool_id}/given',
    summary: 'List who was given which code of a pool, the last first',
    request: { params, query: pageQuerySchema },
    responses: {
      200: answer(givenCodeListSchema, 'A page of codes'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const create = route(
  {
    resource: 'codes',
    verb: 'create',
    needs: 'codes.write',
    audit: { action: 'code_pool.created', words: 'Added a pool of codes' },
  },
  {
    method: 'post',
    path: '/code-pools',
    summary: 'Add a pool of codes',
    description: 'It has no codes yet. Texts name it by its key, which never changes.',
    request: { headers: idempotencyHeaders, body: jsonBody(createCodePoolSchema) },
    responses: {
      201: answerWithTag(codePoolSchema, 'The pool'),
      ...failures(...bodyFailures, ...keyFailures, 'code_pool_exists', 'code_pools_limit'),
    },
  },
);

const update = route(
  {
    resource: 'codes',
    verb: 'update',
    needs: 'codes.write',
    audit: { action: 'code_pool.updated', words: 'Changed, archived or brought back a pool of codes' },
  },
  {
    method: 'patch',
    path: '/code-pools/{pool_id}',
    summary: 'Rename, archive or bring back a pool of codes, or change when it is low',
    description: 'An archived pool gives nobody a code who has none; codes that people have can be redeemed.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateCodePoolSchema) },
    responses: {
      200: answerWithTag(codePoolSchema, 'The pool'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale', 'code_pool_exists'),
    },
  },
);

const add = route(
  {
    resource: 'codes',
    verb: 'create',
    needs: 'codes.write',
    audit: { action: 'codes.added', words: 'Put codes into a pool' },
  },
  {
    method: 'post',
    path: '/code-pools/{pool_id}/codes',
    summary: 'Put codes into a pool, or have some made, up to 10,000 at once',
    description:
      'They are given in their order. A code is in one pool of the workspace: one that is known already stays where it is. A pattern needs as many places by chance as keep others from guessing a code.',
    request: { params, headers: idempotencyHeaders, body: jsonBody(addCodesSchema) },
    responses: {
      200: answer(addedCodesSchema, 'How many are new'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'codes_limit'),
    },
  },
);

function show(row: PoolRow, stock: Stock): CodePool {
  return {
    id: shown('pool', row.id),
    key: row.key,
    name: row.name,
    low_at: row.low_at,
    archived: row.archived_at !== null,
    ...stock,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** @throws ProblemError `not_found`. */
async function requirePool(scope: Scope, id: string): Promise<PoolRow> {
  const [row] = await listPools(scope, id);
  if (row === undefined) throw new ProblemError('not_found');
  return row;
}

async function showPool(scope: Scope, row: PoolRow): Promise<CodePool> {
  const stockOf = await readStock(scope, [row.id]);
  return show(row, stockOf(row.id));
}

/** @throws ProblemError at `pattern` where somebody could guess codes of it. */
function requireStrong(pattern: string, codes: number): void {
  const places = placesFor(codes);
  if (placesOf(pattern) < places)
    throw fieldProblem(['pattern'], 'code_pattern_weak', formatMessage(fieldTexts.code_pattern_weak, { places }));
}

/** Pools of codes that texts give away. */
export function codeRoutes(deps: RouteDeps<{ readonly randomBytes: (bytes: number) => Uint8Array }>) {
  const stored = async (work: Work, id: string) => {
    await writeTopic(work, { topic: 'codes', ids: [shown('pool', id)] });
    return changedDocument(deps, work, await showPool(work, await requirePool(work, id)));
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const data = await reading(c, deps, async (scope) => {
        const rows = await listPools(scope);
        const stockOf = await readStock(
          scope,
          rows.map(({ id }) => id),
        );
        return rows.map((row) => show(row, stockOf(row.id)));
      });
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(read, async (c) => {
      const id = idFrom('pool', c.req.valid('param').pool_id);
      const pool = await reading(c, deps, async (scope) => showPool(scope, await requirePool(scope, id)));
      return c.json(pool, 200, { etag: tagOf(pool.revision) });
    })
    .openapi(given, async (c) => {
      const id = idFrom('pool', c.req.valid('param').pool_id);
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, placeAndCode);
      const rows = await reading(c, deps, async (scope) => {
        await requirePool(scope, id);
        return listGiven(scope, id, { limit: limit + 1, before });
      });
      const item = ({ place: _place, contact_id, given_at, redeemed_at, ...row }: (typeof rows)[number]) => ({
        ...row,
        contact_id: contact_id === null ? null : shown('contact', contact_id),
        given_at: given_at.toISOString(),
        redeemed_at: redeemed_at?.toISOString() ?? null,
      });
      return c.json(
        toPage(rows, limit, item, (row) => [row.place, row.code]),
        200,
      );
    })
    .openapi(create, async (c) => {
      const { name, key: wanted, low_at } = c.req.valid('json');
      const key = wanted ?? toAttributeName(name);
      if (key === null || !codePoolKey.test(key))
        throw fieldProblem(['key'], 'code_pool_key_missing', fieldTexts.code_pool_key_missing);
      const isSample = isSeed(c, deps.demo);
      const make = async (work: Work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        if ((await listPools(work)).length >= mostPools) throw new ProblemError('code_pools_limit');
        const id = deps.engine.ids.uuid();
        const row = { workspace_id: workspaceId, id, key, name, low_at, is_sample: isSample };
        await tx
          .insertInto('code_pools')
          .values({ ...row, created_at: now, updated_at: now })
          .execute();
        return stored(work, id);
      };
      const done = await effect(c, deps, create, codePoolSchema, make).catch(refuseTaken('code_pool_exists'));
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('pool', c.req.valid('param').pool_id);
      const { name, low_at, archived } = c.req.valid('json');
      const change = async (work: Work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        const present = await requirePool(work, id);
        const current = await showPool(work, present);
        requireMatch(c.req.header('if-match'), present.revision, () => current);
        await tx
          .updateTable('code_pools')
          .set({
            ...(name === undefined ? {} : { name }),
            ...(low_at === undefined ? {} : { low_at }),
            ...(archived === undefined ? {} : { archived_at: archived ? (present.archived_at ?? now) : null }),
            is_sample: false,
            revision: present.revision + 1,
            updated_at: now,
          })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        return stored(work, id);
      };
      const done = await effect(c, deps, update, codePoolSchema, change).catch(refuseTaken('code_pool_exists'));
      return c.json(done.body, 200, done.headers);
    })
    .openapi(add, async (c) => {
      const id = idFrom('pool', c.req.valid('param').pool_id);
      const body = c.req.valid('json');
      const wanted = 'codes' in body ? body.codes.length : body.count;
      const done = await effect(c, deps, add, addedCodesSchema, async (work) => {
        await lockWorkspace(work);
        const present = await showPool(work, await requirePool(work, id));
        if (present.codes + wanted > mostCodes) throw new ProblemError('codes_limit');
        if ('pattern' in body) requireStrong(body.pattern, present.codes + wanted);
        const codes =
          'codes' in body ? body.codes : makeCodes(body.pattern, body.count, (bytes) => deps.engine.randomBytes(bytes));
        const added = await addCodes(work, id, codes);
        await writeTopic(work, { topic: 'codes', ids: [present.id] });
        return {
          body: { added, known: wanted - added, pool: await showPool(work, await requirePool(work, id)) },
          subject: present.id,
          detail: { added },
          after: () => deps.engine.notifier.changed(work.workspaceId),
        };
      });
      return c.json(done.body, 200, done.headers);
    });
}
