import { letInPage } from '@signalbox/engine/cohorts/batches';
import type { StepCall, StepResult } from '@signalbox/engine/cohorts/run-contract';
import { runStep } from '@signalbox/engine/cohorts/run-step';
import { refusedBy, untilSettled } from '@signalbox/nodes/define/decision';
import { defineNode } from '@signalbox/nodes/define/define-node';
import { flow } from '@signalbox/nodes/flow/builder';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Harness, startHarness } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { strandedEnrollments } from '../support/ownership.ts';

/** Sends a text that PostgreSQL cannot store to people named Nul, and breaks off for people named Throw. */
const trap = defineNode({
  type: 'trap',
  version: 1,
  title: 'Trap',
  group: 'message',
  icon: 'bug',
  docs: 'Sends a text that cannot be stored.',
  effect: 'message',
  config: z.object({}),
  summary: () => 'Sends a text that cannot be stored',
  outlets: () => [
    { id: 'sent', label: 'Sent' },
    { id: 'not_sent', label: 'Not sent' },
  ],
  pausingOutlets: ['sent'],
  async run({ contact, ports }) {
    if (contact.first_name === 'Throw') throw new RangeError('a bug in the node');
    const text = contact.first_name === 'Nul' ? 'a\u0000b' : 'Hello';
    const queued = await ports.messages.queue({ text, purpose: 'transactional', lane: 'journey' });
    if ('refused' in queued) return refusedBy('not_sent', queued);
    return untilSettled(queued.queued, { sent: 'sent', notSent: 'not_sent' });
  },
});

let harness: Harness;
let used = 0;
beforeAll(async () => {
  harness = await startHarness({ work: false, nodes: [...catalogue, trap] });
});
afterAll(() => harness.close());

async function people(names: readonly string[]): Promise<string[]> {
  const contacts = await harness.addContacts(names.length, used);
  used += names.length;
  await harness.inTx(async (tx) => {
    for (const [index, id] of contacts.entries())
      await tx
        .updateTable('contacts')
        .set({ first_name: names[index] ?? null })
        .where('id', '=', id)
        .execute();
  });
  return contacts;
}

/** Branch → branch → (send or trap): two steps without effects before one that has some. */
function chain(name: string, last: 'send' | 'trap') {
  const w = flow(name);
  const start = w.step('start', apiEvent, { event: name.replaceAll('-', '_') });
  const check = w.step('check', checkConsent, { purpose: 'transactional' });
  const known = w.step('known', branch, {
    branches: [{ id: 'yes', label: 'Ann', condition: { field: 'contact.first_name', op: 'is', value: 'Ann' } }],
  });
  const end =
    last === 'trap'
      ? w.step('last', trap, {})
      : w.step('last', sendSms, {
          text: "{{ contact.first_name | replace: 'x', contact.first_name }} hello",
          purpose: 'transactional',
        });
  start.to('next', check);
  check.to('yes', known).to('no', known);
  known.to('yes', end).to('else', end);
  return w.graph();
}

/** Lets people in and makes the run's calls by hand until nothing is ready. */
async function drive(name: string, last: 'send' | 'trap', contacts: readonly string[]): Promise<StepResult[]> {
  const { flowId } = await harness.publish(name, chain(name, last));
  const batchId = await letIn(harness, flowId, contacts);
  const page = await harness.inTx((tx) =>
    letInPage(harness.engine.arrivalDeps, { tx, workspaceId: harness.workspaceId, now: new Date() }, batchId),
  );
  const run = page.runs[0];
  if (run === undefined) throw new Error('Nobody was let in.');
  const results: StepResult[] = [];
  let call: StepCall | null = {
    workspaceId: harness.workspaceId,
    runId: run.runId,
    call: 0,
    step: run.step,
    cohorts: [0],
    firstCohort: 1,
    now: Date.now(),
    alone: true,
  };
  while (call !== null && results.length < 8) {
    const result: StepResult = await runStep(harness.engine.cohortDeps, call);
    expect(await runStep(harness.engine.cohortDeps, call)).toEqual(result);
    results.push(result);
    const step = result.outlets[0]?.nextStep;
    call =
      step === undefined
        ? null
        : {
            ...call,
            call: call.call + 1,
            firstCohort: call.firstCohort + 64,
            step,
            cohorts: result.outlets.map((outlet) => outlet.cohort),
          };
  }
  return results;
}

const pathOf = (contactIds: readonly string[]) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('enrollment_path')
      .innerJoin('enrollments', 'enrollments.id', 'enrollment_path.enrollment_id')
      .select(['enrollment_path.hop', 'enrollment_path.step', 'enrollments.hop as standing', 'enrollments.state'])
      .where('enrollments.contact_id', 'in', contactIds)
      .orderBy('enrollments.id')
      .orderBy('enrollment_path.hop')
      .execute(),
  );

const failuresOf = async (contactIds: readonly string[]) =>
  (
    await harness.inTx((tx) =>
      tx
        .selectFrom('enrollment_history')
        .select('reason')
        .where('contact_id', 'in', contactIds)
        .where('outcome', '=', 'failed')
        .execute(),
    )
  ).map((row) => z.object({ code: z.string() }).parse(row.reason).code);

test('a check, a branch whose ways meet again and the send after them are one call', async () => {
  const contacts = await people(['Ann', 'Bob', 'Ann']);
  const results = await drive('one-call', 'send', contacts);
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({ outlets: [], parked: 3, failed: 0 });
  const path = await pathOf(contacts);
  expect(path.map((row) => row.hop)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  expect(path.every((row) => row.standing === 3 && row.state === 3)).toBe(true);
  const messages = await harness.inTx((tx) =>
    tx.selectFrom('messages').select(['hop']).where('contact_id', 'in', contacts).execute(),
  );
  expect(messages.map((message) => message.hop)).toEqual([3, 3, 3]);
});

test('a template that throws for one of thirty fails that one, with its reason', async () => {
  const contacts = await people(Array.from({ length: 30 }, (_, index) => (index === 4 ? 'x'.repeat(5_000) : 'Ann')));
  const results = await drive('template', 'send', contacts);
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({ parked: 29, failed: 1 });
  expect(await failuresOf(contacts)).toEqual(['template_failed']);
});

test('a node that throws for one person fails that one and never its cohort', async () => {
  const contacts = await people(Array.from({ length: 12 }, (_, index) => (index === 3 ? 'Throw' : 'Ann')));
  const results = await drive('throws', 'trap', contacts);
  expect(results.at(-1)).toMatchObject({ parked: 11, failed: 1 });
  expect(await failuresOf(contacts)).toEqual(['node_threw']);
});

test('data that cannot be stored is found by halving, in a call of its own, and fails one person', async () => {
  const contacts = await people(Array.from({ length: 25 }, (_, index) => (index === 17 ? 'Nul' : 'Ann')));
  const results = await drive('unstorable', 'trap', contacts);
  expect(results.map((result) => result.parked + result.failed)).toEqual([0, 0, 25]);
  expect(results.at(-1)).toMatchObject({ parked: 24, failed: 1 });
  expect(await failuresOf(contacts)).toEqual(['data_error']);
});

test.each(['Nul', 'Throw'])(
  'a later step that fails for most people (%s) is held in its own call, nobody is burnt',
  async (name) => {
    const contacts = await people(Array.from({ length: 24 }, () => name));
    const results = await drive(`held-${name.toLowerCase()}`, 'trap', contacts);
    expect(results.at(-1)).toMatchObject({ held: 24, failed: 0, parked: 0 });
    const rows = await harness.inTx((tx) =>
      tx.selectFrom('enrollments').select(['state', 'step']).where('contact_id', 'in', contacts).execute(),
    );
    expect(rows.map((row) => row.state)).toEqual(Array.from({ length: 24 }, () => 4));
    expect(await failuresOf(contacts)).toEqual([]);
    expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  },
);

test('whoever shows counts hears of a step that queued nothing: people who only failed are counted on the canvas', async () => {
  const contacts = await people(['Throw', 'Throw']);
  let heard = 0;
  const stop = harness.engine.notifier.onChanged(() => {
    heard += 1;
  });
  const results = await drive('heard', 'trap', contacts);
  stop();
  expect(results.at(-1)).toMatchObject({ failed: 2, parked: 0 });
  expect(heard).toBeGreaterThanOrEqual(results.length);
});

test('whoever went around a thousand times fails as a loop', async () => {
  const contacts = await people(['Ann']);
  const { flowId } = await harness.publish('loop', chain('loop', 'send'));
  const batchId = await letIn(harness, flowId, contacts);
  const page = await harness.inTx((tx) =>
    letInPage(harness.engine.arrivalDeps, { tx, workspaceId: harness.workspaceId, now: new Date() }, batchId),
  );
  const run = page.runs[0];
  if (run === undefined) throw new Error('Nobody was let in.');
  await harness.inTx((tx) =>
    tx.updateTable('enrollments').set({ hop: 1_000 }).where('run_id', '=', run.runId).execute(),
  );
  const result = await runStep(harness.engine.cohortDeps, {
    workspaceId: harness.workspaceId,
    runId: run.runId,
    call: 0,
    step: run.step,
    cohorts: [0],
    firstCohort: 1,
    now: Date.now(),
    alone: true,
  });
  expect(result.failed).toBe(1);
  expect(await failuresOf(contacts)).toEqual(['loop']);
});

test('without a number to send from, messages are refused with that reason', async () => {
  const contacts = await people(['Ann', 'Bob']);
  await harness.inTx((tx) => tx.deleteFrom('senders').where('workspace_id', '=', harness.workspaceId).execute());
  const results = await drive('no-sender', 'send', contacts);
  expect(results.at(-1)).toMatchObject({ parked: 0, failed: 0, ended: 2 });
  const reasons = await harness.inTx((tx) =>
    tx
      .selectFrom('enrollment_path')
      .innerJoin('enrollment_history', 'enrollment_history.id', 'enrollment_path.enrollment_id')
      .select('enrollment_path.reason')
      .where('enrollment_history.contact_id', 'in', contacts)
      .where('enrollment_path.hop', '=', 3)
      .execute(),
  );
  expect(reasons.map((row) => row.reason)).toEqual([{ code: 'no_sender' }, { code: 'no_sender' }]);
});
