import { z } from '@hono/zod-openapi';
import { blockingProblems } from '@signalbox/nodes/define/problems';
import type { Work } from '../db/work.ts';
import { pageQuerySchema, templateIdSchema } from '../http/contract.ts';
import { readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { recorderOf } from '../http/recorder.ts';
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
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import {
  publishTemplateSchema,
  restoreTemplateSchema,
  type TemplateVersion,
  templateSchema,
  templateVersionsSchema,
} from './contract.ts';
import { readProblems } from './read-problems.ts';
import { changedTemplate, requireTemplate, showTemplate } from './routes-shared.ts';
import { insertVersion, listVersions, type TemplateRow, type VersionRow } from './store.ts';

const params = z.object({ template_id: templateIdSchema });
const numberCursor = z.tuple([z.int()]);

const list = route(
  { resource: 'templates', verb: 'list', needs: 'templates.read' },
  {
    method: 'get',
    path: '/message-templates/{template_id}/versions',
    summary: 'List a template’s versions, the newest first',
    request: { params, query: pageQuerySchema },
    responses: {
      200: answer(templateVersionsSchema, 'A page of versions'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const publish = route(
  {
    resource: 'templates',
    verb: 'publish',
    needs: 'templates.write',
    audit: { action: 'template.published', words: 'Published a version of a template' },
  },
  {
    method: 'post',
    path: '/message-templates/{template_id}/publish',
    summary: 'Make what is being worked on the newest version',
    description:
      'Whatever follows the newest version sends it from now on; what stays with an earlier one goes on with that.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(publishTemplateSchema) },
    responses: {
      200: answerWithTag(templateSchema, 'The template'),
      ...failures(
        ...bodyFailures,
        ...keyFailures,
        'not_found',
        'revision_required',
        'stale',
        'template_archived',
        'template_has_problems',
      ),
    },
  },
);

const restore = route(
  {
    resource: 'templates',
    verb: 'restore',
    needs: 'templates.write',
    audit: { action: 'template.restored', words: 'Took up an earlier version of a template' },
  },
  {
    method: 'post',
    path: '/message-templates/{template_id}/restore',
    summary: 'Work on from an earlier version',
    description:
      'Its texts take the place of what is being worked on. People get them once they are published as a version of their own.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(restoreTemplateSchema) },
    responses: {
      200: answerWithTag(templateSchema, 'The template'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

function show({ number, content, note, by_kind, by_id, created_at }: VersionRow): TemplateVersion {
  return {
    number,
    content,
    note,
    published_by: { kind: by_kind, id: by_id },
    published_at: created_at.toISOString(),
  };
}

/** Versions of templates: what people get, and what they got. */
export function templateVersionRoutes(deps: RouteDeps) {
  const { ids } = deps.engine;
  /** A template that was asked for by its revision, locked. */
  const matching = async (work: Work, id: string, match: string | undefined): Promise<TemplateRow> => {
    const present = await requireTemplate(work, id, true);
    const current = await showTemplate(work, present);
    requireMatch(match, present.revision, () => current);
    return present;
  };
  const store = (work: Work, present: TemplateRow, values: { readonly newest?: number; readonly content?: string }) =>
    work.tx
      .updateTable('message_templates')
      .set({ ...values, revision: present.revision + 1, updated_at: work.now })
      .where('workspace_id', '=', work.workspaceId)
      .where('id', '=', present.id)
      .execute();

  return newRoutes()
    .openapi(list, async (c) => {
      const id = idFrom('template', c.req.valid('param').template_id);
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, numberCursor)?.[0] ?? null;
      const rows = await reading(c, deps, async (scope) => {
        await requireTemplate(scope, id);
        return listVersions(scope, id, { before, limit: limit + 1 });
      });
      return c.json(
        toPage(rows, limit, show, ({ number }) => [number]),
        200,
      );
    })
    .openapi(publish, async (c) => {
      const id = idFrom('template', c.req.valid('param').template_id);
      const { note } = c.req.valid('json');
      const by = isSeed(c, deps.demo) ? { kind: 'sample', id: '' } : recorderOf(c);
      const done = await effect(c, deps, publish, templateSchema, async (work) => {
        const present = await matching(work, id, c.req.header('if-match'));
        if (present.archived_at !== null) throw new ProblemError('template_archived');
        const problems = blockingProblems(await readProblems(work, present));
        if (problems.length > 0)
          throw new ProblemError('template_has_problems', {
            errors: problems.map(({ code, path, title }) => ({ path, code, message: title })),
          });
        const number = await insertVersion(work, present, { id: ids.uuid(), note, by });
        await store(work, present, { newest: number });
        return { ...(await changedTemplate(deps, work, id)), detail: { version: number } };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(restore, async (c) => {
      const id = idFrom('template', c.req.valid('param').template_id);
      const { version } = c.req.valid('json');
      const done = await effect(c, deps, restore, templateSchema, async (work) => {
        const present = await matching(work, id, c.req.header('if-match'));
        const [earlier] = await listVersions(work, id, { before: null, limit: 1, number: version });
        if (earlier === undefined)
          throw fieldProblem(['version'], 'template_version_unknown', fieldTexts.template_version_unknown);
        await store(work, present, { content: JSON.stringify(earlier.content) });
        return { ...(await changedTemplate(deps, work, id)), detail: { version } };
      });
      return c.json(done.body, 200, done.headers);
    });
}
