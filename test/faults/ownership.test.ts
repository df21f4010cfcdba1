import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

/** The query that every fault test asks must itself turn red: one planted violation for each of its clauses. */
let harness: Harness;
let owner: pg.Client;
let flow: { flowId: string; versionId: string };
beforeAll(async () => {
  harness = await startHarness({ work: false });
  flow = await harness.publish('Conversation', conversationFlow({ event: 'signed_up' }));
  owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await harness.close();
});

afterEach(() => owner.query('DELETE FROM enrollments; DELETE FROM contacts; DELETE FROM numbers'));

const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
/** A run in its second call: the first made cohort 1, a sleeping cohort 3 and parked people of a code flow's cohorts from 1. */
const [running, closed, unstarted, code] = [id(1), id(2), id(3), id(4)];

async function plant(position: Record<string, unknown>): Promise<void> {
  const [contact] = await harness.addContacts(1);
  const values: Record<string, unknown> = {
    workspace_id: harness.workspaceId,
    id: id(9),
    flow_id: flow.flowId,
    version_id: flow.versionId,
    contact_id: contact,
    started_at: new Date(),
    step: 4,
    ...position,
  };
  const names = Object.keys(values);
  await owner.query(
    `INSERT INTO enrollments (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(values),
  );
}

beforeAll(async () => {
  for (const [run, state, lane] of [
    [running, 2, 'interactive'],
    [closed, 3, 'interactive'],
    [unstarted, 1, 'interactive'],
    [code, 2, 'code'],
  ] as const) {
    await owner.query(
      `INSERT INTO runs (workspace_id, id, flow_id, version_id, lane, state, step, size, created_at) VALUES ($1, $2, $3, $4, $5, $6, 1, 1, now())`,
      [harness.workspaceId, run, flow.flowId, flow.versionId, lane, state],
    );
    if (state === 1) continue;
    const made = { outlets: [{ cohort: 1 }, { cohort: 2 }], sleeping: [{ cohort: 3 }, { cohort: 4 }], parked: 1 };
    const none = { outlets: [], sleeping: [], parked: 0 };
    await owner.query(
      `INSERT INTO run_steps (workspace_id, run_id, call, step, cohorts, result, at) VALUES ($1, $2, 0, 1, '{0}', $3, now()), ($1, $2, 1, 2, '{2,4}', $4, now())`,
      [harness.workspaceId, run, JSON.stringify(made), JSON.stringify(none)],
    );
  }
});

const past = new Date(Date.now() - 1_000);
const message = id(8);
const owned: ReadonlyArray<readonly [string, Record<string, unknown>]> = [
  ['ready in a cohort that a call made', { state: 1, run_id: running, cohort: 1 }],
  ['ready in a run that is not started', { state: 1, run_id: unstarted, cohort: 0 }],
  ['asleep in a cohort that a call put to sleep', { state: 2, run_id: running, cohort: 3, due_at: past }],
  ['parked on an event', { state: 3, waiting_event: 'message.received' }],
  ['parked on a time', { state: 3, due_at: past }],
  [
    'parked in a code run, to come back to a cohort nobody has called',
    { state: 3, run_id: code, cohort: 1, due_at: past, due_outlet: 0 },
  ],
  ['back in a cohort that a code run’s call named', { state: 1, run_id: code, cohort: 3 }],
  ['held for a reason', { state: 4, held_reason: 'step_failed' }],
];

test.each(owned)('finds nothing in somebody %s', async (_, position) => {
  await plant(position);
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
});

const planted: ReadonlyArray<readonly [string, Record<string, unknown>]> = [
  ['ready in no run', { state: 1 }],
  ['ready in a closed run', { state: 1, run_id: closed, cohort: 1 }],
  ['ready in a cohort that was called already', { state: 1, run_id: running, cohort: 2 }],
  ['ready in the first cohort after its call', { state: 1, run_id: running, cohort: 0 }],
  ['ready in a cohort that nobody knows', { state: 1, run_id: running, cohort: 7 }],
  ['ready in a code run’s cohort that was called already', { state: 1, run_id: code, cohort: 2 }],
  ['ready in a code run’s cohort that nobody knows', { state: 1, run_id: code, cohort: 99 }],
  ['asleep in a run that is not running', { state: 2, run_id: unstarted, cohort: 3, due_at: past }],
  ['asleep without a time', { state: 2, run_id: running, cohort: 3 }],
  ['asleep in a cohort that was woken already', { state: 2, run_id: running, cohort: 4, due_at: past }],
  ['asleep in a cohort that nobody knows', { state: 2, run_id: running, cohort: 7, due_at: past }],
  ['parked on nothing', { state: 3 }],
  ['parked on a message that is gone', { state: 3, waiting_message_id: message }],
  ['parked on a message and a time', { state: 3, waiting_message_id: message, due_at: past }],
  ['parked in a closed run', { state: 3, run_id: closed, cohort: 1, due_at: past, due_outlet: 0 }],
  [
    'parked in a code run, to come back to a cohort that was called',
    { state: 3, run_id: code, cohort: 1, due_at: past, due_outlet: 1 },
  ],
  ['held by no pause', { state: 4 }],
  ['held in a run', { state: 4, run_id: running, held_reason: 'step_failed' }],
];

test.each(planted)('finds somebody %s', async (_, position) => {
  await plant(position);
  expect((await strandedEnrollments(harness.ownerUrl)).map((row) => row.id)).toEqual([id(9)]);
});

test('asks Temporal, where it may, about the workflows that people rely on', async () => {
  await plant({ state: 1, run_id: running, cohort: 1 });
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toHaveLength(1);
  await owner.query(`UPDATE enrollments SET run_id = '${unstarted}', cohort = 0`);
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
});
