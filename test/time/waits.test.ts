import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { pauseFlow, releaseFlowPeople, resumeFlow } from '@signalbox/engine/flows/lifecycle';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { historyOf } from '../support/code-runs.ts';
import { testFlowsFolder, workflowsFolder } from '../support/global-setup.ts';
import { businessNumber, until } from '../support/harness.ts';
import { startTimeHarness, type TimeHarness } from './time-harness.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let harness: TimeHarness;
beforeAll(async () => {
  harness = await startTimeHarness();
});
afterAll(() => harness.close());

let made = 0;
/** Contacts who agreed to everything that a test sends. */
async function people(count: number): Promise<string[]> {
  const contacts = await harness.addContacts(count, made);
  made += count;
  const since = harness.now();
  await harness.inTx((tx) =>
    tx
      .insertInto('consents')
      .values(
        contacts.map((contact_id) => ({
          workspace_id: harness.workspaceId,
          contact_id,
          purpose: 'marketing',
          state: 'granted' as const,
          since,
        })),
      )
      .execute(),
  );
  return contacts;
}

const sentTo = (contactId: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['body', 'created_at'])
      .where('contact_id', '=', contactId)
      .where('direction', '=', 'out')
      .orderBy('id')
      .execute(),
  );

const position = (contactId: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('enrollments')
      .select(['state', 'due_at', 'run_id', 'waiting_event'])
      .where('contact_id', '=', contactId)
      .executeTakeFirst(),
  );

function waitThenSend(name: string, config: Parameters<typeof wait.bind>[0]) {
  const w = flow(name);
  const start = w.step('start', apiEvent, { event: 'started' });
  const pause = w.step('pause', wait, wait.config.parse(config));
  const send = w.step('send', sendSms, { text: `After ${name}`, purpose: 'marketing' });
  start.to('next', pause);
  pause.to('done', send);
  return w.graph();
}

test('a wait of three days parks without a run and goes on when it is due, not before', async () => {
  const { flowId } = await harness.publish(
    'three days',
    waitThenSend('three days', { duration: { amount: 3, unit: 'days' } }),
  );
  const [contact = ''] = await people(1);
  const startedAt = harness.now().getTime();
  await harness.enroll(flowId, [contact]);
  const parked = await position(contact);
  expect(parked).toMatchObject({ state: 3, run_id: null });
  const due = parked?.due_at?.getTime() ?? 0;
  expect(due - startedAt).toBeGreaterThanOrEqual(3 * day);
  expect(due - startedAt).toBeLessThan(3 * day + 2 * minute);
  await harness.skip(2 * day + 23 * hour);
  expect(await sentTo(contact)).toEqual([]);
  await harness.skip(hour + minute);
  const [message] = await sentTo(contact);
  expect(message?.body).toBe('After three days');
  expect(message?.created_at.getTime()).toBeGreaterThanOrEqual(due);
  expect(await position(contact)).toBeUndefined();
});

test('a wait until the workspace is open ends when it opens, by its clocks and closed days', async () => {
  const { flowId } = await harness.publish(
    'until open',
    waitThenSend('until open', { duration: { amount: 2, unit: 'hours' }, until_open: true }),
  );
  const dates = [0, 1, 2].map((days) => new Date(harness.now().getTime() + days * day).toISOString().slice(0, 10));
  await harness.inTx(async (tx) => {
    await tx.updateTable('workspaces').set({ time_zone: 'UTC' }).execute();
    await tx
      .insertInto('opening_hours')
      .values({
        workspace_id: harness.workspaceId,
        settings: JSON.stringify({ closed_days: dates.map((date) => ({ date, name: '' })) }),
        updated_at: harness.now(),
      })
      .execute();
  });
  const [contact = ''] = await people(1);
  await harness.enroll(flowId, [contact]);
  const opens = Date.parse(`${dates.at(-1)}T00:00:00Z`) + day;
  expect((await position(contact))?.due_at?.getTime()).toBe(opens);
  await harness.inTx((tx) => tx.deleteFrom('opening_hours').execute());
  await harness.skip(opens - harness.now().getTime() + minute);
  expect((await sentTo(contact)).map(({ body }) => body)).toEqual(['After until open']);
});

test('a wait until a time of day is told where the person is', async () => {
  const { flowId } = await harness.publish(
    'until nine',
    waitThenSend('until nine', { duration: { amount: 1, unit: 'days' }, until_time: '09:00' }),
  );
  const zones = ['America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];
  const contacts = await people(zones.length);
  for (const [index, zone] of zones.entries()) {
    await harness.inTx((tx) =>
      tx
        .updateTable('contacts')
        .set({ time_zone: zone })
        .where('id', '=', contacts[index] ?? '')
        .execute(),
    );
  }
  const startedAt = harness.now().getTime();
  await harness.enroll(flowId, contacts);
  for (const [index, zone] of zones.entries()) {
    const due = (await position(contacts[index] ?? ''))?.due_at ?? new Date(0);
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(due);
    expect([zone, there]).toEqual([zone, '09:00']);
    expect(due.getTime() - startedAt).toBeGreaterThanOrEqual(day - minute);
    expect(due.getTime() - startedAt).toBeLessThanOrEqual(2 * day + 2 * hour);
  }
  await harness.skip(day - hour);
  for (const contact of contacts) expect(await sentTo(contact)).toEqual([]);
  await harness.skip(day + 3 * hour);
  for (const contact of contacts)
    expect((await sentTo(contact)).map((message) => message.body)).toEqual(['After until nine']);
});

test('a reply that does not come times out after two days; one that comes in time does not', async () => {
  const w = flow('Ask');
  const start = w.step('start', apiEvent, { event: 'asked' });
  const ask = w.step('ask', sendSms, { text: 'Ask', purpose: 'marketing' });
  const answer = w.step('answer', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const thanks = w.step('thanks', sendSms, { text: 'Thanks', purpose: 'marketing' });
  const pity = w.step('pity', sendSms, { text: 'Pity', purpose: 'marketing' });
  start.to('next', ask);
  ask.to('sent', answer);
  answer.to('replied', thanks).to('timeout', pity);
  const { flowId } = await harness.publish('Ask', w.graph());
  const [quick = '', silent = ''] = await people(2);
  await harness.enroll(flowId, [quick, silent]);
  await harness.skip(2 * day - hour);
  expect((await position(silent))?.waiting_event).toBe('message.received');
  const { phone } = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select('phone').where('id', '=', quick).executeTakeFirstOrThrow(),
  );
  harness.carrier.text(phone, businessNumber, 'in time');
  await until('the reply to be handled', async () => (await position(quick))?.waiting_event !== 'message.received');
  await harness.drain();
  expect((await sentTo(quick)).map((message) => message.body)).toEqual(['Ask', 'Thanks']);
  expect((await sentTo(silent)).map((message) => message.body)).toEqual(['Ask']);
  await harness.skip(hour + 2 * minute);
  expect((await sentTo(silent)).map((message) => message.body)).toEqual(['Ask', 'Pity']);
  expect((await sentTo(quick)).map((message) => message.body)).toEqual(['Ask', 'Thanks']);
});

test('a wait of thirty minutes is one timer of its run', async () => {
  const { flowId } = await harness.publish(
    'half an hour',
    waitThenSend('half an hour', { duration: { amount: 30, unit: 'minutes' } }),
  );
  const [contact = ''] = await people(1);
  await harness.enroll(flowId, [contact]);
  const asleep = await position(contact);
  expect(asleep?.state).toBe(2);
  const events = (await harness.engine.client.workflow.getHandle(`run-${asleep?.run_id}`).fetchHistory()).events ?? [];
  expect(events.filter((event) => event.timerStartedEventAttributes != null)).toHaveLength(1);
  await harness.skip(29 * minute);
  expect(await sentTo(contact)).toEqual([]);
  await harness.skip(2 * minute);
  await until('the run to go on', async () => (await position(contact))?.state !== 2);
  await harness.drain();
  expect((await sentTo(contact)).map((message) => message.body)).toEqual(['After half an hour']);
});

test('a reply that comes during a long wait is kept for the wait for it that follows', async () => {
  const w = flow('Patient');
  const start = w.step('start', apiEvent, { event: 'patient_started' });
  const ask = w.step('ask', sendSms, { text: 'Back in two days. Is noon fine?', purpose: 'transactional' });
  const pause = w.step('pause', wait, { duration: { amount: 2, unit: 'days' } });
  const listen = w.step('listen', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  const thanks = w.step('thanks', sendSms, { text: 'Noted.', purpose: 'transactional' });
  start.to('next', ask);
  ask.to('sent', pause);
  pause.to('done', listen);
  listen.to('replied', thanks);
  const { flowId } = await harness.publish('Patient', w.graph());
  const [contact = ''] = await people(1);
  await harness.enroll(flowId, [contact]);
  await harness.skip(3 * hour);
  const row = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select('phone').where('id', '=', contact).executeTakeFirstOrThrow(),
  );
  harness.carrier.text(row.phone, businessNumber, 'yes, noon');
  await until('the reply to be taken in', async () => {
    const held = await harness.inTx((tx) =>
      tx.selectFrom('enrollments').select('held_event_id').where('contact_id', '=', contact).executeTakeFirst(),
    );
    return held?.held_event_id;
  });
  expect((await sentTo(contact)).map((message) => message.body)).toEqual(['Back in two days. Is noon fine?']);
  await harness.skip(2 * day);
  expect((await sentTo(contact)).map((message) => message.body)).toEqual(['Back in two days. Is noon fine?', 'Noted.']);
});

/** Calls whose result stands in a history, made locally or not. */
function stepResults(events: Awaited<ReturnType<typeof historyOf>>): number {
  const payloads = events.flatMap((event) => [
    ...Object.values(event.markerRecordedEventAttributes?.details ?? {}).flatMap((part) => part.payloads ?? []),
    ...(event.activityTaskCompletedEventAttributes?.result?.payloads ?? []),
  ]);
  return payloads.filter((payload) => Buffer.from(payload.data ?? []).includes('"outlets"')).length;
}

test('a flow in code sleeps an hour between its steps', async () => {
  await registerCodeFlows(harness.engine, harness.workspaceId, await loadCodeFlows(workflowsFolder), 'live');
  const { id } = await harness.inTx((tx) =>
    tx.selectFrom('flows').select('id').where('kind', '=', 'workflow').executeTakeFirstOrThrow(),
  );
  const [contact = ''] = await people(1);
  await harness.enroll(id, [contact]);
  await until('the wait for a reply', async () => {
    await harness.drain();
    return (await position(contact))?.waiting_event === 'message.received';
  });
  const [first] = await sentTo(contact);
  expect(first?.body).toMatch(/^Hi Person \d+, we miss you/);
  await harness.skip(2 * day + 2 * minute);
  const runId = (await position(contact))?.run_id ?? '';
  // Looks of its own are an hour apart by now as well: the sleep follows the fourth call.
  await until('the hour to begin', async () => stepResults(await historyOf(harness, runId)) === 4);
  await harness.skip(58 * minute);
  expect(await sentTo(contact)).toHaveLength(1);
  await harness.skip(3 * minute);
  await until('the second offer', async () => {
    await harness.drain();
    return (await sentTo(contact)).length === 2;
  });
  const [, second] = await sentTo(contact);
  expect(second?.body).toContain('Last call');
  expect((second?.created_at.getTime() ?? 0) - (first?.created_at.getTime() ?? 0)).toBeGreaterThanOrEqual(
    2 * day + hour,
  );
});

test('a flow in code waits a day at a step, and ends some people at another', async () => {
  await registerCodeFlows(harness.engine, harness.workspaceId, await loadCodeFlows(testFlowsFolder), 'live');
  const { id } = await harness.inTx((tx) =>
    tx.selectFrom('flows').select('id').where('name', '=', 'Pauses').executeTakeFirstOrThrow(),
  );
  const [ended = '', texted = ''] = await people(2);
  await harness.inTx((tx) => tx.updateTable('contacts').set({ last_name: 'Doe' }).where('id', '=', ended).execute());
  await harness.enroll(id, [ended, texted]);
  await until('both to wait', async () => {
    await harness.drain();
    const [one, other] = [await position(ended), await position(texted)];
    return one?.state === 3 && other?.state === 3;
  });
  await harness.skip(23 * hour);
  expect((await position(ended))?.state).toBe(3);
  await harness.skip(2 * hour);
  await until('both to be done', async () => {
    await harness.drain();
    return (await position(ended)) === undefined && (await position(texted)) === undefined;
  });
  expect(await sentTo(ended)).toEqual([]);
  expect((await sentTo(texted)).map(({ body }) => body)).toEqual(['A day has passed.']);
  const ends = await harness.inTx((tx) =>
    tx.selectFrom('enrollment_history').select(['contact_id', 'outcome', 'reason']).where('flow_id', '=', id).execute(),
  );
  expect(ends.find((end) => end.contact_id === ended)).toMatchObject({
    outcome: 'finished',
    reason: { code: 'reached_end' },
  });
});

test('a timer that fires while its flow is paused holds the person at the outlet; resuming goes on from there', async () => {
  const { flowId } = await harness.publish(
    'paused half hour',
    waitThenSend('paused half hour', { duration: { amount: 30, unit: 'minutes' } }),
  );
  const [contact = ''] = await people(1);
  await harness.enroll(flowId, [contact]);
  expect((await position(contact))?.state).toBe(2);
  await harness.inTx((tx) => pauseFlow({ tx, workspaceId: harness.workspaceId, now: harness.now() }, flowId));
  await harness.skip(31 * minute);
  await until('the person to be held', async () => (await position(contact))?.state === 4);
  await harness.skip(2 * hour);
  expect(await sentTo(contact)).toEqual([]);
  await harness.inTx((tx) => resumeFlow({ tx, workspaceId: harness.workspaceId, now: harness.now() }, flowId));
  await releaseFlowPeople({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flowId, (runs) =>
    harness.engine.starter.start(runs),
  );
  await harness.drain();
  expect((await sentTo(contact)).map((message) => message.body)).toEqual(['After paused half hour']);
});
