import { z } from '@hono/zod-openapi';
import { lockWorkspace, readHome } from '../access/home.ts';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { goalIdSchema } from '../http/contract.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
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
} from '../http/route-parts.ts';
import { refuseTaken } from '../http/taken.ts';
import { fieldTexts } from '../http/texts.ts';
import { createGoalSchema, goalListSchema, goalSchema, updateGoalSchema } from './contract.ts';
import { requireGoal, showGoal, showGoals } from './routes-shared.ts';
import { insertGoal, listGoals, mostGoals, updateGoal } from './store.ts';

const params = z.object({ goal_id: goalIdSchema });

const list = route(
  { resource: 'goals', verb: 'list', needs: 'goals.read' },
  {
    method: 'get',
    path: '/goals',
    summary: 'List goals with what they came to in the last 30 days, by name',
    description: 'All of them, at most 100; archived ones last.',
    responses: { 200: answer(goalListSchema, 'Goals'), ...failures(...readFailures) },
  },
);

const read = route(
  { resource: 'goals', verb: 'read', needs: 'goals.read' },
  {
    method: 'get',
    path: '/goals/{goal_id}',
    summary: 'Read a goal',
    request: { params },
    responses: { 200: answerWithTag(goalSchema, 'The goal'), ...failures(...readFailures, 'not_found') },
  },
);

const create = route(
  {
    resource: 'goals',
    verb: 'create',
    needs: 'goals.write',
    audit: { action: 'goal.created', words: 'Added a goal' },
  },
  {
    method: 'post',
    path: '/goals',
    summary: 'Add a goal',
    description:
      'Every event of its type is a conversion from then on, and those of the 30 days before are counted. Event, field and currency never change: conversions would be of something else.',
    request: { headers: idempotencyHeaders, body: jsonBody(createGoalSchema) },
    responses: {
      201: answerWithTag(goalSchema, 'The goal'),
      ...failures(...bodyFailures, ...keyFailures, 'goal_exists', 'goals_limit'),
    },
  },
);

const update = route(
  {
    resource: 'goals',
    verb: 'update',
    needs: 'goals.write',
    audit: { action: 'goal.updated', words: 'Changed, archived or brought back a goal' },
  },
  {
    method: 'patch',
    path: '/goals/{goal_id}',
    summary: 'Rename, archive or bring back a goal, or change its windows',
    description:
      'An archived goal keeps its conversions and gets no new ones. Of one that is brought back what happened in the last 30 days is counted.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateGoalSchema) },
    responses: {
      200: answerWithTag(goalSchema, 'The goal'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale', 'goal_exists'),
    },
  },
);

/** Goals: what people are to do. */
export function goalRoutes(deps: RouteDeps) {
  const { clock, ids } = deps.engine;
  const stored = async (work: Work, id: string) => {
    await writeTopic(work, { topic: 'goals', ids: [shown('goal', id)] });
    return changedDocument(deps, work, await showGoal(work, await requireGoal(work, id), work.now));
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const data = await reading(c, deps, async (scope) => showGoals(scope, await listGoals(scope), clock.now()));
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(read, async (c) => {
      const id = idFrom('goal', c.req.valid('param').goal_id);
      const goal = await reading(c, deps, async (scope) => showGoal(scope, await requireGoal(scope, id), clock.now()));
      return c.json(goal, 200, { etag: tagOf(goal.revision) });
    })
    .openapi(create, async (c) => {
      const { name, event, value_field, currency, window_days, delivery_days } = c.req.valid('json');
      if (value_field === undefined && currency !== undefined)
        throw fieldProblem(['currency'], 'goal_currency_unfit', fieldTexts.goal_currency_unfit);
      const isSample = isSeed(c, deps.demo);
      const make = async (work: Work) => {
        await lockWorkspace(work);
        if ((await listGoals(work)).length >= mostGoals) throw new ProblemError('goals_limit');
        const id = ids.uuid();
        await insertGoal(work, {
          id,
          name,
          event_type: event,
          value_field: value_field ?? null,
          currency: value_field === undefined ? null : (currency ?? (await readHome(work)).currency),
          window_days,
          delivery_days,
          is_sample: isSample,
        });
        return stored(work, id);
      };
      const done = await effect(c, deps, create, goalSchema, make).catch(refuseTaken('goal_exists'));
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('goal', c.req.valid('param').goal_id);
      const { name, window_days, delivery_days, archived } = c.req.valid('json');
      const change = async (work: Work) => {
        await lockWorkspace(work);
        const present = await requireGoal(work, id);
        const current = await showGoal(work, present, work.now);
        requireMatch(c.req.header('if-match'), present.revision, () => current);
        await updateGoal(work, present, { name, windowDays: window_days, deliveryDays: delivery_days, archived });
        return stored(work, id);
      };
      const done = await effect(c, deps, update, goalSchema, change).catch(refuseTaken('goal_exists'));
      return c.json(done.body, 200, done.headers);
    });
}
