import { z } from '@hono/zod-openapi';
import { noticeIdSchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom } from '../http/ids.ts';
import { MailError } from '../http/mailer.ts';
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
import { noticeListQuerySchema, noticeListSchema, testMailResultSchema, testMailSchema } from './contract.ts';
import { testMailText } from './mail-text.ts';
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

const testMail = route(
  { resource: 'notices', verb: 'check', needs: 'workspace.write', audit: 'nothing changes' },
  {
    method: 'post',
    path: '/notices/test-mail',
    summary: 'Send somebody a mail to see whether mails arrive',
    description:
      'Hands one mail to the relay and answers with what became of it: where the relay refuses, in its words; where there is none, with the settings that are missing. Asked for again it sends another.',
    request: { body: jsonBody(testMailSchema) },
    responses: { 200: answer(testMailResultSchema, 'What became of it'), ...failures(...bodyFailures) },
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
    .openapi(testMail, async (c) => {
      const { mailer, publicUrl, ids } = deps.engine;
      if (mailer === null)
        return c.json({ ok: false, code: null, said: null, missing: ['SMTP_URL', 'MAIL_FROM'] }, 200);
      const { name } = await reading(c, deps, ({ tx, workspaceId }) =>
        tx.selectFrom('workspaces').select('name').where('workspace_id', '=', workspaceId).executeTakeFirstOrThrow(),
      );
      try {
        const { to } = c.req.valid('json');
        await mailer.send({ id: ids.uuid(), to: [to], ...testMailText(name, publicUrl) });
        return c.json({ ok: true, code: null, said: null, missing: [] }, 200);
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        return c.json({ ok: false, code: error.code, said: error.said, missing: [] }, 200);
      }
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
