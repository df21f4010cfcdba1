import { endFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { shown } from '@signalbox/engine/http/ids';
import { partsWaitMs } from '@signalbox/engine/inbound/overdue-texts';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { expect } from 'vitest';
import { positionsOf } from '../../support/code-runs.ts';
import { conversationFlow } from '../../support/flows.ts';
import { businessNumber, until } from '../../support/harness.ts';
import { expectEnds, type Situation } from './world.ts';

/** An event comes over the API, its answer is lost, and the caller sends it again under the same key. */
export const apiEventTwice: Situation = async (world, arm, name) => {
  const { harness } = world;
  const group = await world.newcomers(1);
  const type = `signed_up.${name.replace('.', '_')}`;
  await harness.publish(`By ${type}`, conversationFlow({ event: type }));
  const post = () =>
    harness.call('POST', '/api/v1/events', {
      body: { type, contact_id: shown('contact', group[0]?.contact ?? '') },
      headers: { 'idempotency-key': name },
    });
  arm();
  expect((await post()).status).toBe(500);
  const again = await post();
  expect(again).toMatchObject({ status: 202, body: { enrolled: 1, moved: 0 } });
  const stored = await harness.inTx((tx) => tx.selectFrom('events').select('id').where('type', '=', type).execute());
  expect(stored).toHaveLength(1);
  await world.waiting(group);
  world.reply(group);
  expectEnds(await world.ends(group), 1, 'finished -');
  expect(await world.got(group)).toEqual(group.map(({ question }) => [question, 'Tips are on.']));
  return 1;
};

/** Of a long answer one part is there and the other never comes. */
export const partMissing: Situation = async (world, arm) => {
  const { harness } = world;
  const group = await world.newcomers(3);
  await world.letIn(await world.conversation(), group);
  await world.waiting(group);
  arm();
  const received_at = new Date(Date.now() - 2 * partsWaitMs);
  await harness.inTx((tx) =>
    tx
      .insertInto('text_parts')
      .values(
        group.map(({ phone }) => ({
          workspace_id: harness.workspaceId,
          account_id: harness.accountId,
          provider_id: `part of ${phone}`,
          number: phone,
          sender: businessNumber,
          reference: '7',
          part: 1,
          parts: 2,
          body: 'yes, ',
          media: null,
          received_at,
          joined_at: null,
        })),
      )
      .execute(),
  );
  expectEnds(await world.ends(group), 3, 'finished -');
  expect(await world.got(group)).toEqual(group.map(({ question }) => [question, 'Tips are on.']));
  const texts = await harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select('body')
      .where('direction', '=', 'in')
      .where('provider_id', 'like', 'part of %')
      .execute(),
  );
  expect(texts.map(({ body }) => body)).toEqual(expect.arrayContaining(['yes, […]']));
  return 1;
};

/** Sends, waits two days and then listens: a reply in between is kept for the wait. */
function patientFlow(event: string) {
  const w = flow('Patient');
  const start = w.step('start', apiEvent, { event });
  const ask = w.step('ask', sendSms, { text: 'We ask again in two days.', purpose: 'transactional' });
  const pause = w.step('pause', wait, { duration: { amount: 2, unit: 'days' } });
  const listen = w.step('listen', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  start.to('next', ask);
  ask.to('sent', pause);
  pause.to('done', listen);
  return w.graph();
}

function otherFlow(word: string) {
  const w = flow('Other');
  const start = w.step('start', keyword, { keywords: [word] });
  const answer = w.step('answer', sendSms, { text: 'The other flow.', purpose: 'transactional' });
  start.to('next', answer);
  return w.graph();
}

/** A reply that an enrollment kept is routed on to another flow's keyword, because the enrollment was stopped. */
export const returnedText: Situation = async (world, arm, name) => {
  const { harness } = world;
  const { engine, workspaceId } = harness;
  const word = name.replace(/[^a-z]/g, '').toUpperCase();
  const { flowId } = await harness.publish(`Patient ${word}`, patientFlow(`patient_${word.toLowerCase()}`));
  await harness.publish(`Other ${word}`, otherFlow(word));
  const group = await world.newcomers(3);
  const positions = () =>
    positionsOf(
      harness,
      group.map((person) => person.contact),
    );
  await world.letIn(flowId, group);
  await until('everyone to wait, listening', async () => {
    const rows = await positions();
    return rows.length === group.length && rows.every((row) => row.due_at !== null && row.listening);
  });
  world.reply(group, word);
  await until('the replies to be kept', async () => (await positions()).every((row) => row.held_event_id !== null));
  arm();
  await harness.inTx((tx) => stopFlow({ tx, workspaceId, now: new Date() }, flowId));
  await endFlow({ ...engine, ...engine.arrivalDeps }, workspaceId, flowId);
  await until('the other flow to answer', async () =>
    (await world.got(group)).every((texts) => texts.at(-1) === 'The other flow.'),
  );
  expect(await world.got(group)).toEqual(group.map(() => ['We ask again in two days.', 'The other flow.']));
  const ends = await world.ends(group);
  expect(ends.sort()).toEqual([...group.map(() => 'finished -'), ...group.map(() => 'stopped flow_stopped')]);
  const left = await harness.inTx((tx) => tx.selectFrom('released_texts').select('message_id').execute());
  expect(left).toEqual([]);
  return 1;
};
