import { codeProgress } from '@signalbox/engine/cohorts/code-runs';
import { failCohort } from '@signalbox/engine/cohorts/fail-cohort';
import { cohortsPerCall, runWorkflowId, type StepCall } from '@signalbox/engine/cohorts/run-contract';
import { runStep } from '@signalbox/engine/cohorts/run-step';
import { endFlow, releaseFlowPeople, resumeFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  endsOf,
  historyOf,
  letIn,
  phonesOf,
  positionsOf,
  registerTestFlows,
  runOf,
  textsTo,
} from '../support/code-runs.ts';
import { feedHintsOf } from '../support/feed-hints.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

let harness: Harness;
let flows: Map<string, string>;
beforeAll(async () => {
  harness = await startHarness();
  flows = await registerTestFlows(harness);
});
afterAll(() => harness.close());

let made = 0;
async function enter(flow: string, count: number): Promise<{ flowId: string; contacts: string[]; runId: string }> {
  const flowId = flows.get(flow) ?? '';
  const known = new Set(
    (await harness.inTx((tx) => tx.selectFrom('runs').select('id').where('flow_id', '=', flowId).execute())).map(
      (run) => run.id,
    ),
  );
  const contacts = await harness.addContacts(count, made);
  made += count;
  await letIn(harness, flowId, contacts);
  const runId = await until('the run', async () =>
    (await harness.inTx((tx) => tx.selectFrom('runs').select('id').where('flow_id', '=', flowId).execute()))
      .map((run) => run.id)
      .find((id) => !known.has(id)),
  );
  return { flowId, contacts, runId };
}

const waitForReplies = (contacts: readonly string[]) =>
  until('everyone to wait for a reply', async () =>
    (await positionsOf(harness, contacts)).every((row) => row.waiting_event === 'message.received'),
  );

const ended = (contacts: readonly string[]) =>
  until('everyone to end', async () => (await endsOf(harness, contacts)).length === contacts.length, 40_000);

const restart = async (runId: string): Promise<void> => {
  await harness.engine.client.workflow.getHandle(runWorkflowId(runId)).terminate('as if lost');
  await harness.engine.maintenance.turn('lost', { all: true });
};

const signals = async (runId: string): Promise<number> =>
  (await historyOf(harness, runId)).filter((event) => event.workflowExecutionSignaledEventAttributes != null).length;

test('a workflow that begins again after people moved on sees the same sizes and doubles nothing', async () => {
  const { contacts, runId } = await enter('Sized', 4);
  await waitForReplies(contacts);
  const phones = await phonesOf(harness, contacts);
  for (const phone of phones) harness.carrier.text(phone, businessNumber, 'yes');
  await until('the sleep after the thanks', async () =>
    (await historyOf(harness, runId)).some(
      (event) => Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0) === 9,
    ),
  );
  await restart(runId);
  await ended(contacts);
  for (const contact of contacts) expect(await textsTo(harness, contact)).toEqual(['Ask', 'Thanks', 'Last']);
  expect((await endsOf(harness, contacts)).map((end) => [end.outcome, end.reason])).toEqual(
    contacts.map(() => ['finished', null]),
  );
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
}, 60_000);

test('what a parking call collected is stored with it, whatever becomes of the people', async () => {
  const { contacts, runId } = await enter('Sized', 3);
  await waitForReplies(contacts);
  const query = { workspaceId: harness.workspaceId, runId, firstCohort: 1 };
  const before = await codeProgress(harness.db, query);
  expect(before).toEqual({ waiting: 0, sizes: { 1: 3 } });
  // They stand at the next step, in its cohorts: counting again would find nobody.
  expect((await positionsOf(harness, contacts)).map((row) => row.cohort)).toEqual(contacts.map(() => 65));
  expect(await codeProgress(harness.db, query)).toEqual(before);
  expect(await codeProgress(harness.db, { ...query, firstCohort: 1 + cohortsPerCall })).toEqual({
    waiting: 3,
    sizes: {},
  });
});

test('a call that its ledger knows as another one never gets its result: the run is given up, aloud', async () => {
  const { flowId, contacts, runId } = await enter('Sized', 2);
  await waitForReplies(contacts);
  const call = (change: Partial<StepCall>): StepCall => ({
    workspaceId: harness.workspaceId,
    runId,
    call: 0,
    step: 0,
    cohorts: [0],
    firstCohort: 1,
    now: Date.now(),
    alone: false,
    code: true,
    ...change,
  });
  expect((await runStep(harness.engine.cohortDeps, call({}))).parked).toBe(2);
  await expect(runStep(harness.engine.cohortDeps, call({ step: 2 }))).rejects.toThrow('was another one');
  await expect(runStep(harness.engine.cohortDeps, call({ cohorts: [0, 1] }))).rejects.toThrow('was another one');
  const hints = await feedHintsOf(harness, flowId);
  const failed = await failCohort(harness.engine.cohortDeps, call({ step: 2 }));
  expect(await hints(), 'whoever shows the flow hears of who failed').toEqual(['people']);
  expect(failed.failed).toBe(2);
  expect((await endsOf(harness, contacts)).map((end) => [end.outcome, end.reason])).toEqual(
    contacts.map(() => ['failed', { code: 'call_mismatch' }]),
  );
  // Closed: whatever its workflow still calls does nothing, and it comes to its end.
  expect(await runStep(harness.engine.cohortDeps, call({ step: 2 }))).toMatchObject({ parked: 0, outlets: [] });
  await until(
    'the workflow to end',
    async () =>
      (await harness.engine.client.workflow.getHandle(runWorkflowId(runId)).describe()).status.name === 'COMPLETED',
    40_000,
  );
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
}, 60_000);

test('a workflow that takes another way when it begins again ends its people with a reason, not at the wrong step', async () => {
  const { contacts, runId } = await enter('Sized', 2);
  await waitForReplies(contacts);
  await harness.inTx((tx) =>
    tx.updateTable('run_steps').set({ step: 3 }).where('run_id', '=', runId).where('call', '=', 1).execute(),
  );
  await restart(runId);
  await ended(contacts);
  expect((await endsOf(harness, contacts)).map((end) => end.reason)).toEqual(
    contacts.map(() => ({ code: 'call_mismatch' })),
  );
  for (const contact of contacts) expect(await textsTo(harness, contact)).toEqual(['Ask']);
}, 60_000);

test('nobody waits for a message sent with settle: false, and nobody misses what comes after it', async () => {
  const { contacts, runId } = await enter('Unsettled', 3);
  await waitForReplies(contacts);
  for (const contact of contacts) expect(await textsTo(harness, contact)).toEqual(['First', 'Second']);
  const calls = await harness.inTx((tx) =>
    tx.selectFrom('run_steps').select(['call', 'result']).where('run_id', '=', runId).orderBy('call').execute(),
  );
  expect(calls[0]?.result).toMatchObject({ parked: 0, outlets: [{ outlet: 'sent', size: 3 }] });
  for (const phone of await phonesOf(harness, contacts)) harness.carrier.text(phone, businessNumber, 'yes');
  await ended(contacts);
  // The last one was still queued when everybody was finished: it goes out.
  await until('the last messages', async () => {
    const rows = await harness.inTx((tx) =>
      tx.selectFrom('messages').select(['state', 'body']).where('contact_id', 'in', contacts).execute(),
    );
    return rows.filter((row) => row.body === 'Third' && ['accepted', 'delivered'].includes(row.state)).length === 3;
  });
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
}, 60_000);

test('a workflow that returns without finish leaves nobody behind', async () => {
  // With an odd number it makes calls first; with an even one it returns at once, its run never begun.
  for (const count of [3, 2]) {
    const { contacts, runId } = await enter('Returns', count);
    await until('the workflow to return', async () => {
      const handle = harness.engine.client.workflow.getHandle(runWorkflowId(runId));
      return handle.describe().then(
        ({ status }) => status.name === 'COMPLETED',
        () => false,
      );
    });
    expect((await strandedEnrollments(harness.ownerUrl, harness.engine.client)).length).toBe(count);
    await harness.engine.maintenance.turn('lost', { all: true });
    expect((await endsOf(harness, contacts)).map((end) => [end.outcome, end.reason])).toEqual(
      contacts.map(() => ['finished', { code: 'workflow_returned' }]),
    );
    const run = await harness.inTx((tx) =>
      tx.selectFrom('runs').select('state').where('id', '=', runId).executeTakeFirstOrThrow(),
    );
    expect(run.state).toBe(3);
    expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
  }
});

test('fifty replies wake their run once', async () => {
  const { contacts, runId } = await enter('Sized', 50);
  await waitForReplies(contacts);
  const before = await signals(runId);
  const phones = await phonesOf(harness, contacts);
  for (const phone of phones) {
    harness.carrier.text(phone, businessNumber, 'yes');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await ended(contacts);
  // One for the replies; one for each of the two messages sent after them, where those settle in one go or two.
  expect((await signals(runId)) - before).toBeLessThanOrEqual(6);
  const events = await historyOf(harness, runId);
  console.log(`history events of a code run with 50 repliers: ${events.length}, signals: ${await signals(runId)}`);
  expect(events.length).toBeLessThan(150);
  const woken = events.filter((event) => event.workflowExecutionSignaledEventAttributes != null);
  for (const event of woken)
    expect(event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? []).toHaveLength(0);
}, 60_000);

test('a run is woken when the last one it waits for says STOP', async () => {
  const { contacts, runId } = await enter('Sized', 2);
  await waitForReplies(contacts);
  const [first = '', second = ''] = await phonesOf(harness, contacts);
  harness.carrier.text(first, businessNumber, 'yes');
  await until('the first to be ready', async () =>
    (await positionsOf(harness, contacts)).some((row) => row.state === 1),
  );
  const before = await signals(runId);
  // It looks by itself ever more seldom: from now on not for eight seconds.
  await until('its next look to be far away', async () =>
    (await historyOf(harness, runId)).some(
      (event) => Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0) === 8,
    ),
  );
  expect(await signals(runId), 'somebody still waits').toBe(before);
  harness.carrier.text(second, businessNumber, 'stop');
  await until('the thanks', async () => (await textsTo(harness, contacts[0] ?? '')).includes('Thanks'), 5_000);
});

test('when most of an audience fails for one reason a code flow pauses where it is, and goes on with the same call', async () => {
  const flowId = flows.get('Long') ?? '';
  const contacts = await harness.addContacts(12, 10_000);
  const rename = (name: string) =>
    harness.inTx((tx) => tx.updateTable('contacts').set({ first_name: name }).where('id', 'in', contacts).execute());
  await rename('A'.repeat(80));
  await letIn(harness, flowId, contacts);
  const state = () =>
    harness.inTx((tx) =>
      tx.selectFrom('flows').select(['state', 'paused_by']).where('id', '=', flowId).executeTakeFirstOrThrow(),
    );
  await until('the flow to pause', async () => (await state()).state === 'paused');
  expect((await state()).paused_by).toEqual({ step: 'send', code: 'message_too_long' });
  const runId = (await runOf(harness, flowId)) ?? '';
  expect((await positionsOf(harness, contacts)).map((row) => [row.state, row.run_id])).toEqual(
    contacts.map(() => [1, runId]),
  );
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  await rename('Ann');
  await harness.inTx((tx) => resumeFlow({ tx, workspaceId: harness.workspaceId, now: new Date() }, flowId));
  await releaseFlowPeople({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flowId, (runs) =>
    harness.engine.starter.start(runs),
  );
  await ended(contacts);
  const runs = await harness.inTx((tx) =>
    tx.selectFrom('runs').select(['id', 'lane']).where('flow_id', '=', flowId).execute(),
  );
  expect(runs).toEqual([{ id: runId, lane: 'code' }]);
  for (const contact of contacts) expect(await textsTo(harness, contact)).toHaveLength(1);
}, 60_000);

test('stopping a flow wakes its runs, which come to their end', async () => {
  const { flowId, contacts, runId } = await enter('Sized', 2);
  await waitForReplies(contacts);
  const before = await signals(runId);
  await harness.inTx((tx) => stopFlow({ tx, workspaceId: harness.workspaceId, now: new Date() }, flowId));
  await endFlow({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flowId);
  expect((await endsOf(harness, contacts)).map((end) => end.outcome)).toEqual(contacts.map(() => 'stopped'));
  // Where the run was about to look by itself, it has collected before the waker looks, and needs no signal.
  await until('the signal, or the end', async () => {
    const run = await harness.inTx((tx) =>
      tx.selectFrom('runs').select('state').where('id', '=', runId).executeTakeFirst(),
    );
    return run?.state === 3 || (await signals(runId)) > before;
  });
});
