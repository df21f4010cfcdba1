import { z } from '@hono/zod-openapi';
import { noticeIdSchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import {
  answer,
  failures,
  idempotencyHeaders,
  keyFailures,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { noticeListQuerySchema, noticeListSchema } from './contract.ts';
import { showNotice } from './show-notice.ts';
import { countUnread, listNotices, markRead } from './store.ts';

const list = route(
  { resource: 'notices', verb: 'list', needs: 'notices.read' },
  {
    method: 'get',
    path: '/notices',
    summary: 'List what somebody should know of, newest first',
    description:
      'One notice for each incident: while it is open it is raised once, and one that comes after its end is a new one. `state` narrows to what goes on, or to what is over.',
    request: { query: noticeListQuerySchema },
    responses: { 200: answer(noticeListSchema, 'A page of notices'), ...failures(...readFailures, 'cursor_invalid') },
  },
);

const read = route(
  {
    resource: 'notices',
    verb: 'handle',
    needs: 'notices.write',
    audit: { action: 'notices.read', words: 'Marked notices as read' },
  },
  {
    method: 'post',
    path: '/notices/{notice_id}/read',
    summary: 'Mark a notice, and all before it, as read',
    description: 'For everybody in the workspace. One that was raised after it stays unread.',
    request: { params: z.object({ notice_id: noticeIdSchema }), headers: idempotencyHeaders },
    responses: { 204: { description: 'Marked' }, ...failures(...writeFailures, ...keyFailures, 'not_found') },
  },
);

/** What somebody should know of. */
export function noticeRoutes(deps: RouteDeps) {
  return newRoutes()
    .openapi(list, async (c) => {
      const { state, limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const { rows, unread } = await reading(c, deps, async (scope) => ({
        rows: await listNotices(scope, { state, before, limit: limit + 1 }),
        unread: await countUnread(scope),
      }));
      return c.json({ ...toPage(rows, limit, showNotice, (row) => [row.id]), unread }, 200);
    })
    .openapi(read, async (c) => {
      const { notice_id } = c.req.valid('param');
      const id = idFrom('notice', notice_id);
      const done = await effect(c, deps, read, z.null(), async (work) => {
        if (!(await markRead(work, id))) throw new ProblemError('not_found');
        return { body: null, subject: notice_id, after: () => deps.engine.notifier.changed(work.workspaceId) };
      });
      return c.body(null, 204, done.headers);
    });
}
