import { pauseFlow, resumeFlow } from '@signalbox/engine/flows/lifecycle';
import { showFlow } from '@signalbox/engine/flows/routes-shared';
import { readFlow } from '@signalbox/engine/flows/store';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { feedHintsOf } from '../support/feed-hints.ts';
import { type Harness, startHarness, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { strandedEnrollments } from '../support/ownership.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function withText(from: number, count: number, name: (index: number) => string): Promise<string[]> {
  const contacts = await harness.addContacts(count, from);
  await harness.inTx(async (tx) => {
    for (const [index, id] of contacts.entries())
      await tx
        .updateTable('contacts')
        .set({ first_name: name(index) })
        .where('id', '=', id)
        .execute();
  });
  return contacts;
}

const longText = () => {
  const w = flow('Long');
  const start = w.step('start', apiEvent, { event: 'long_started' });
  const send = w.step('send', sendSms, {
    text: `{{ contact.first_name }} ${'x'.repeat(1_550)}`,
    purpose: 'transactional',
  });
  start.to('next', send);
  return w.graph();
};

test('one person whose message cannot be made fails with the reason, and the cohort goes on', async () => {
  const { flowId } = await harness.publish('Long', longText());
  const contacts = await withText(0, 30, (index) => (index === 7 ? 'A'.repeat(80) : 'Ann'));
  await letIn(harness, flowId, contacts);
  await until(
    'everyone to end',
    async () =>
      (
        await harness.inTx((tx) =>
          tx.selectFrom('enrollment_history').select('id').where('contact_id', 'in', contacts).execute(),
        )
      ).length === 30,
  );
  const failed = await harness.inTx((tx) =>
    tx
      .selectFrom('enrollment_history')
      .select(['contact_id', 'reason'])
      .where('contact_id', 'in', contacts)
      .where('outcome', '=', 'failed')
      .execute(),
  );
  expect(failed.map((row) => row.contact_id)).toEqual([contacts[7]]);
  expect(failed[0]?.reason).toMatchObject({ code: 'message_too_long' });
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
});

test('when most of an audience fails for one reason, the step holds them and the flow pauses', async () => {
  const { flowId } = await harness.publish('Long again', {
    ...longText(),
    steps: longText().steps.map((step) => (step.id === 'start' ? { ...step, config: { event: 'long_again' } } : step)),
  });
  const contacts = await withText(1_000, 30, () => 'A'.repeat(80));
  const hints = await feedHintsOf(harness, flowId);
  await letIn(harness, flowId, contacts);
  await until(
    'the flow to pause',
    async () =>
      (await harness.inTx((tx) => tx.selectFrom('flows').select('state').where('id', '=', flowId).executeTakeFirst()))
        ?.state === 'paused',
  );
  expect(await hints(), 'whoever shows the flow hears that it is another now').toEqual(['flow', 'people']);
  const why = () =>
    harness.inTx(async (tx) => {
      const work = { tx, workspaceId: harness.workspaceId };
      const flow = await readFlow(work, flowId, { triggerTypes: [] });
      if (flow === null) throw new Error('The flow is gone.');
      return (await showFlow(harness, work, flow)).paused_by;
    });
  expect(await why()).toEqual({
    code: 'message_too_long',
    step_id: 'send',
    title: expect.stringMatching(
      /^The flow paused itself: too many people failed at one step for the same reason \(.+\)$/,
    ),
    action: 'Everyone waits before that step. Correct it, publish, and resume the flow.',
  });
  const held = await harness.inTx((tx) =>
    tx.selectFrom('enrollments').select('state').where('flow_id', '=', flowId).execute(),
  );
  expect(held.map((row) => row.state)).toEqual(Array.from({ length: 30 }, () => 4));
  await harness.inTx((tx) => resumeFlow({ tx, workspaceId: harness.workspaceId, now: new Date() }, flowId));
  expect(await why(), 'once somebody resumed it').toBeUndefined();
  await harness.inTx((tx) => pauseFlow({ tx, workspaceId: harness.workspaceId, now: new Date() }, flowId));
  expect(await why(), 'once somebody else paused it').toBeUndefined();
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
});

test('someone already in the flow is left where they are', async () => {
  const w = flow('Waits');
  const start = w.step('start', apiEvent, { event: 'waits_started' });
  const pause = w.step('pause', wait, { duration: { amount: 2, unit: 'days' } });
  const send = w.step('send', sendSms, { text: 'Hello', purpose: 'transactional' });
  start.to('next', pause);
  pause.to('done', send);
  const { flowId } = await harness.publish('Waits', w.graph());
  const contacts = await harness.addContacts(3, 2_000);
  await letIn(harness, flowId, contacts);
  await letIn(harness, flowId, contacts);
  await until('both batches', async () =>
    (
      await harness.inTx((tx) =>
        tx.selectFrom('enrollment_batches').select('state').where('flow_id', '=', flowId).execute(),
      )
    ).every((row) => row.state === 'done'),
  );
  const batches = await harness.inTx((tx) =>
    tx
      .selectFrom('enrollment_batches')
      .select(['enrolled', 'already_in_flow'])
      .where('flow_id', '=', flowId)
      .orderBy('created_at')
      .execute(),
  );
  expect(batches).toEqual([
    { enrolled: 3, already_in_flow: 0 },
    { enrolled: 0, already_in_flow: 3 },
  ]);
  await until('them to be parked without a run', async () => {
    const rows = await harness.inTx((tx) =>
      tx.selectFrom('enrollments').select(['state', 'run_id', 'due_at']).where('flow_id', '=', flowId).execute(),
    );
    return rows.length === 3 && rows.every((row) => row.state === 3 && row.run_id === null && row.due_at !== null);
  });
});
