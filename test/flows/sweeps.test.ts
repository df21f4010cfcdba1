import { runWorkflowId, workflowTypes } from '@signalbox/engine/cohorts/run-contract';
import type { RunState } from '@signalbox/engine/db/states';
import { removeSampleData } from '@signalbox/engine/demo/remove-sample-data';
import { endFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { publishFlow } from '@signalbox/engine/flows/publish';
import { sweeps } from '@signalbox/engine/sweeps/catalogue.gen';
import { finishLifecycles } from '@signalbox/engine/sweeps/lifecycles';
import { createLostRuns } from '@signalbox/engine/sweeps/lost';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endsOf, letIn, positionsOf, registerTestFlows, runOf } from '../support/code-runs.ts';
import { feedHintsOf } from '../support/feed-hints.ts';
import { conversationFlow } from '../support/flows.ts';
import { type Harness, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

let harness: Harness;
let flows: Map<string, string>;
beforeAll(async () => {
  harness = await startHarness();
  flows = await registerTestFlows(harness);
});
afterAll(() => harness.close());

const day = 86_400_000;
let made = 0;
async function contacts(count: number): Promise<string[]> {
  const ids = await harness.addContacts(count, made);
  made += count;
  return ids;
}

type RunValues = { readonly state: RunState; readonly ageMs: number; readonly lane?: 'interactive' | 'code' };

async function storeRun(
  flow: { flowId: string; versionId: string },
  { state, ageMs, lane = 'interactive' }: RunValues,
): Promise<string> {
  const id = harness.engine.ids.uuid();
  const at = new Date(Date.now() - ageMs);
  await harness.inTx((tx) =>
    tx
      .insertInto('runs')
      .values({
        workspace_id: harness.workspaceId,
        id,
        flow_id: flow.flowId,
        version_id: flow.versionId,
        lane,
        state,
        step: 1,
        size: 1,
        created_at: at,
        started_at: state === 1 ? null : at,
        closed_at: state === 3 ? at : null,
      })
      .execute(),
  );
  return id;
}

/** A workflow that sleeps for an hour under the run's id: open, and of no other use. */
function openWorkflow(runId: string) {
  return harness.engine.client.workflow.start(workflowTypes.run, {
    taskQueue: harness.engine.names.queues.interactive,
    workflowId: runWorkflowId(runId),
    args: [
      {
        workspaceId: harness.workspaceId,
        runId,
        lane: 'interactive',
        call: 0,
        nextCohort: 1,
        ready: [],
        sleeping: [{ cohort: 1, step: 1, until: Date.now() + 3_600_000 }],
        labels: {},
      },
    ],
  });
}

const stand = (contactId: string, flow: { flowId: string; versionId: string }, position: object) =>
  harness.inTx((tx) =>
    tx
      .insertInto('enrollments')
      .values({
        workspace_id: harness.workspaceId,
        id: harness.engine.ids.uuid(),
        flow_id: flow.flowId,
        version_id: flow.versionId,
        contact_id: contactId,
        started_at: new Date(),
        state: 3,
        step: 4,
        ...position,
      })
      .execute(),
  );

test.each(sweeps)(
  '$name takes its turns beside those of another process, over everything and over what is new',
  async ({ name }) => {
    const { turn } = harness.engine.maintenance;
    const handled = await Promise.all([true, true, false, false].map((all) => turn(name, { all })));
    for (const count of handled) expect([count, Number.isInteger(count) && count >= 0]).toEqual([count, true]);
  },
);

test('a lost run is come to however many healthy ones are older', async () => {
  const flow = await harness.publish('Many', conversationFlow({ event: 'many' }));
  const healthy = [];
  for (let index = 0; index < 5; index += 1)
    healthy.push(await openWorkflow(await storeRun(flow, { state: 2, ageMs: 100_000 - index })));
  const lost = await storeRun(flow, { state: 2, ageMs: 90_000 });
  const [contact = ''] = await contacts(1);
  await stand(contact, flow, { state: 1, step: 1, run_id: lost });
  const { engine } = harness;
  const examine = createLostRuns({ ...engine, client: () => engine.client, lostPage: 2 });
  let homes = 0;
  for (let turn = 0; turn < 4; turn += 1) homes += await examine(30_000);
  expect(homes).toBe(1);
  await until('the person to go on', async () => (await positionsOf(harness, [contact]))[0]?.run_id !== lost);
  // Once round, it begins again at the oldest: another lost one among those is found too.
  const older = await storeRun(flow, { state: 2, ageMs: 200_000 });
  for (let turn = 0; turn < 4; turn += 1) homes += await examine(30_000);
  expect(homes).toBe(2);
  const state = await harness.inTx((tx) =>
    tx.selectFrom('runs').select('state').where('id', '=', older).executeTakeFirstOrThrow(),
  );
  expect(state.state).toBe(3);
  for (const handle of healthy) await handle.terminate();
});

test('people of a run whose workflow ended before its first call get another', async () => {
  const flow = await harness.publish('Early', conversationFlow({ event: 'early' }));
  const runId = await storeRun(flow, { state: 1, ageMs: 600_000 });
  const handle = await openWorkflow(runId);
  await handle.terminate('by an operator');
  const [contact = ''] = await contacts(1);
  await stand(contact, flow, { state: 1, step: 1, run_id: runId });
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toHaveLength(1);
  await harness.engine.maintenance.turn('lost', { all: false });
  await until('the wait', async () => (await positionsOf(harness, [contact]))[0]?.waiting_event === 'message.received');
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
});

test('closed runs are deleted with their ledgers after a week, a batch at a time', async () => {
  const flow = await harness.publish('Old', conversationFlow({ event: 'old' }));
  const old = await Promise.all(Array.from({ length: 3 }, () => storeRun(flow, { state: 3, ageMs: 8 * day })));
  const recent = await storeRun(flow, { state: 3, ageMs: 6 * day });
  const open = await storeRun(flow, { state: 2, ageMs: 1_000 });
  await harness.inTx((tx) =>
    tx
      .insertInto('run_steps')
      .values(
        [...old, recent, open].flatMap((run_id) =>
          [0, 1].map((call) => ({ workspace_id: harness.workspaceId, run_id, call, at: new Date() })),
        ),
      )
      .execute(),
  );
  expect(await harness.engine.maintenance.turn('closed-runs')).toBe(3);
  expect(await harness.engine.maintenance.turn('closed-runs')).toBe(0);
  const left = await harness.inTx((tx) =>
    tx.selectFrom('runs').select('id').where('flow_id', '=', flow.flowId).orderBy('id').execute(),
  );
  expect(left.map((run) => run.id)).toEqual([recent, open].sort());
  const steps = await harness.inTx((tx) =>
    tx
      .selectFrom('run_steps')
      .select('run_id')
      .where('run_id', 'in', [...old, recent, open])
      .execute(),
  );
  expect(steps).toHaveLength(4);
});

test('what was published again after a stop keeps its people', async () => {
  const flow = await harness.publish('Stopped', conversationFlow({ event: 'stopped' }));
  const before = await contacts(3);
  for (const contact of before) await stand(contact, flow, { waiting_event: 'message.received', arrived_outlet: 0 });
  await harness.inTx((tx) => stopFlow({ tx, workspaceId: harness.workspaceId, now: new Date() }, flow.flowId));
  const { ids, nodes } = harness.engine;
  const again = await harness.inTx((tx) =>
    publishFlow({ ids, nodes }, { tx, workspaceId: harness.workspaceId, now: new Date() }, flow.flowId),
  );
  if (again.kind !== 'published') throw new Error('It could not be published again.');
  const [later = ''] = await contacts(1);
  const waits = { waiting_event: 'message.received', arrived_outlet: 0 };
  await stand(later, { flowId: flow.flowId, versionId: again.versionId }, waits);
  // The stop goes on ending whom it found, here after a crash; and has nothing to come back to then.
  const hints = await feedHintsOf(harness, flow.flowId);
  const nudged: string[] = [];
  const leave = harness.engine.notifier.onChanged((workspaceId) => void nudged.push(workspaceId));
  await finishLifecycles(harness.engine, [harness.workspaceId]);
  leave();
  expect((await endsOf(harness, before)).map((end) => end.outcome)).toEqual(before.map(() => 'stopped'));
  expect(await hints(), 'whoever shows the flow hears of who was ended').toEqual(['people']);
  expect(nudged, 'at once').toContain(harness.workspaceId);
  expect(await positionsOf(harness, [later])).toHaveLength(1);
  expect(await endFlow({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flow.flowId)).toBe(0);
  expect(await positionsOf(harness, [later])).toHaveLength(1);
  const { stopped_through } = await harness.inTx((tx) =>
    tx.selectFrom('flows').select('stopped_through').where('id', '=', flow.flowId).executeTakeFirstOrThrow(),
  );
  expect(stopped_through).toBeNull();
});

test('removing a flow under the open workflow of a run ends that', async () => {
  const flowId = flows.get('Sized') ?? '';
  const people = await contacts(2);
  await letIn(harness, flowId, people);
  await until('the wait', async () => {
    const rows = await positionsOf(harness, people);
    return rows.length === 2 && rows.every((row) => row.waiting_event === 'message.received');
  });
  const runId = (await runOf(harness, flowId)) ?? '';
  await harness.inTx(async (tx) => {
    await tx.updateTable('flows').set({ is_sample: true }).where('id', '=', flowId).execute();
    await removeSampleData({ tx, workspaceId: harness.workspaceId, now: new Date() });
  });
  expect(
    await harness.inTx((tx) => tx.selectFrom('run_steps').selectAll().where('run_id', '=', runId).execute()),
  ).toEqual([]);
  await until(
    'the workflow to end',
    async () =>
      (await harness.engine.client.workflow.getHandle(runWorkflowId(runId)).describe()).status.name === 'COMPLETED',
    30_000,
  );
}, 60_000);
