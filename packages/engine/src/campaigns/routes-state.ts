import { z } from '@hono/zod-openapi';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { endFlow, pauseFlow, releaseFlowPeople, resumeFlow, stopFlow } from '../flows/lifecycle.ts';
import { requireFlow } from '../flows/routes-shared.ts';
import type { FlowDeps } from '../flows/services.ts';
import { campaignIdSchema } from '../http/contract.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError, type ProblemErrorEntry } from '../http/problems.ts';
import { requireMatch } from '../http/revisions.ts';
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
  writeFailures,
} from '../http/route-parts.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import { campaignSchema, resumeCampaignSchema } from './contract.ts';
import { publishDraft } from './draft.ts';
import { nextOccurrence } from './schedule.ts';
import { hasStart } from './shape.ts';
import { requireCampaign, showCampaign } from './show.ts';
import { type CampaignRow, cancelOccurrences, goOnFromNow, planOccurrence, updateCampaign } from './store.ts';

const params = z.object({ campaign_id: campaignIdSchema });

const launch = route(
  {
    resource: 'campaigns',
    verb: 'start',
    needs: 'campaigns.run',
    audit: { action: 'campaign.launched', words: 'Launched a campaign' },
  },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/launch',
    summary: 'Launch a campaign: publish its flow, and let its people in when its time comes',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape) },
    responses: {
      200: answerWithTag(campaignSchema, 'The campaign'),
      ...failures(
        ...writeFailures,
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

const pause = route(
  {
    resource: 'campaigns',
    verb: 'pause',
    needs: 'campaigns.run',
    audit: { action: 'campaign.paused', words: 'Paused a campaign' },
  },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/pause',
    summary: 'Pause a campaign: nobody comes in, and nothing of it goes out',
    request: { params, headers: idempotencyHeaders },
    responses: {
      200: answerWithTag(campaignSchema, 'The campaign'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'campaign_state'),
    },
  },
);

const resume = route(
  {
    resource: 'campaigns',
    verb: 'resume',
    needs: 'campaigns.run',
    audit: { action: 'campaign.resumed', words: 'Resumed a paused campaign' },
  },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/resume',
    summary: 'Resume a paused campaign, at another pace where one is given',
    request: { params, headers: idempotencyHeaders, body: jsonBody(resumeCampaignSchema) },
    responses: {
      200: answerWithTag(campaignSchema, 'The campaign'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'campaign_state'),
    },
  },
);

const cancel = route(
  {
    resource: 'campaigns',
    verb: 'stop',
    needs: 'campaigns.run',
    audit: { action: 'campaign.canceled', words: 'Canceled a campaign and ended everyone inside' },
  },
  {
    method: 'post',
    path: '/campaigns/{campaign_id}/cancel',
    summary: 'Cancel a campaign: nobody else comes in, and what has not gone out stays',
    description: 'What went out until then is in the answer’s `progress`. It cannot be undone.',
    request: { params, headers: idempotencyHeaders },
    responses: {
      200: answerWithTag(campaignSchema, 'The campaign'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'campaign_state'),
    },
  },
);

const underWay = ({ state }: CampaignRow): boolean => state === 'scheduled' || state === 'running';

/** Launching a campaign, and what happens to it then. */
export function campaignStateRoutes(deps: FlowDeps) {
  const { engine } = deps;
  const { db, clock, failPoints, ids, log, notifier } = engine;
  const lifecycle = { ...engine.arrivalDeps, db, clock, failPoints, onArrived: engine.onArrived };

  const changed = async (work: Work, id: string) => {
    await writeTopic(work, { topic: 'campaigns', ids: [shown('campaign', id)] });
    return changedDocument(deps, work, await showCampaign(deps, work, await requireCampaign(work, id)));
  };
  const background = (what: string, workspaceId: string, work: () => Promise<unknown>) => {
    work().then(
      () => notifier.changed(workspaceId),
      (error: unknown) => log.error({ err: error }, `${what} was interrupted; a sweep goes on with it`),
    );
  };

  /**
   * What is missing before a campaign can be launched.
   *
   * @throws ProblemError `validation_failed` at each setting.
   */
  const requireLaunchable = async (work: Work, campaign: CampaignRow): Promise<Date> => {
    const errors: ProblemErrorEntry[] = [];
    const at = (path: readonly string[], code: FieldCode) => {
      errors.push({ path, code, message: fieldTexts[code] });
    };
    const { schedule, audience } = campaign;
    if (schedule.kind !== 'segment' && audience.include.length === 0) at(['audience', 'include'], 'audience_empty');
    const next = nextOccurrence(schedule, work.now);
    if (next === null) at(['schedule'], schedule.kind === 'recurring' ? 'schedule_never' : 'schedule_past');
    const { graph } = await requireFlow(deps, work, campaign.flow_id);
    if (!hasStart(graph)) at(['message'], 'campaign_start_gone');
    if (errors.length > 0 || next === null) throw new ProblemError('validation_failed', { errors });
    return next;
  };

  return newRoutes()
    .openapi(launch, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const done = await effect(c, deps, launch, campaignSchema, async (work) => {
        const campaign = await requireCampaign(work, id, { lock: true });
        const current = await showCampaign(deps, work, campaign);
        requireMatch(c.req.header('if-match'), campaign.revision, () => current);
        if (campaign.state !== 'draft') throw new ProblemError('campaign_state');
        const at = await requireLaunchable(work, campaign);
        await publishDraft(deps, work, campaign.flow_id);
        await updateCampaign(work, id, { state: 'scheduled', launchedAt: work.now });
        await planOccurrence(work, { id: ids.uuid(), campaignId: id, at });
        return changed(work, id);
      });
      engine.maintenance.nudge();
      return c.json(done.body, 200, done.headers);
    })
    .openapi(pause, async (c) => {
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const done = await effect(c, deps, pause, campaignSchema, async (work) => {
        const campaign = await requireCampaign(work, id, { lock: true });
        if (!(underWay(campaign) && (await pauseFlow(work, campaign.flow_id))))
          throw new ProblemError('campaign_state');
        return changed(work, id);
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(resume, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      const { pace } = c.req.valid('json');
      let flowId = '';
      const done = await effect(c, deps, resume, campaignSchema, async (work) => {
        const campaign = await requireCampaign(work, id, { lock: true });
        flowId = campaign.flow_id;
        if (!(underWay(campaign) && (await resumeFlow(work, flowId)))) throw new ProblemError('campaign_state');
        const { name, audience, schedule, grows_until: growsUntil } = campaign;
        if (pace !== undefined)
          await updateCampaign(work, id, { settings: { name, audience, schedule, pace, growsUntil } });
        await goOnFromNow(work, id, { people: false, pace: true });
        return changed(work, id);
      });
      if (flowId !== '')
        background('resuming', workspaceId, () =>
          releaseFlowPeople(lifecycle, workspaceId, flowId, (runs) =>
            engine.onArrived(workspaceId, { runs, wake: [] }),
          ),
        );
      engine.maintenance.nudge();
      return c.json(done.body, 200, done.headers);
    })
    .openapi(cancel, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('campaign', c.req.valid('param').campaign_id);
      let flowId = '';
      const done = await effect(c, deps, cancel, campaignSchema, async (work) => {
        const campaign = await requireCampaign(work, id, { lock: true });
        flowId = campaign.flow_id;
        if (!underWay(campaign)) throw new ProblemError('campaign_state');
        await cancelOccurrences(work, id);
        await updateCampaign(work, id, { state: 'canceled' });
        await stopFlow(work, flowId);
        return changed(work, id);
      });
      if (flowId !== '') background('canceling', workspaceId, () => endFlow(lifecycle, workspaceId, flowId));
      return c.json(done.body, 200, done.headers);
    });
}
