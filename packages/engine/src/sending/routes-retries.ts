import { z } from '@hono/zod-openapi';
import type { Work } from '../db/work.ts';
import { retryIdSchema } from '../http/contract.ts';
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
import {
  createRetrySchema,
  type QueueRetry,
  retryCountSchema,
  retryFilterSchema,
  retryListSchema,
  retrySchema,
} from './contract.ts';
import { filterOf, readSubject, requireSubject } from './queue-filter.ts';
import { showSubject } from './queue-view.ts';
import { beginRetry, countRetryable, listRetries, type RetryRow, readRetry, undoRetry } from './retry-queued.ts';
import { type QueueDeps, queueChanged } from './routes.ts';

const list = route(
  { resource: 'queue', verb: 'list', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/retries',
    summary: 'List which messages are being tried again at once',
    description: 'With those that ended within a day. There are never many: the list has one page.',
    responses: { 200: answer(retryListSchema, 'Every retry, the newest first'), ...failures(...readFailures) },
  },
);

const count = route(
  { resource: 'queue', verb: 'read', needs: 'queue.read' },
  {
    method: 'get',
    path: '/queue/retries/count',
    summary: 'Count the messages that a retry would try at once',
    request: { query: retryFilterSchema },
    responses: { 200: answer(retryCountSchema, 'How many'), ...failures(...readFailures) },
  },
);

const retry = route(
  {
    resource: 'queue',
    verb: 'update',
    needs: 'queue.write',
    audit: { action: 'queue.retried', words: 'Had messages tried again at once' },
  },
  {
    method: 'post',
    path: '/queue/retries',
    summary: 'Try messages again at once that wait for another try',
    description:
      'Begins ten seconds later; until then it can be undone by deleting the retry. Messages that nobody tried yet, and those of which nobody knows whether they were sent, are not touched.',
    request: { headers: idempotencyHeaders, body: jsonBody(createRetrySchema) },
    responses: { 202: answer(retrySchema, 'The retry'), ...failures(...bodyFailures, ...keyFailures) },
  },
);

const undo = route(
  {
    resource: 'queue',
    verb: 'update',
    needs: 'queue.write',
    audit: { action: 'queue.retry_undone', words: 'Let messages wait for their next try after all' },
  },
  {
    method: 'delete',
    path: '/queue/retries/{retry_id}',
    summary: 'Undo a retry that has not begun',
    request: { params: z.object({ retry_id: retryIdSchema }), headers: idempotencyHeaders },
    responses: {
      204: { description: 'Undone' },
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'retry_begun'),
    },
  },
);

function showRetry(row: RetryRow): QueueRetry {
  const { code, matched, retried } = row;
  return {
    id: shown('retry', row.id),
    ...showSubject(row),
    code,
    starts_at: row.starts_at.toISOString(),
    matched,
    retried,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

/** Messages that wait for another try, tried at once. */
export function retryRoutes(deps: QueueDeps) {
  const { clock, ids } = deps.engine;
  const changed = queueChanged(deps);
  const showOne = async (work: Work, id: string): Promise<QueueRetry> => {
    const row = await readRetry(work, id);
    if (row === undefined) throw new Error('The retry just stored is gone.');
    return showRetry(row);
  };
  return newRoutes()
    .openapi(list, async (c) => {
      const rows = await reading(c, deps, listRetries);
      return c.json({ data: rows.map(showRetry), next_cursor: null }, 200);
    })
    .openapi(count, async (c) => {
      const given = c.req.valid('query');
      const matched = await reading(c, deps, async (scope) =>
        countRetryable({ ...scope, now: clock.now() }, filterOf(await readSubject(scope, given), given)),
      );
      return c.json({ matched }, 200);
    })
    .openapi(retry, async (c) => {
      const input = c.req.valid('json');
      const done = await effect(c, deps, retry, retrySchema, async (work) => {
        const id = ids.uuid();
        await beginRetry(work, id, filterOf(await requireSubject(work, input), input));
        const body = await showOne(work, id);
        const result = await changed(work, body, shown('retry', id));
        return { ...result, detail: { matched: body.matched } };
      });
      return c.json(done.body, 202, done.headers);
    })
    .openapi(undo, async (c) => {
      const id = idFrom('retry', c.req.valid('param').retry_id);
      const done = await effect(c, deps, undo, z.null(), async (work) => {
        if ((await readRetry(work, id)) === undefined) throw new ProblemError('not_found');
        if (!(await undoRetry(work, id))) throw new ProblemError('retry_begun');
        return changed(work, null, shown('retry', id));
      });
      return c.body(null, 204, done.headers);
    });
}
