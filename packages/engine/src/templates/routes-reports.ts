import { z } from '@hono/zod-openapi';
import { readList } from '../contacts/lists.ts';
import { templateIdSchema } from '../http/contract.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, readShown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, bodyFailures, failures, jsonBody, newRoutes, readFailures } from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import { previewTemplateSchema, templatePreviewSchema, templateResultsSchema, templateUsesSchema } from './contract.ts';
import { previewTemplate } from './preview.ts';
import { readResults } from './results.ts';
import { requireTemplate } from './routes-shared.ts';
import { readUses } from './uses.ts';

const params = z.object({ template_id: templateIdSchema });

const uses = route(
  { resource: 'templates', verb: 'list', needs: 'templates.read' },
  {
    method: 'get',
    path: '/message-templates/{template_id}/uses',
    summary: 'List where a template is used',
    description:
      'Flows by name, live or being drawn; of a snippet also the templates that name it. At most 200 of each.',
    request: { params },
    responses: { 200: answer(templateUsesSchema, 'Where it is used'), ...failures(...readFailures, 'not_found') },
  },
);

const results = route(
  { resource: 'templates', verb: 'report', needs: 'templates.read' },
  {
    method: 'get',
    path: '/message-templates/{template_id}/results',
    summary: 'Read what became of a template’s messages, by version, language and gaps',
    description: 'People are counted, each with the interval in which the share of all like them is likely to lie.',
    request: { params },
    responses: { 200: answer(templateResultsSchema, 'The results'), ...failures(...readFailures, 'not_found') },
  },
);

const preview = route(
  { resource: 'templates', verb: 'check', needs: 'contacts.read', audit: 'nothing changes' },
  {
    method: 'post',
    path: '/message-templates/preview',
    summary: 'Show a text as twenty real people would get it, sending nothing',
    description:
      'Of 500 who are drawn: those with the longest texts, those of whom something is not known, those to whom it is the dearest, and others.',
    request: { body: jsonBody(previewTemplateSchema) },
    responses: { 200: answer(templatePreviewSchema, 'What they would get'), ...failures(...bodyFailures) },
  },
);

/** What is told about templates: where they are, what came of them, and how people would get them. */
export function templateReportRoutes(deps: RouteDeps) {
  return newRoutes()
    .openapi(preview, async (c) => {
      const { content, purpose, list_id: list, seed } = c.req.valid('json');
      const body = await reading(c, deps, async (scope) => {
        const listId = list === undefined ? null : readShown('list', list);
        if (list !== undefined && (listId === null || (await readList(scope, listId)) === null))
          throw fieldProblem(['list_id'], 'list_unknown', fieldTexts.list_unknown);
        return previewTemplate({ ...scope, now: deps.engine.clock.now() }, { content, purpose, listId, seed });
      });
      return c.json(body, 200);
    })
    .openapi(uses, async (c) => {
      const id = idFrom('template', c.req.valid('param').template_id);
      const data = await reading(c, deps, async (scope) => readUses(scope, await requireTemplate(scope, id)));
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(results, async (c) => {
      const id = idFrom('template', c.req.valid('param').template_id);
      const body = await reading(c, deps, async (scope) => {
        await requireTemplate(scope, id);
        return readResults(scope, id);
      });
      return c.json(body, 200);
    });
}
