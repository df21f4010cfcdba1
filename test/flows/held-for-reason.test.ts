import { failCohort } from '@signalbox/engine/cohorts/fail-cohort';
import { createSettlementPump, type PumpDeps } from '@signalbox/engine/cohorts/pumps';
import { runStep } from '@signalbox/engine/cohorts/run-step';
import { inWorkspace } from '@signalbox/engine/db/database';
import { releaseFlowPeople } from '@signalbox/engine/flows/lifecycle';
import { showEnrollment } from '@signalbox/engine/flows/routes-enrollments-shared';
import { listEnrollments } from '@signalbox/engine/flows/store-enrollments';
import { sweepDue } from '@signalbox/engine/sweeps/due';
import { finishLifecycles } from '@signalbox/engine/sweeps/lifecycles';
import { createVersionCache, loadOrBare } from '@signalbox/engine/versions/version-cache';
import type { AnyNode } from '@signalbox/nodes/define/define-node';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endsOf, phonesOf, positionsOf } from '../support/code-runs.ts';
import { feedHintsOf } from '../support/feed-hints.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

/** Nothing works by itself: each test moves people by hand, with the library that it says a build has. */
let harness: Harness;
beforeEach(async () => {
  harness = await startHarness({ work: false });
});
afterEach(() => harness.close());

const everything = new Map(catalogue.map((node) => [node.type, node]));

/** What a build with these nodes sweeps with. */
function build(nodes: ReadonlyMap<string, AnyNode> = everything): PumpDeps {
  const { engine } = harness;
  return { ...engine, versions: createVersionCache(nodes) };
}

/** Steps of the conversation by rank: start, record, check, ask, wait, meaning, and two more. */
const [ask, wait, meaning] = [3, 4, 5];

type Place = { readonly flow: { flowId: string; versionId: string }; readonly step: number };

async function stand(contact: string, { flow, step }: Place, position: object): Promise<string> {
  const id = harness.engine.ids.uuid();
  await harness.inTx((tx) =>
    tx
      .insertInto('enrollments')
      .values({
        workspace_id: harness.workspaceId,
        id,
        flow_id: flow.flowId,
        version_id: flow.versionId,
        contact_id: contact,
        started_at: new Date(),
        step,
        hop: step,
        state: 3,
        ...position,
      })
      .execute(),
  );
  return id;
}

const spoil = (versionId: string) =>
  harness.inTx((tx) =>
    tx
      .updateTable('flow_versions')
      .set({ compiled: JSON.stringify({ steps: 'of another time' }) })
      .where('id', '=', versionId)
      .execute(),
  );

async function twoFlows() {
  const one = await harness.publish('One', conversationFlow({ event: 'one' }));
  const two = await harness.publish('Two', conversationFlow({ event: 'two' }));
  const { compiled } = await harness.inTx((tx) =>
    tx.selectFrom('flow_versions').select('compiled').where('id', '=', one.versionId).executeTakeFirstOrThrow(),
  );
  await spoil(one.versionId);
  const restore = () =>
    harness.inTx((tx) =>
      tx
        .updateTable('flow_versions')
        .set({ compiled: JSON.stringify(compiled) })
        .where('id', '=', one.versionId)
        .execute(),
    );
  return { one, two, restore };
}

test('people of a version that cannot be read are held when they are due; others go on, and so do they once it can be', async () => {
  const { one, two, restore } = await twoFlows();
  const [a = '', b = ''] = await harness.addContacts(2);
  const due = {
    due_at: new Date(Date.now() - 1_000),
    due_outlet: 1,
    arrived_outlet: 0,
    waiting_event: 'message.received',
  };
  await stand(a, { flow: one, step: wait }, due);
  await stand(b, { flow: two, step: wait }, due);
  expect(await sweepDue(build())).toBe(2);
  expect(await sweepDue(build()), 'they are not met again').toBe(0);
  const [held] = await positionsOf(harness, [a]);
  expect(held).toMatchObject({
    state: 4,
    due_at: null,
    held_reason: 'version_unreadable',
    due_outlet: 1,
    run_id: null,
  });
  const shown = await harness.inTx(async (tx) => {
    const [row] = await listEnrollments({ tx, workspaceId: harness.workspaceId }, { contactId: a, limit: 1 });
    if (row === undefined) throw new Error('Nobody is listed.');
    const at = { id: row.version_id, flowId: row.flow_id };
    return showEnrollment(row, await loadOrBare(build().versions, { tx, workspaceId: harness.workspaceId }, at));
  });
  expect(shown).toMatchObject({ state: 'held', step_id: null, reason: { code: 'version_unreadable' } });
  const [moved] = await positionsOf(harness, [b]);
  expect(moved).toMatchObject({ state: 1, step: 7, held_reason: null });
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);

  // A build that cannot read it either changes nothing; one that can lets them leave by the outlet they had.
  const sweep = () =>
    finishLifecycles({ ...harness.engine, arrivalDeps: { ...harness.engine.arrivalDeps, ...build() } }, [
      harness.workspaceId,
    ]);
  await sweep();
  expect((await positionsOf(harness, [a]))[0]?.state).toBe(4);
  await restore();
  await sweep();
  expect((await positionsOf(harness, [a]))[0]).toMatchObject({
    state: 1,
    step: 7,
    held_reason: null,
    due_outlet: null,
  });
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
});

test('settlements of people whose version cannot be read do not stand before those of others', async () => {
  const { one, two } = await twoFlows();
  const contacts = await harness.addContacts(2);
  for (const [index, flow] of [one, two].entries()) {
    const message = harness.engine.ids.uuid();
    const waits = { waiting_message_id: message, arrived_outlet: 0, due_outlet: 1 };
    const enrollment = await stand(contacts[index] ?? '', { flow, step: ask }, waits);
    await harness.inTx((tx) =>
      tx
        .insertInto('settlements')
        .values({
          workspace_id: harness.workspaceId,
          message_id: message,
          enrollment_id: enrollment,
          sent: true,
          at: new Date(),
        })
        .execute(),
    );
  }
  const pump = createSettlementPump(build());
  expect(await pump.drain()).toBe(2);
  expect(await pump.drain()).toBe(0);
  const [held, moved] = await positionsOf(harness, contacts);
  expect(held).toMatchObject({ state: 4, held_reason: 'version_unreadable', due_outlet: 0 });
  expect(moved).toMatchObject({ state: 1, step: wait });
});

test('somebody of a code flow whose version cannot be read goes on in its run, where the next call waits for a build that can', async () => {
  const { one } = await twoFlows();
  const [contact = ''] = await harness.addContacts(1);
  const runId = harness.engine.ids.uuid();
  const run = {
    workspace_id: harness.workspaceId,
    flow_id: one.flowId,
    version_id: one.versionId,
    created_at: new Date(),
  };
  await harness.inTx((tx) =>
    tx
      .insertInto('runs')
      .values({ ...run, id: runId, lane: 'code', state: 2, step: 0, size: 1, started_at: new Date() })
      .execute(),
  );
  const due = { due_at: new Date(Date.now() - 1_000), due_outlet: 1, waiting_event: 'message.received' };
  await stand(contact, { flow: one, step: wait }, { ...due, run_id: runId, cohort: 65 });
  expect(await sweepDue(build())).toBe(1);
  expect((await positionsOf(harness, [contact]))[0]).toMatchObject({ state: 1, run_id: runId, cohort: 66 });
  const call = {
    workspaceId: harness.workspaceId,
    runId,
    call: 2,
    step: 5,
    cohorts: [66],
    firstCohort: 129,
    alone: false,
  };
  const deps = { ...harness.engine.cohortDeps, versions: build().versions };
  await expect(runStep(deps, { ...call, now: Date.now(), code: true })).rejects.toThrow('cannot be run');
  expect((await positionsOf(harness, [contact]))[0]).toMatchObject({ state: 1, run_id: runId });
});

test('STOP ends the enrollments of somebody whose version cannot be read, and keeps its word', async () => {
  const { one } = await twoFlows();
  const [contact = ''] = await harness.addContacts(1);
  await stand(contact, { flow: one, step: wait }, { waiting_event: 'message.received' });
  const [phone = ''] = await phonesOf(harness, [contact]);
  harness.carrier.text(phone, businessNumber, 'stop');
  await until('the end', async () => (await endsOf(harness, [contact])).length === 1);
  expect((await endsOf(harness, [contact]))[0]).toMatchObject({ outcome: 'stopped', reason: { code: 'opted_out' } });
  const { suppressed_at } = await harness.inTx((tx) =>
    tx.selectFrom('numbers').select('suppressed_at').where('number', '=', phone).executeTakeFirstOrThrow(),
  );
  expect(suppressed_at).not.toBeNull();
});

test('a step whose node a build does not have, or has in another version, holds who comes to it and nobody who passes by', async () => {
  const flow = await harness.publish('One', conversationFlow({ event: 'one' }));
  const without = new Map([...everything].filter(([type]) => type !== 'branch'));
  const branch = everything.get('branch');
  if (branch === undefined) throw new Error('There is no branch.');
  const newer = new Map([...everything, ['branch', { ...branch, version: branch.version + 1 }]]);
  for (const [index, nodes] of [without, newer].entries()) {
    const [contact = ''] = await harness.addContacts(1, index * 10);
    const due = { due_at: new Date(Date.now() - 1_000), due_outlet: 0, waiting_event: 'message.received' };
    await stand(contact, { flow, step: wait }, due);
    const deps = build(nodes);
    expect(await sweepDue(deps)).toBe(1);
    const [ready] = await positionsOf(harness, [contact]);
    expect(ready).toMatchObject({ state: 1, step: meaning });
    const call = { workspaceId: harness.workspaceId, runId: ready?.run_id ?? '', call: 0, step: meaning, cohorts: [0] };
    const result = await runStep(
      { ...harness.engine.cohortDeps, versions: deps.versions },
      { ...call, firstCohort: 1, now: Date.now(), alone: true },
    );
    expect(result).toMatchObject({ held: 1, outlets: [] });
    expect((await positionsOf(harness, [contact]))[0]).toMatchObject({
      state: 4,
      step: meaning,
      held_reason: 'version_unreadable',
    });
    expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
    const { db, clock, ids, failPoints } = harness.engine;
    const lifecycle = { db, clock, ids, failPoints };
    const release = (versions: PumpDeps['versions']) =>
      releaseFlowPeople({ ...lifecycle, versions }, harness.workspaceId, flow.flowId, () => undefined, { all: false });
    await release(deps.versions);
    expect((await positionsOf(harness, [contact]))[0]?.state).toBe(4);
    await release(build().versions);
    expect((await positionsOf(harness, [contact]))[0]).toMatchObject({ state: 1, step: meaning, held_reason: null });
  }
});

test('what fails for one workspace keeps no other waiting', async () => {
  const flow = await harness.publish('One', conversationFlow({ event: 'one' }));
  const [contact = ''] = await harness.addContacts(1);
  const due = { due_at: new Date(Date.now() - 1_000), due_outlet: 1, waiting_event: 'message.received' };
  await stand(contact, { flow, step: wait }, due);
  // Another workspace, first in the order of whatever the sweep finds, whose transaction breaks off.
  const other = '00000000-0000-7000-8000-000000000001';
  const broken = build();
  const versions: PumpDeps['versions'] = {
    load: (scope, versionId) =>
      scope.workspaceId === other ? Promise.reject(new Error('broken')) : broken.versions.load(scope, versionId),
  };
  await inWorkspace(harness.db, other, async (tx) => {
    const now = new Date();
    await tx.insertInto('workspaces').values({ workspace_id: other, name: 'Other', created_at: now }).execute();
    const person = { workspace_id: other, id: other, phone: '+12025550999', created_at: now, updated_at: now };
    await tx.insertInto('contacts').values(person).execute();
    const position = { workspace_id: other, id: other, flow_id: other, version_id: other, contact_id: other };
    await tx
      .insertInto('enrollments')
      .values({ ...position, started_at: now, step: 0, state: 3, due_at: due.due_at })
      .execute();
  });
  expect(await sweepDue({ ...broken, versions })).toBe(1);
  expect((await positionsOf(harness, [contact]))[0]?.state).toBe(1);
});

test('somebody who cannot even be failed is held, alone; resuming the flow tries again', async () => {
  const flow = await harness.publish('One', conversationFlow({ event: 'one' }));
  const contacts = await harness.addContacts(3);
  const runId = harness.engine.ids.uuid();
  const values = {
    workspace_id: harness.workspaceId,
    flow_id: flow.flowId,
    version_id: flow.versionId,
    created_at: new Date(),
  };
  await harness.inTx((tx) =>
    tx
      .insertInto('runs')
      .values({ ...values, id: runId, lane: 'interactive', step: 1, size: 3 })
      .execute(),
  );
  const ids: string[] = [];
  for (const contact of contacts)
    ids.push(await stand(contact, { flow, step: 1 }, { state: 1, run_id: runId, cohort: 0 }));
  // A path entry stands where the next one has to go: whatever is written about this person is refused.
  const entry = { workspace_id: harness.workspaceId, enrollment_id: ids[1] ?? '', hop: 1, step: 0, at: new Date() };
  await harness.inTx((tx) => tx.insertInto('enrollment_path').values(entry).execute());
  const call = { workspaceId: harness.workspaceId, runId, step: 1, firstCohort: 1, now: Date.now(), alone: false };
  const moved = await runStep(harness.engine.cohortDeps, { ...call, call: 0, cohorts: [0] });
  expect(moved).toMatchObject({ held: 1, failed: 0 });
  expect(moved.outlets).toMatchObject([{ size: 2 }]);
  expect((await positionsOf(harness, contacts)).map((row) => [row.state, row.held_reason])).toEqual([
    [1, null],
    [4, 'step_failed'],
    [1, null],
  ]);
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);

  // The sweep leaves them alone, somebody who resumes does not; and a whole cohort that cannot be failed comes to the same.
  await finishLifecycles(harness.engine, [harness.workspaceId]);
  expect((await positionsOf(harness, contacts))[1]?.state).toBe(4);
  const again: string[] = [];
  const deps = { ...harness.engine, ...harness.engine.arrivalDeps };
  await releaseFlowPeople(deps, harness.workspaceId, flow.flowId, (runs) =>
    again.push(...runs.map((run) => run.runId)),
  );
  expect((await positionsOf(harness, contacts))[1]).toMatchObject({ state: 1, run_id: again[0] });
  const failed = await failCohort(harness.engine.cohortDeps, { ...call, runId: again[0] ?? '', call: 0, cohorts: [0] });
  expect(failed).toMatchObject({ held: 1, failed: 0 });
  expect((await positionsOf(harness, contacts))[1]).toMatchObject({ state: 4, held_reason: 'step_failed' });
});

test('a reply that was kept for somebody who fails is routed on', async () => {
  const flow = await harness.publish('One', conversationFlow({ event: 'one' }));
  const [contact = ''] = await harness.addContacts(1);
  const runId = harness.engine.ids.uuid();
  const values = {
    workspace_id: harness.workspaceId,
    flow_id: flow.flowId,
    version_id: flow.versionId,
    created_at: new Date(),
  };
  await harness.inTx((tx) =>
    tx
      .insertInto('runs')
      .values({ ...values, id: runId, lane: 'interactive', step: wait, size: 1 })
      .execute(),
  );
  const enrollment = await stand(
    contact,
    { flow, step: ask },
    { listening: true, waiting_message_id: harness.engine.ids.uuid() },
  );
  // Its message is out and a reply comes before its settlement is known.
  const [phone = ''] = await phonesOf(harness, [contact]);
  const message = {
    contact_id: contact,
    account_id: harness.accountId,
    number: phone,
    sender: businessNumber,
    segments: 1,
  };
  await harness.inTx((tx) =>
    tx
      .insertInto('messages')
      .values({
        ...message,
        workspace_id: harness.workspaceId,
        id: harness.engine.ids.uuid(),
        enrollment_id: enrollment,
        hop: ask,
        direction: 'out',
        state: 'accepted',
        encoding: 'GSM-7',
        created_at: new Date(),
      })
      .execute(),
  );
  harness.carrier.text(phone, businessNumber, 'hello');
  await until('the reply to be kept', async () => (await positionsOf(harness, [contact]))[0]?.held_event_id != null);
  await harness.inTx((tx) =>
    tx
      .updateTable('enrollments')
      .set({ state: 1, run_id: runId, step: wait, waiting_message_id: null })
      .where('id', '=', enrollment)
      .execute(),
  );
  const call = { workspaceId: harness.workspaceId, runId, call: 0, step: wait, cohorts: [0], firstCohort: 1 };
  const hints = await feedHintsOf(harness, flow.flowId);
  expect((await failCohort(harness.engine.cohortDeps, { ...call, now: Date.now(), alone: true })).failed).toBe(1);
  expect(await hints(), 'whoever shows the flow hears of who failed').toEqual(['people']);
  await harness.engine.maintenance.turn('returned-texts');
  const texts = await harness.inTx((tx) =>
    tx.selectFrom('messages').select(['handled_by', 'consumed_by']).where('direction', '=', 'in').execute(),
  );
  expect(texts).toEqual([{ handled_by: 'unhandled', consumed_by: null }]);
});

test('a run that was deleted under its workflow ends it', async () => {
  const call = {
    workspaceId: harness.workspaceId,
    runId: harness.engine.ids.uuid(),
    call: 0,
    step: 1,
    cohorts: [0],
    firstCohort: 1,
    now: Date.now(),
    alone: true,
  };
  const nothing = { outlets: [], sleeping: [], parked: 0, ended: 0, failed: 0, held: 0 };
  expect(await runStep(harness.engine.cohortDeps, call)).toEqual(nothing);
  expect(await failCohort(harness.engine.cohortDeps, call)).toEqual(nothing);
  expect(await harness.inTx((tx) => tx.selectFrom('run_steps').select('call').execute())).toEqual([]);
});
