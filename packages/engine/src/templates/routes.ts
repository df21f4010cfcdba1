import { z } from '@hono/zod-openapi';
import { toAttributeName } from '@signalbox/nodes/define/attribute-name';
import { lockWorkspace } from '../access/home.ts';
import type { Work } from '../db/work.ts';
import { templateIdSchema } from '../http/contract.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom } from '../http/ids.ts';
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
  createTemplateSchema,
  templateListSchema,
  templateQuerySchema,
  templateSchema,
  updateTemplateSchema,
} from './contract.ts';
import { changedTemplate, requireTemplate, showEntry, showTemplate } from './routes-shared.ts';
import { countTemplates, listTemplates, mostTemplates } from './store.ts';

const params = z.object({ template_id: templateIdSchema });

const list = route(
  { resource: 'templates', verb: 'list', needs: 'templates.read' },
  {
    method: 'get',
    path: '/message-templates',
    summary: 'List templates and snippets, last changed first',
    description: '`search` holds a part of the name, of the key or of a text.',
    request: { query: templateQuerySchema },
    responses: {
      200: answer(templateListSchema, 'A page of templates'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const read = route(
  { resource: 'templates', verb: 'read', needs: 'templates.read' },
  {
    method: 'get',
    path: '/message-templates/{template_id}',
    summary: 'Read a template with what is being worked on, and what is wrong with it',
    request: { params },
    responses: { 200: answerWithTag(templateSchema, 'The template'), ...failures(...readFailures, 'not_found') },
  },
);

const create = route(
  {
    resource: 'templates',
    verb: 'create',
    needs: 'templates.write',
    audit: { action: 'template.created', words: 'Added a template or a snippet' },
  },
  {
    method: 'post',
    path: '/message-templates',
    summary: 'Add a template or a snippet',
    description: 'Nobody gets it before its first version is published.',
    request: { headers: idempotencyHeaders, body: jsonBody(createTemplateSchema) },
    responses: {
      201: answerWithTag(templateSchema, 'The template'),
      ...failures(...bodyFailures, ...keyFailures, 'template_exists', 'templates_limit'),
    },
  },
);

const update = route(
  {
    resource: 'templates',
    verb: 'update',
    needs: 'templates.write',
    audit: { action: 'template.updated', words: 'Changed, archived or brought back a template' },
  },
  {
    method: 'patch',
    path: '/message-templates/{template_id}',
    summary: 'Change what is being worked on of a template, rename or archive it',
    description: 'What people get changes once a version is published.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateTemplateSchema) },
    responses: {
      200: answerWithTag(templateSchema, 'The template'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale', 'template_exists'),
    },
  },
);

/** The key that texts name a snippet by. @throws ProblemError at `key` where there is none to be made, or none wanted. */
function keyOf({ kind, name, key }: z.output<typeof createTemplateSchema>): string | null {
  if (kind === 'template') {
    if (key !== undefined) throw fieldProblem(['key'], 'snippet_key_unfit', fieldTexts.snippet_key_unfit);
    return null;
  }
  const made = key ?? toAttributeName(name);
  if (made === null || !/^[a-z][a-z0-9_]{0,39}$/.test(made))
    throw fieldProblem(['key'], 'snippet_key_missing', fieldTexts.snippet_key_missing);
  return made;
}

/** Templates and snippets, and what is being worked on of them. */
export function templateRoutes(deps: RouteDeps) {
  return newRoutes()
    .openapi(list, async (c) => {
      const { limit, cursor, kind, search, archived } = c.req.valid('query');
      const after = readCursor(cursor, timeAndIdCursor);
      const query = { kind, search, archived: archived === 'true', limit: limit + 1, after };
      const rows = await reading(c, deps, (scope) => listTemplates(scope, query));
      return c.json(
        toPage(rows, limit, showEntry, (row) => [row.updated_key, row.id]),
        200,
      );
    })
    .openapi(read, async (c) => {
      const id = idFrom('template', c.req.valid('param').template_id);
      const body = await reading(c, deps, async (scope) => showTemplate(scope, await requireTemplate(scope, id)));
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(create, async (c) => {
      const body = c.req.valid('json');
      const key = keyOf(body);
      const isSample = isSeed(c, deps.demo);
      const make = async (work: Work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        if ((await countTemplates(work)) >= mostTemplates) throw new ProblemError('templates_limit');
        const id = deps.engine.ids.uuid();
        await tx
          .insertInto('message_templates')
          .values({
            workspace_id: workspaceId,
            id,
            kind: body.kind,
            key,
            name: body.name,
            content: JSON.stringify(body.content),
            is_sample: isSample,
            created_at: now,
            updated_at: now,
          })
          .execute();
        return changedTemplate(deps, work, id);
      };
      const done = await effect(c, deps, create, templateSchema, make).catch(refuseTaken('template_exists'));
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('template', c.req.valid('param').template_id);
      const { name, content, archived } = c.req.valid('json');
      const change = async (work: Work) => {
        const { tx, workspaceId, now } = work;
        const present = await requireTemplate(work, id, true);
        const current = await showTemplate(work, present);
        requireMatch(c.req.header('if-match'), present.revision, () => current);
        await tx
          .updateTable('message_templates')
          .set({
            ...(name === undefined ? {} : { name }),
            ...(content === undefined ? {} : { content: JSON.stringify(content) }),
            ...(archived === undefined ? {} : { archived_at: archived ? (present.archived_at ?? now) : null }),
            is_sample: present.is_sample && isSeed(c, deps.demo),
            revision: present.revision + 1,
            updated_at: now,
          })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        return changedTemplate(deps, work, id);
      };
      const done = await effect(c, deps, update, templateSchema, change).catch(refuseTaken('template_exists'));
      return c.json(done.body, 200, done.headers);
    });
}
