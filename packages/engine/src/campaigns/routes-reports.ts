import { z } from '@hono/zod-openapi';
import { writeFeed } from '../db/feed.ts';
import { requireFlow } from '../flows/routes-shared.ts';
import type { FlowDeps, FlowServices } from '../flows/services.ts';
import { campaignIdSchema } from '../http/contract.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
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
import { fieldTexts } from '../http/texts.ts';
import type { LinkMaker } from '../links/shorten.ts';
import { readCalendar } from './calendar.ts';
import { checkCampaign } from './check.ts';
import { checkLinks, linksOf } from './check-links.ts';
import {
  campaignCalendarQuerySchema,
  campaignCalendarSchema,
  campaignCheckSchema,
  campaignResultsSchema,
  testCampaignSchema,
  testedCampaignSchema,
} from './contract.ts';
import { firstMessage } from './message.ts';
import { readResults } from './results.ts';
import { sendTest } from './send-test.ts';
import { requireCampaign } from './show.ts';

const params = z.object({ campaign_id: campaignIdSchema });
/** The longest that a calendar shows at once. */
const monthMs = 31 * 86_400_000;
const longestRangeMs = 100 * 86_400_000;

const check = route(
  { resource: 'campaigns', verb: 'check', needs: 'campaigns.read', audit: 'nothing changes' },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/check',
    summary: 'Ask what would become of a campaign, sending nothing',
    description:
      'Each person’s message is put to the rules of the gate at the moment at which they would get it; of more than 5,000 people as many are drawn, and counts are reckoned from them. Links in the message’s text are asked for.',
    request: { params },
    responses: {
      200: answer(campaignCheckSchema, 'What would become of it'),
      ...failures(...writeFailures, 'not_found'),
    },
  },
);

const test = route(
  {
    resource: 'campaigns',
    verb: 'test',
    needs: 'campaigns.run',
    audit: { action: 'campaign.tested', words: 'Sent the message of a campaign to somebody to try it out' },
  },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/test',
    summary: 'Send a campaign’s message to a few people to try it out',
    description: 'Each gets it as it is filled in for them, through the gate as any message. It counts in no result.',
    request: { params, headers: idempotencyHeaders, body: jsonBody(testCampaignSchema) },
    responses: {
      202: answer(testedCampaignSchema, 'What became of each, in order'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'flow_has_problems'),
    },
  },
);

const results = route(
  { resource: 'campaigns', verb: 'read', needs: 'campaigns.read' },
  {
    method: 'get',
    path: '/campaigns/{campaign_id}/results',
    summary: 'Read what became of a campaign',
    request: { params },
    responses: { 200: answer(campaignResultsSchema, 'The results'), ...failures(...readFailures, 'not_found') },
  },
);

const calendar = route(
  { resource: 'campaigns', verb: 'list', needs: 'campaigns.read' },
  {
    method: 'get',
    path: '/campaign-calendar',
    summary: 'List what campaigns go out, and went out, in a time of at most 100 days',
    request: { query: campaignCalendarQuerySchema },
    responses: { 200: answer(campaignCalendarSchema, 'What is planned, and was'), ...failures(...readFailures) },
  },
);

/** What is asked of campaigns before and after they go out. */
export function campaignReportRoutes(
  deps: RouteDeps<FlowServices & { readonly links: LinkMaker; readonly onQueued: () => void }>,
) {
  const flowDeps: FlowDeps = deps;
  const { clock, notifier, onQueued } = deps.engine;

  return newRoutes()
    .openapi(check, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const { found, message } = await reading(c, deps, async (scope) => {
        const campaign = await requireCampaign(scope, id);
        const { graph } = await requireFlow(flowDeps, scope, campaign.flow_id, { archived: true });
        const asked = firstMessage(graph);
        return { found: await checkCampaign({ ...scope, now: clock.now() }, campaign, asked), message: asked };
      });
      return c.json({ ...found, links: await checkLinks(linksOf(message)) }, 200);
    })
    .openapi(test, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const { contact_ids: contactIds } = c.req.valid('json');
      const { workspaceId } = c.var.actor;
      const done = await effect(c, deps, test, testedCampaignSchema, async (work) => {
        const campaign = await requireCampaign(work, id);
        const { graph } = await requireFlow(flowDeps, work, campaign.flow_id, { archived: true });
        const message = firstMessage(graph);
        if (message === null) throw new ProblemError('flow_has_problems');
        const data = await sendTest(deps.engine, work, message, contactIds);
        await writeFeed(work, { contactIds: data.map(({ id: contactId }) => contactId) });
        return {
          body: { data: data.map(({ id: _, ...shownOne }) => shownOne) },
          subject: c.req.valid('param').campaign_id,
          detail: { people: data.length },
          after: () => {
            onQueued();
            notifier.changed(workspaceId);
          },
        };
      });
      return c.json(done.body, 202, done.headers);
    })
    .openapi(results, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const found = await reading(c, deps, async (scope) => readResults(scope, await requireCampaign(scope, id)));
      return c.json(found, 200);
    })
    .openapi(calendar, async (c) => {
      const { from, to } = c.req.valid('query');
      const begin = from === undefined ? clock.now() : new Date(from);
      const range = { from: begin, to: to === undefined ? new Date(begin.getTime() + monthMs) : new Date(to) };
      if (!(range.to > range.from && range.to.getTime() - range.from.getTime() <= longestRangeMs))
        throw fieldProblem(['to'], 'range_invalid', fieldTexts.range_invalid);
      const data = await reading(c, deps, (scope) => readCalendar({ ...scope, now: clock.now() }, range));
      return c.json({ data }, 200);
    });
}
