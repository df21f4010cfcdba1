import { z } from '@hono/zod-openapi';
import type { Work } from '../db/work.ts';
import { testIdSchema } from '../http/contract.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import { type Effect, effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, searchedId, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { recorderOf } from '../http/recorder.ts';
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
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import {
  decideTestSchema,
  stopTestSchema,
  type Test,
  testListSchema,
  testLooksSchema,
  testQuerySchema,
  testSchema,
} from './contract.ts';
import { type Ending, endTest, listTests, readLooks, readTest, type TestRow } from './store.ts';

const params = z.object({ test_id: testIdSchema });

const list = route(
  { resource: 'tests', verb: 'list', needs: 'tests.read' },
  {
    method: 'get',
    path: '/tests',
    summary: 'List A/B tests, the latest begun first',
    description: 'Each with what was seen of it last. A test begins when a version of its flow is published.',
    request: { query: testQuerySchema },
    responses: { 200: answer(testListSchema, 'A page of tests'), ...failures(...readFailures, 'cursor_invalid') },
  },
);

const read = route(
  { resource: 'tests', verb: 'read', needs: 'tests.read' },
  {
    method: 'get',
    path: '/tests/{test_id}',
    summary: 'Read an A/B test with its last look and what may be said of it',
    description: 'Of a fixed plan nothing is measured before all of its people are there.',
    request: { params },
    responses: { 200: answer(testSchema, 'The test'), ...failures(...readFailures, 'not_found') },
  },
);

const looks = route(
  { resource: 'tests', verb: 'report', needs: 'tests.read' },
  {
    method: 'get',
    path: '/tests/{test_id}/looks',
    summary: 'List the looks at an A/B test, oldest first',
    description: 'The last of each hour, of a long test of each few hours: at most 200.',
    request: { params },
    responses: { 200: answer(testLooksSchema, 'The looks'), ...failures(...readFailures, 'not_found') },
  },
);

const decide = route(
  {
    resource: 'tests',
    verb: 'decide',
    needs: 'tests.write',
    audit: { action: 'test.decided', words: 'Decided an A/B test by hand' },
  },
  {
    method: 'post',
    path: '/tests/{test_id}/decide',
    summary: 'Decide a running A/B test by hand',
    description: 'Whoever waits for it, and whoever comes from now on, is given this arm; a share keeps the control.',
    request: { params, headers: idempotencyHeaders, body: jsonBody(decideTestSchema) },
    responses: {
      200: answer(testSchema, 'The test'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'test_over'),
    },
  },
);

const stop = route(
  {
    resource: 'tests',
    verb: 'stop',
    needs: 'tests.write',
    audit: { action: 'test.stopped', words: 'Stopped an A/B test without a winner' },
  },
  {
    method: 'post',
    path: '/tests/{test_id}/stop',
    summary: 'Stop a running A/B test without a winner',
    description: 'Whoever waits for it, and whoever comes from now on, goes by the weights and is not measured.',
    request: { params, headers: idempotencyHeaders, body: jsonBody(stopTestSchema) },
    responses: {
      200: answer(testSchema, 'The test'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'test_over'),
    },
  },
);

function show(row: TestRow): Test {
  const { config, seen } = row;
  return {
    id: shown('test', row.id),
    flow: { id: shown('flow', row.flowId), name: row.flowName, state: row.flowState },
    step_id: row.stepId,
    version: row.version,
    state: row.state,
    arms: config.arms,
    metric: config.metric,
    window_hours: config.window_hours,
    plan: config.plan,
    winner_is_sent: config.winner,
    tested: config.tested,
    wait_hours: config.wait_hours,
    control_share: config.control_share,
    held_out: config.holdout,
    waiting: row.waiting,
    seen,
    ended:
      row.endedAt === null || row.endedBy === null
        ? null
        : {
            at: row.endedAt.toISOString(),
            by: row.endedBy,
            who: row.who,
            reason: row.reason,
            outcome: row.outcome,
            winner: row.winner,
          },
    created_at: row.createdAt.toISOString(),
  };
}

/** Tests of arms: how they stand, and their end by hand. */
export function testRoutes(deps: RouteDeps) {
  const { notifier } = deps.engine;
  /** Ends a test that runs. @throws ProblemError where there is none, or it is over. */
  const end = async (work: Work, id: string, of: (row: TestRow) => Ending): Promise<Effect<Test>> => {
    const row = await readTest(work, id);
    if (row === null) throw new ProblemError('not_found');
    if (!(await endTest(work, id, of(row)))) throw new ProblemError('test_over');
    const ended = await readTest(work, id);
    if (ended === null) throw new ProblemError('not_found');
    return { body: show(ended), subject: shown('test', id), after: () => notifier.changed(work.workspaceId) };
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const { limit, cursor, state, flow_id: flow } = c.req.valid('query');
      const after = readCursor(cursor, timeAndIdCursor);
      const query = { state, flowId: searchedId('flow', flow), after, limit: limit + 1 };
      const rows = await reading(c, deps, (scope) => listTests(scope, query));
      return c.json(
        toPage(rows, limit, show, ({ createdAt, id }) => [createdAt.toISOString(), id]),
        200,
      );
    })
    .openapi(read, async (c) => {
      const id = idFrom('test', c.req.valid('param').test_id);
      const row = await reading(c, deps, (scope) => readTest(scope, id));
      if (row === null) throw new ProblemError('not_found');
      return c.json(show(row), 200);
    })
    .openapi(looks, async (c) => {
      const id = idFrom('test', c.req.valid('param').test_id);
      const data = await reading(c, deps, async (scope) => {
        if ((await readTest(scope, id)) === null) throw new ProblemError('not_found');
        return readLooks(scope, id);
      });
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(decide, async (c) => {
      const id = idFrom('test', c.req.valid('param').test_id);
      const { arm, reason } = c.req.valid('json');
      const done = await effect(c, deps, decide, testSchema, async (work) => {
        const ended = await end(work, id, ({ config }) => {
          if (!config.arms.some((each) => each.id === arm))
            throw fieldProblem(['arm'], 'arm_unknown', fieldTexts.arm_unknown);
          const hand = { by: 'hand', who: recorderOf(c), reason } as const;
          return { state: 'decided', winner: arm, outcome: 'winner', ...hand };
        });
        return { ...ended, detail: { arm } };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(stop, async (c) => {
      const id = idFrom('test', c.req.valid('param').test_id);
      const { reason } = c.req.valid('json');
      const done = await effect(c, deps, stop, testSchema, (work) =>
        end(work, id, () => ({ state: 'stopped', by: 'hand', who: recorderOf(c), reason })),
      );
      return c.json(done.body, 200, done.headers);
    });
}
