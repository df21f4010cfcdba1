import { z } from '@hono/zod-openapi';
import { flowGraphSchema } from '@signalbox/nodes/flow/graph';
import type { Context } from 'hono';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { flowIdSchema, pageQuerySchema } from '../http/contract.ts';
import { readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import type { ApiEnv } from '../http/env.ts';
import { idFrom } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { requireMatch } from '../http/revisions.ts';
import { route } from '../http/route.ts';
import {
  answer,
  answerWithTag,
  failures,
  idempotencyHeaders,
  keyFailures,
  matchHeaders,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { refuseTaken } from '../http/taken.ts';
import { clearSourceProblem } from './code-store.ts';
import { flowSchema, flowVersionListSchema } from './contract.ts';
import { endFlow, pauseFlow, releaseFlowPeople, resumeFlow, startFlow, stopFlow } from './lifecycle.ts';
import { publishFlow } from './publish.ts';
import { changedFlow, requireDrawn, requireFlow, showFlow, showProblem, sourceProblems } from './routes-shared.ts';
import type { FlowDeps } from './services.ts';
import { listVersions } from './store.ts';

const params = z.object({ flow_id: flowIdSchema });

const publish = route(
  {
    resource: 'flows',
    verb: 'publish',
    needs: 'flows.publish',
    audit: { action: 'flow.published', words: 'Published a flow' },
  },
  {
    method: 'post',
    path: '/flows/{flow_id}/publish',
    summary: 'Publish the draft as a new version',
    description: 'People inside finish on their version. A paused flow stays paused.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape) },
    responses: {
      200: answerWithTag(flowSchema, 'The flow, live'),
      ...failures(
        ...writeFailures,
        ...keyFailures,
        'not_found',
        'flow_read_only',
        'flow_has_problems',
        'keyword_taken',
        'revision_required',
        'stale',
      ),
    },
  },
);

/** How these are called in the audit trail. */
const moves = {
  pause: { action: 'flow.paused', words: 'Paused a flow' },
  resume: { action: 'flow.resumed', words: 'Resumed a paused flow' },
  stop: { action: 'flow.stopped', words: 'Stopped a flow and ended everyone inside' },
} as const;

const move = <const P extends 'pause' | 'resume' | 'stop'>(what: P, summary: string) =>
  route(
    { resource: 'flows', verb: what, needs: 'flows.run', audit: moves[what] },
    {
      method: 'post',
      path: `/flows/{flow_id}/${what}`,
      summary,
      request: { params, headers: idempotencyHeaders },
      responses: {
        200: answerWithTag(flowSchema, 'The flow'),
        ...failures(...writeFailures, ...keyFailures, 'not_found', 'flow_state'),
      },
    },
  );

const pause = move('pause', 'Pause a live flow');
const resume = move('resume', 'Resume a paused flow');
const stop = move('stop', 'Stop a flow and end everyone inside');

const start = route(
  {
    resource: 'flows',
    verb: 'start',
    needs: 'flows.run',
    audit: { action: 'flow.started', words: 'Started a stopped flow again' },
  },
  {
    method: 'post',
    path: '/flows/{flow_id}/start',
    summary: 'Start a stopped flow again, as it was last published',
    description:
      'For flows written in code this is the way back after a stop; one whose file had problems when it was read is published. A drawn flow can be published instead, to take changes with it.',
    request: { params, headers: idempotencyHeaders },
    responses: {
      200: answerWithTag(flowSchema, 'The flow, live'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'flow_state', 'flow_has_problems', 'keyword_taken'),
    },
  },
);

const versions = route(
  { resource: 'flows', verb: 'list', needs: 'flows.read' },
  {
    method: 'get',
    path: '/flows/{flow_id}/versions',
    summary: 'List a flow’s versions, newest first',
    request: { params, query: pageQuerySchema },
    responses: {
      200: answer(flowVersionListSchema, 'A page of versions'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

type Change = (work: Work, flowId: string) => Promise<boolean>;

/** What a flow does: publish, start again, pause, resume, stop, and what came of it: versions. */
export function flowStateRoutes(deps: FlowDeps) {
  const { engine } = deps;
  const { db, clock, ids, nodes, notifier, log, failPoints } = engine;
  const background = (what: string, work: Promise<unknown>, workspaceId: string): void => {
    work.then(
      () => notifier.changed(workspaceId),
      (error: unknown) => log.error({ err: error }, `${what} was interrupted; a sweep goes on with it`),
    );
  };
  const lifecycle = { ...engine.arrivalDeps, db, clock, failPoints, onArrived: engine.onArrived };

  const change = (flowId: string, apply: Change, after: () => void) => async (work: Work) => {
    await requireFlow(deps, work, flowId);
    if (!(await apply(work, flowId))) throw new ProblemError('flow_state');
    const changed = await changedFlow(deps, work, flowId);
    return {
      ...changed,
      after: async () => {
        await changed.after?.();
        after();
      },
    };
  };

  /** Before a stopped flow is live again, everyone who was inside when it was stopped must have been ended. */
  const finishStop = async (c: Context<ApiEnv>, flowId: string): Promise<void> => {
    const flow = await reading(c, deps, (scope) => requireFlow(deps, scope, flowId));
    if (flow.state === 'stopped') await endFlow(lifecycle, c.var.actor.workspaceId, flowId);
  };

  return newRoutes()
    .openapi(publish, async (c) => {
      const id = idFrom('flow', c.req.valid('param').flow_id);
      await finishStop(c, id);
      const done = await effect(c, deps, publish, flowSchema, async (work) => {
        const flow = await requireFlow(deps, work, id, { lock: true });
        requireDrawn(flow);
        const current = await showFlow(deps, work, flow);
        requireMatch(c.req.header('if-match'), flow.revision, () => current);
        const published = await publishFlow({ ids, nodes }, work, id);
        if (published.kind === 'problems')
          throw new ProblemError('flow_has_problems', { problems: published.problems.map(showProblem) });
        await writeFeed(work, { flowIds: [id], counts: true });
        await writeFeed(work, { flowIds: [id] });
        return changedFlow(deps, work, id);
      }).catch(refuseTaken('keyword_taken'));
      return c.json(done.body, 200, done.headers);
    })
    .openapi(start, async (c) => {
      const id = idFrom('flow', c.req.valid('param').flow_id);
      await finishStop(c, id);
      const done = await effect(c, deps, start, flowSchema, async (work) => {
        const flow = await requireFlow(deps, work, id, { lock: true });
        const unusable = flow.source_problem === 'gone' || (flow.source_problem !== null && flow.kind === 'workflow');
        if (unusable) throw new ProblemError('flow_has_problems', { problems: sourceProblems(flow) });
        if (flow.kind === 'code' && flow.state === 'draft') {
          const published = await publishFlow({ ids, nodes }, work, id);
          if (published.kind === 'problems')
            throw new ProblemError('flow_has_problems', { problems: published.problems.map(showProblem) });
          await clearSourceProblem(work, id);
        } else if (!(await startFlow(engine, work, id))) throw new ProblemError('flow_state');
        await writeFeed(work, { flowIds: [id] });
        return changedFlow(deps, work, id);
      }).catch(refuseTaken('keyword_taken'));
      return c.json(done.body, 200, done.headers);
    })
    .openapi(pause, async (c) => {
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const done = await effect(
        c,
        deps,
        pause,
        flowSchema,
        change(id, pauseFlow, () => undefined),
      );
      return c.json(done.body, 200, done.headers);
    })
    .openapi(resume, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const release = () =>
        background(
          'resuming',
          releaseFlowPeople(lifecycle, workspaceId, id, (runs) => engine.onArrived(workspaceId, { runs, wake: [] })),
          workspaceId,
        );
      const done = await effect(c, deps, resume, flowSchema, change(id, resumeFlow, release));
      return c.json(done.body, 200, done.headers);
    })
    .openapi(stop, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const end = () => background('stopping', endFlow(lifecycle, workspaceId, id), workspaceId);
      const done = await effect(c, deps, stop, flowSchema, change(id, stopFlow, end));
      return c.json(done.body, 200, done.headers);
    })
    .openapi(versions, async (c) => {
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, z.tuple([z.int().min(1)]));
      const body = await reading(c, deps, async (scope) => {
        await requireFlow(deps, scope, id);
        const rows = await listVersions(scope, id, limit + 1, before?.[0] ?? null);
        return toPage(
          rows,
          limit,
          (row) => ({
            number: row.number,
            published_at: row.published_at.toISOString(),
            here: row.here,
            graph: flowGraphSchema.parse(row.graph),
          }),
          (row) => [row.number],
        );
      });
      return c.json(body, 200);
    });
}
