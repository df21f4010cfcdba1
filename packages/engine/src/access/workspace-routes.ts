import { createHash } from 'node:crypto';
import { writeTopic } from '../db/feed.ts';
import type { Scope } from '../db/work.ts';
import { changedDocument, effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { requireMatch, tagOf } from '../http/revisions.ts';
import { route } from '../http/route.ts';
import {
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
import { updateWorkspaceSchema, type Workspace, workspaceSchema } from './contract.ts';

const read = route(
  { resource: 'workspace', verb: 'read', needs: 'workspace.read' },
  {
    method: 'get',
    path: '/workspace',
    summary: 'Read the workspace’s settings',
    responses: { 200: answerWithTag(workspaceSchema, 'The settings'), ...failures(...readFailures) },
  },
);

const update = route(
  {
    resource: 'workspace',
    verb: 'update',
    needs: 'workspace.write',
    audit: { action: 'workspace.updated', words: 'Changed the workspace’s settings' },
  },
  {
    method: 'patch',
    path: '/workspace',
    summary: 'Change the workspace’s settings',
    description:
      'The time zone holds for people without one of their own, and for the days by which counts are told. What was counted stays in the day that it was counted in. The home country says what numbers without a country code are; people whose number is known keep it.',
    request: { headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateWorkspaceSchema) },
    responses: {
      200: answerWithTag(workspaceSchema, 'The settings'),
      ...failures(...bodyFailures, ...keyFailures, 'revision_required', 'stale'),
    },
  },
);

async function readWorkspace({ tx, workspaceId }: Scope, sendsMail: boolean, lock = false): Promise<Workspace> {
  let row = tx
    .selectFrom('workspaces')
    .select([
      'name',
      'time_zone',
      'home_country',
      'currency',
      'language',
      'brand',
      'link_domain',
      'stop_answer',
      'start_answer',
      'help_answer',
      'resend_unknown',
      'notice_emails',
      'created_at',
    ])
    .where('workspace_id', '=', workspaceId);
  if (lock) row = row.forNoKeyUpdate();
  const { created_at, ...settings } = await row.executeTakeFirstOrThrow();
  const workspace = {
    id: shown('workspace', workspaceId),
    ...settings,
    sends_mail: sendsMail,
    created_at: created_at.toISOString(),
  };
  return { ...workspace, revision: createHash('sha256').update(JSON.stringify(workspace)).digest('hex').slice(0, 16) };
}

/** What holds for a whole workspace. */
export function workspaceRoutes(deps: RouteDeps) {
  const sendsMail = deps.engine.mailer !== null;
  return newRoutes()
    .openapi(read, async (c) => {
      const body = await reading(c, deps, (scope) => readWorkspace(scope, sendsMail));
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(update, async (c) => {
      const given = Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined);
      const done = await effect(c, deps, update, workspaceSchema, async (work) => {
        const { tx, workspaceId } = work;
        const current = await readWorkspace(work, sendsMail, true);
        requireMatch(c.req.header('if-match'), current.revision, () => current);
        if (given.length > 0)
          await tx
            .updateTable('workspaces')
            .set(Object.fromEntries(given))
            .where('workspace_id', '=', workspaceId)
            .execute();
        await writeTopic(work, { topic: 'workspace', ids: [current.id] });
        return changedDocument(deps, work, await readWorkspace(work, sendsMail));
      });
      return c.json(done.body, 200, done.headers);
    });
}
