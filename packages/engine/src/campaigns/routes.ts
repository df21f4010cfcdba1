import { z } from '@hono/zod-openapi';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { requireFlow } from '../flows/routes-shared.ts';
import type { FlowDeps } from '../flows/services.ts';
import { countsOf } from '../flows/store.ts';
import { campaignIdSchema } from '../http/contract.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed } from '../http/env.ts';
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
  writeFailures,
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import { namesOfAudiences, requireAudience } from './audience.ts';
import {
  type Audience,
  campaignListQuerySchema,
  campaignListSchema,
  campaignSchema,
  createCampaignSchema,
  duplicateCampaignSchema,
  type Settings,
  updateCampaignSchema,
} from './contract.ts';
import {
  blankMessage,
  changedGraph,
  insertDraft,
  publishDraft,
  readMessage,
  requireKnownMessage,
  writeDraft,
} from './draft.ts';
import { nextOccurrence } from './schedule.ts';
import { firstGraph, withLocalMoment } from './shape.ts';
import { requireCampaign, showCampaign, showSummary } from './show.ts';
import {
  type CampaignRow,
  goOnFromNow,
  insertCampaign,
  listCampaigns,
  planOccurrence,
  unplan,
  updateCampaign,
} from './store.ts';

const params = z.object({ campaign_id: campaignIdSchema });

const list = route(
  { resource: 'campaigns', verb: 'list', needs: 'campaigns.read' },
  {
    method: 'get',
    path: '/campaigns',
    summary: 'List campaigns, last changed first',
    request: { query: campaignListQuerySchema },
    responses: {
      200: answer(campaignListSchema, 'A page of campaigns'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const create = route(
  {
    resource: 'campaigns',
    verb: 'create',
    needs: 'campaigns.write',
    audit: { action: 'campaign.created', words: 'Created a campaign' },
  },
  {
    method: 'post',
    path: '/campaigns',
    summary: 'Create a campaign, a draft, with a flow of its own',
    description:
      'What is left out is to be filled in before it is launched. The message is the config of a step that sends a text.',
    request: { headers: idempotencyHeaders, body: jsonBody(createCampaignSchema) },
    responses: {
      201: answerWithTag(campaignSchema, 'The campaign'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

const read = route(
  { resource: 'campaigns', verb: 'read', needs: 'campaigns.read' },
  {
    method: 'get',
    path: '/campaigns/{campaign_id}',
    summary: 'Read a campaign and how far it is',
    request: { params },
    responses: { 200: answerWithTag(campaignSchema, 'The campaign'), ...failures(...readFailures, 'not_found') },
  },
);

const update = route(
  {
    resource: 'campaigns',
    verb: 'update',
    needs: 'campaigns.write',
    audit: { action: 'campaign.updated', words: 'Changed a campaign' },
  },
  {
    method: 'patch',
    path: '/campaigns/{campaign_id}',
    summary: 'Change a campaign',
    description:
      'Once it is launched, its flow is published with the change, and whoever has not come in yet gets it: nobody gets the message twice. While it is under way its schedule stays, and once it is over everything but its name.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateCampaignSchema) },
    responses: {
      200: answerWithTag(campaignSchema, 'The campaign'),
      ...failures(
        ...bodyFailures,
        ...keyFailures,
        'not_found',
        'campaign_state',
        'flow_has_problems',
        'revision_required',
        'stale',
      ),
    },
  },
);

const duplicate = route(
  {
    resource: 'campaigns',
    verb: 'create',
    needs: 'campaigns.write',
    audit: { action: 'campaign.duplicated', words: 'Duplicated a campaign' },
  },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/duplicate',
    summary: 'Make a draft of a campaign, for the same people or for those who did not click',
    request: { params, headers: idempotencyHeaders, body: jsonBody(duplicateCampaignSchema) },
    responses: {
      201: answerWithTag(campaignSchema, 'The new campaign'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found'),
    },
  },
);

const remove = route(
  {
    resource: 'campaigns',
    verb: 'delete',
    needs: 'campaigns.write',
    audit: { action: 'campaign.removed', words: 'Deleted a draft of a campaign, or archived one that is over' },
  },
  {
    method: 'delete',
    path: '/campaigns/{campaign_id}',
    summary: 'Delete a draft, or archive a campaign that is over',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape) },
    responses: {
      204: { description: 'Gone, or in the archive' },
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'campaign_state', 'revision_required', 'stale'),
    },
  },
);

const restore = route(
  {
    resource: 'campaigns',
    verb: 'restore',
    needs: 'campaigns.write',
    audit: { action: 'campaign.restored', words: 'Brought an archived campaign back' },
  },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/restore',
    summary: 'Bring an archived campaign back',
    request: { params, headers: idempotencyHeaders },
    responses: {
      200: answerWithTag(campaignSchema, 'The campaign'),
      ...failures(...writeFailures, ...keyFailures, 'not_found'),
    },
  },
);

const emptyAudience: Audience = { include: [], exclude: [] };

/** Settings that only some states let through: what is over keeps all of them, what is under way its schedule. */
function requireChangeable({ state }: CampaignRow, settings: Settings): void {
  const given = Object.values(settings).some((value) => value !== undefined);
  const over = state === 'done' || state === 'canceled';
  if ((over && given) || (state === 'running' && settings.schedule !== undefined))
    throw new ProblemError('campaign_state');
}

/** The people of a campaign who got something of it and followed none of its links. */
const notClicked = (flowId: string): Audience => {
  const flow = shown('flow', flowId);
  const condition = {
    all: [
      { field: 'messages.sent', op: 'happened', flow },
      { field: 'links.clicked', op: 'never_happened', where: [{ field: 'event.data.flow_id', op: 'is', value: flow }] },
    ],
  };
  return { include: [{ kind: 'condition', condition }], exclude: [] };
};

/** Campaigns as documents: list, create, read, change, duplicate, delete. */
export function campaignRoutes(deps: FlowDeps) {
  const { engine } = deps;
  const { ids } = engine;

  const changed = async (work: Work, id: string) => {
    await writeTopic(work, { topic: 'campaigns', ids: [shown('campaign', id)] });
    return changedDocument(deps, work, await showCampaign(deps, work, await requireCampaign(work, id)));
  };

  const insert = async (
    work: Work,
    made: { readonly name: string; readonly graph: FlowGraph; readonly isSample: boolean } & Omit<Settings, 'message'>,
  ) => {
    const { name, graph, isSample, audience = emptyAudience, schedule = { kind: 'now' }, pace = null } = made;
    await requireAudience(work, audience);
    const flowId = await insertDraft(deps, work, { name, graph, isSample });
    const id = ids.uuid();
    const growsUntil = made.grows_until == null ? null : new Date(made.grows_until);
    await insertCampaign(work, { id, flowId, name, audience, schedule, pace, growsUntil, isSample });
    return changed(work, id);
  };

  /** Whoever has not come in yet goes by the campaign as it stands now. */
  const applyNow = async (work: Work, before: CampaignRow, settings: Settings) => {
    if (before.state === 'draft') return;
    await publishDraft(deps, work, before.flow_id);
    if (settings.schedule !== undefined) {
      const at = nextOccurrence(settings.schedule, work.now);
      if (at === null) throw fieldProblem(['schedule'], 'schedule_never', fieldTexts.schedule_never);
      await unplan(work, before.id);
      await planOccurrence(work, { id: ids.uuid(), campaignId: before.id, at });
    }
    const people = settings.audience !== undefined || settings.grows_until !== undefined;
    await goOnFromNow(work, before.id, { people, pace: settings.pace !== undefined });
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const { search, state, archived, limit, cursor } = c.req.valid('query');
      const after = readCursor(cursor, timeAndIdCursor);
      const body = await reading(c, deps, async (scope) => {
        const query = { search, state, archived: archived === 'true', limit: limit + 1, after };
        const rows = await listCampaigns(scope, query);
        const counts = await countsOf(
          scope,
          rows.map((row) => row.flow_id),
        );
        const names = await namesOfAudiences(
          scope,
          rows.map((row) => row.audience),
        );
        return toPage(
          rows,
          limit,
          (row) => showSummary(row, names, counts.get(row.flow_id)),
          (row) => [row.updated_key, row.id],
        );
      });
      return c.json(body, 200);
    })
    .openapi(create, async (c) => {
      const { name, message: given = blankMessage, ...settings } = c.req.valid('json');
      const message = readMessage(given);
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, campaignSchema, async (work) => {
        requireKnownMessage(deps, message);
        const graph = changedGraph(deps, firstGraph(message), { message, schedule: settings.schedule });
        return insert(work, { ...settings, name, graph, isSample });
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(read, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const body = await reading(c, deps, async (scope) => showCampaign(deps, scope, await requireCampaign(scope, id)));
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(update, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const { name, ...settings } = c.req.valid('json');
      const done = await effect(c, deps, update, campaignSchema, async (work) => {
        const present = await requireCampaign(work, id, { lock: true });
        const current = await showCampaign(deps, work, present);
        requireMatch(c.req.header('if-match'), present.revision, () => current);
        requireChangeable(present, settings);
        if (settings.audience !== undefined) await requireAudience(work, settings.audience);
        const flow = await requireFlow(deps, work, present.flow_id, { archived: true });
        const graph = changedGraph(deps, flow.graph, settings);
        await writeDraft(work, flow, { name: name ?? present.name, graph });
        const grows = settings.grows_until;
        await updateCampaign(work, id, {
          settings: {
            name: name ?? present.name,
            audience: settings.audience ?? present.audience,
            schedule: settings.schedule ?? present.schedule,
            pace: settings.pace === undefined ? present.pace : settings.pace,
            growsUntil: grows === undefined ? present.grows_until : grows === null ? null : new Date(grows),
          },
        });
        if (Object.keys(settings).length > 0) await applyNow(work, present, settings);
        return changed(work, id);
      });
      engine.maintenance.nudge();
      return c.json(done.body, 200, done.headers);
    })
    .openapi(duplicate, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const { name, audience } = c.req.valid('json');
      const done = await effect(c, deps, duplicate, campaignSchema, async (work) => {
        const present = await requireCampaign(work, id);
        const flow = await requireFlow(deps, work, present.flow_id, { archived: true });
        return insert(work, {
          name: name ?? copyName(present.name),
          graph: withLocalMoment(flow.graph, null) ?? flow.graph,
          audience: audience === 'same' ? present.audience : notClicked(present.flow_id),
          pace: present.pace,
          isSample: false,
        });
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(remove, async (c) => {
      const { workspaceId } = c.var.actor;
      const { campaign_id: shownId } = c.req.valid('param');
      const id = idFrom('campaign', shownId);
      const done = await effect(c, deps, remove, z.null(), async (work) => {
        const { tx, now } = work;
        const present = await requireCampaign(work, id, { lock: true });
        const current = await showCampaign(deps, work, present);
        requireMatch(c.req.header('if-match'), present.revision, () => current);
        if (present.state === 'scheduled' || present.state === 'running') throw new ProblemError('campaign_state');
        if (present.state === 'draft')
          await tx.deleteFrom('campaigns').where('workspace_id', '=', workspaceId).where('id', '=', id).execute();
        else await updateCampaign(work, id, { archivedAt: now });
        await archiveFlow(work, present.flow_id, now);
        await writeTopic(work, { topic: 'campaigns', ids: [shownId] });
        return { body: null, subject: shownId, after: () => engine.notifier.changed(workspaceId) };
      });
      return c.body(null, 204, done.headers);
    })
    .openapi(restore, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const done = await effect(c, deps, restore, campaignSchema, async (work) => {
        const present = await requireCampaign(work, id, { lock: true });
        await updateCampaign(work, id, { archivedAt: null });
        await archiveFlow(work, present.flow_id, null);
        return changed(work, id);
      });
      return c.json(done.body, 200, done.headers);
    });
}

/** A flow goes where its campaign goes. */
async function archiveFlow({ tx, workspaceId }: Work, flowId: string, at: Date | null): Promise<void> {
  await tx
    .updateTable('flows')
    .set({ archived_at: at })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flowId)
    .execute();
}

const copyPrefix = 'Copy of ';
const longestName = 80;

const copyName = (name: string): string => `${copyPrefix}${name}`.slice(0, longestName).trim();
