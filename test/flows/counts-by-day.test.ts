import { enroll } from '@signalbox/engine/cohorts/arrivals';
import { runStep } from '@signalbox/engine/cohorts/run-step';
import { stepCountsSchema } from '@signalbox/engine/flows/contract';
import { nestCounts } from '@signalbox/engine/flows/store';
import { rollUpCounts } from '@signalbox/engine/versions/counts';
import { loadReadable } from '@signalbox/engine/versions/version-cache';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';

let api: ApiHarness;
let now = new Date();
beforeAll(async () => {
  api = await startApiHarness({ clock: { now: () => now, monotonic: () => performance.now() } });
});
beforeEach(() => {
  now = new Date();
});
afterAll(() => api.close());

const countedSchema = z.object({
  steps: z.record(z.string(), stepCountsSchema),
  outlets: z.record(z.string(), z.record(z.string(), z.number())),
});
type Counted = z.infer<typeof countedSchema>;
const daysSchema = z.object({
  from: z.string(),
  to: z.string(),
  time_zone: z.string(),
  days: z.array(countedSchema.extend({ day: z.string() })),
  undated: countedSchema,
});

let used = 0;
/** A live flow: an event, a step, the end. */
async function makeFlow(): Promise<{ flowId: string; versionId: string; shownId: string }> {
  const w = flow('Days');
  const start = w.step('start', apiEvent, { event: 'days.started' });
  const update = w.step('update', updateContact, { assignments: [{ field: 'attributes.plan', value: 'gold' }] });
  start.to('next', update);
  update.to('next', w.step('done', end, {}));
  const made = await api.publish(`Days ${++used}`, w.graph());
  const { body } = await api.call('GET', '/api/v1/flows?limit=1');
  return { ...made, shownId: z.object({ data: z.array(z.object({ id: z.string() })) }).parse(body).data[0]?.id ?? '' };
}

/** So many people come in at a moment; the run that they are in. */
async function letIn(flowOf: { versionId: string }, count: number, at: string): Promise<string> {
  used += 10;
  const contactIds = await api.addContacts(count, used);
  return api.inTx(async (tx) => {
    const work = { tx, workspaceId: api.workspaceId, now: new Date(at) };
    const { arrivalDeps } = api.engine;
    const version = await loadReadable(arrivalDeps.versions, work, flowOf.versionId);
    if (version === null) throw new Error('The version cannot be read.');
    const { runs } = await enroll(arrivalDeps, work, { version, triggerStep: 0, contactIds, eventId: null });
    return runs[0]?.runId ?? '';
  });
}

const setZone = (zone: string) =>
  api.inTx((tx) => sql`UPDATE workspaces SET time_zone = ${zone} WHERE workspace_id = ${api.workspaceId}`.execute(tx));
const fold = (limit?: number) => api.inTx((tx) => rollUpCounts({ tx, workspaceId: api.workspaceId }, limit));

async function daysOf(shownId: string, query: string): Promise<z.infer<typeof daysSchema>> {
  const answer = await api.call('GET', `/api/v1/flows/${shownId}/counts/days${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return daysSchema.parse(answer.body);
}

/** How many came to the first step on which day. */
async function arrivals(shownId: string, query: string): Promise<Record<string, number>> {
  const { days } = await daysOf(shownId, query);
  return Object.fromEntries(days.map(({ day, steps }) => [day, steps['start']?.entered ?? 0]));
}

/** Several counts added up. */
function sum(parts: readonly Counted[]): Counted {
  const rows = new Map<string, { stepId: string; metric: string; n: number }>();
  const add = (stepId: string, metric: string, n: number) =>
    rows.set(`${stepId} ${metric}`, { stepId, metric, n: (rows.get(`${stepId} ${metric}`)?.n ?? 0) + n });
  for (const { steps, outlets } of parts) {
    for (const [id, { entered, left, failed }] of Object.entries(steps)) {
      add(id, 'entered', entered);
      add(id, 'left', left);
      add(id, 'failed', failed);
    }
    for (const [id, ways] of Object.entries(outlets))
      for (const [outlet, n] of Object.entries(ways)) add(id, `out:${outlet}`, n);
  }
  return nestCounts([...rows.values()]);
}

/** The days and what has none, added up, and what the canvas shows. */
async function bothSums(shownId: string, query: string): Promise<{ days: Counted; canvas: Counted }> {
  const { days, undated } = await daysOf(shownId, query);
  const canvas = countedSchema.parse((await api.call('GET', `/api/v1/flows/${shownId}/counts`)).body);
  return { days: sum([...days, undated]), canvas };
}

test.each([
  // The 8th of March 2026 has 23 hours in New York.
  [
    'America/New_York',
    ['2026-03-08T04:59:59.999Z', '2026-03-08T05:00:00Z', '2026-03-09T03:59:59.999Z', '2026-03-09T04:00:00Z'],
  ],
  [
    'Asia/Kolkata',
    ['2026-03-07T18:29:59.999Z', '2026-03-07T18:30:00Z', '2026-03-08T18:29:59.999Z', '2026-03-08T18:30:00Z'],
  ],
  ['UTC', ['2026-03-07T23:59:59.999Z', '2026-03-08T00:00:00Z', '2026-03-08T23:59:59.999Z', '2026-03-09T00:00:00Z']],
])('who comes in around midnight counts on their own day in %s, however late it is added up', async (zone, moments) => {
  await setZone(zone);
  const made = await makeFlow();
  for (const [index, at] of moments.entries()) await letIn(made, 2 ** index, at);
  const expected = { '2026-03-07': 1, '2026-03-08': 6, '2026-03-09': 8 };
  const query = '?from=2026-03-07&to=2026-03-09';
  expect(await arrivals(made.shownId, query)).toEqual(expected);
  await fold();
  expect(await arrivals(made.shownId, query)).toEqual(expected);
  expect(await arrivals(made.shownId, '?from=2026-03-08&to=2026-03-08')).toEqual({ '2026-03-08': 6 });
  expect((await daysOf(made.shownId, query)).time_zone).toBe(zone);
});

test('a step counts on the day on which it is made, and not on the day on which somebody came in', async () => {
  await setZone('UTC');
  const made = await makeFlow();
  const runId = await letIn(made, 3, '2026-05-01T23:59:58Z');
  const call = { workspaceId: api.workspaceId, runId, call: 0, step: 1, cohorts: [0], firstCohort: 1, alone: true };
  await runStep(api.engine.cohortDeps, { ...call, now: Date.parse('2026-05-02T00:00:01Z') });
  await fold();
  const { days } = await daysOf(made.shownId, '?from=2026-05-01&to=2026-05-03');
  expect(days.map(({ day, steps }) => [day, steps['update']])).toEqual([
    ['2026-05-01', { entered: 3, here: 3, left: 0, failed: 0 }],
    ['2026-05-02', { entered: 0, here: -3, left: 3, failed: 0 }],
  ]);
});

test('the days add up to what the canvas shows: before, amid and after adding up, and beside a build that keeps no days', async () => {
  await setZone('Europe/Berlin');
  const made = await makeFlow();
  const query = '?from=2026-06-01&to=2026-06-30';
  const runId = await letIn(made, 5, '2026-06-03T21:59:00Z');
  await letIn(made, 2, '2026-06-03T22:01:00Z');
  const call = { workspaceId: api.workspaceId, runId, call: 0, step: 1, cohorts: [0], firstCohort: 1, alone: true };
  await runStep(api.engine.cohortDeps, { ...call, now: Date.parse('2026-06-10T12:00:00Z') });
  const check = async (entered: number) => {
    const { days, canvas } = await bothSums(made.shownId, query);
    expect(days).toEqual(canvas);
    expect(canvas.steps['start']?.entered).toBe(entered);
  };
  await check(7);
  for (let folded = 3; folded === 3; ) {
    folded = await fold(3);
    await check(7);
  }
  // As the build before folds: into the totals alone.
  await api.inTx((tx) =>
    sql`UPDATE flow_count_totals SET n = n + 4 WHERE flow_id = ${made.flowId} AND step_id = 'start'`.execute(tx),
  );
  await check(11);
  expect((await daysOf(made.shownId, query)).undated.steps).toEqual({
    start: { entered: 4, here: 0, left: 4, failed: 0 },
  });
  await letIn(made, 1, '2026-06-20T12:00:00Z');
  await fold();
  await check(12);
});

test('a workspace that moves to another zone keeps the days it had, and one whose zone nobody knows counts on', async () => {
  await setZone('Asia/Tokyo');
  const made = await makeFlow();
  await letIn(made, 1, '2026-07-01T20:00:00Z');
  await fold();
  await setZone('America/Los_Angeles');
  await letIn(made, 2, '2026-07-02T02:00:00Z');
  await fold();
  const query = '?from=2026-07-01&to=2026-07-05';
  expect(await arrivals(made.shownId, query)).toEqual({ '2026-07-01': 2, '2026-07-02': 1 });
  await setZone('Atlantis/Capital');
  await letIn(made, 4, '2026-07-04T00:00:00Z');
  await fold();
  expect(await arrivals(made.shownId, query)).toEqual({ '2026-07-01': 2, '2026-07-02': 1, '2026-07-04': 4 });
  expect((await daysOf(made.shownId, query)).time_zone).toBe('UTC');
});

test('without a range the last 30 days are counted, up to the day that it is in the workspace’s zone', async () => {
  await setZone('Pacific/Auckland');
  const { shownId } = await makeFlow();
  now = new Date('2026-03-01T12:00:00Z');
  const range = async (query: string) => {
    const { from, to } = await daysOf(shownId, query);
    return `${from} ${to}`;
  };
  expect(await range('')).toBe('2026-02-01 2026-03-02');
  expect(await range('?from=2026-01-01')).toBe('2026-01-01 2026-01-30');
  expect(await range('?to=2026-01-30')).toBe('2026-01-01 2026-01-30');
  expect(await range('?from=2026-01-01&to=2026-04-02')).toBe('2026-01-01 2026-04-02');
});

test.each([
  ['?from=2026-01-02&to=2026-01-01', 'to', 'is before the first day'],
  ['?from=2026-01-01&to=2026-04-03', 'to', 'is more than 92 days from the first day'],
  ['?from=0000-01-01', 'from', 'is a day between 2000 and 2099'],
  ['?to=2026-02-30', 'to', null],
  ['?from=yesterday', 'from', null],
  ['?from=yesterday&to=2026-01-01', 'from', null],
  ['?from=2026-01-01&to=%00', 'to', null],
])('%s is refused at its field', async (query, field, message) => {
  await setZone('UTC');
  const { shownId } = await makeFlow();
  const { status, body } = await api.call('GET', `/api/v1/flows/${shownId}/counts/days${query}`);
  const { errors } = z
    .object({ errors: z.array(z.object({ path: z.array(z.string()), message: z.string() })) })
    .parse(body);
  expect(status).toBe(422);
  expect(errors[0]?.path).toEqual([field]);
  if (message !== null) expect(errors[0]?.message).toBe(message);
});

test('a step may be called as what every object has', () => {
  const rows = [
    { stepId: 'constructor', metric: 'entered', n: 2 },
    { stepId: 'constructor', metric: 'out:next', n: 1 },
  ];
  expect(nestCounts(rows)).toEqual({
    steps: { constructor: { entered: 2, here: 2, left: 0, failed: 0 } },
    outlets: { constructor: { next: 1 } },
  });
});
