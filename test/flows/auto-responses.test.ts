import { statements } from '@signalbox/engine/db/connection';
import { type InboundOutcome, receiveText } from '@signalbox/engine/inbound/inbound';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { anyText } from '@signalbox/nodes/library/trigger/any-text';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { businessNumber, type Harness, phone, startHarness } from '../support/harness.ts';

/** What takes a text that no question waits for, on clocks that are moved by hand. Nobody works: a text starts flows, and no step runs. */
let harness: Harness;
/** A Monday morning in New York. */
let now = new Date('2026-07-13T14:00:00Z');
const otherNumber = '+12025550101';

beforeAll(async () => {
  harness = await startHarness({ work: false, clock: { now: () => now, monotonic: () => performance.now() } });
  await harness.inTx(async (tx) => {
    await tx.updateTable('workspaces').set({ time_zone: 'America/New_York' }).execute();
    const hours = [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }];
    await tx
      .insertInto('opening_hours')
      .values({
        workspace_id: harness.workspaceId,
        settings: JSON.stringify({ hours, holidays: true }),
        updated_at: now,
      })
      .execute();
  });
});
afterAll(() => harness.close());

const command = (name: string, config: Parameters<typeof keyword.bind>[0]) => {
  const w = flow(name);
  const start = w.step('start', keyword, keyword.config.parse(config));
  start.to('next', w.step('answer', sendSms, { text: 'Yes.', purpose: 'transactional' }));
  return harness.publish(name, w.graph());
};

const answer = (name: string, config: Parameters<typeof anyText.bind>[0]) => {
  const w = flow(name);
  const start = w.step('start', anyText, anyText.config.parse(config));
  start.to('next', w.step('answer', sendSms, { text: 'Soon.', purpose: 'transactional' }));
  return harness.publish(name, w.graph());
};

const wait = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000);
};

let sid = 0;

/** Somebody texts, after whatever their last text started has ended. */
async function text(from: string, body: string, to = businessNumber): Promise<InboundOutcome> {
  now = new Date(now.getTime() + 5_000);
  const { engine, workspaceId, accountId } = harness;
  return harness.inTx(async (tx) => {
    await tx.deleteFrom('enrollments').execute();
    sid += 1;
    const told = { accountId, providerId: `SM${sid}`, from, to, body, media: [], carrierWord: null, part: null };
    return receiveText(engine.arrivalDeps, { tx, workspaceId, now }, { ...told, trusted: true });
  });
}

const last = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['handled_by', 'reason'])
      .where('number', '=', number)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow(),
  );

const notices = () =>
  harness.inTx((tx) => tx.selectFrom('notices').select(['kind', 'resolved_at']).orderBy('id').execute());

test('a keyword is its first word, all of a text or a phrase in it; the longest takes it', async () => {
  await command('Hours', { keywords: ['HOURS'] });
  await command('Only', { keywords: ['MAP'], match: 'whole_text' });
  await command('Phrase', { keywords: ['opening hours', 'price list'], match: 'phrase' });
  for (const [body, handledBy] of [
    ['hours please', 'keyword'],
    ['your hours', 'unhandled'],
    ['Map!', 'keyword'],
    ['map please', 'unhandled'],
    ['send me the price-list', 'keyword'],
    ['the list of a price', 'unhandled'],
  ] as const) {
    const outcome = await text(phone(sid), body);
    expect([body, outcome.handledBy]).toEqual([body, handledBy]);
  }
});

test('a keyword counts at its senders alone, and the flow of a sender comes before that of any', async () => {
  await command('Here', { keywords: ['MENU'], senders: [otherNumber] });
  expect((await text(phone(20), 'menu')).handledBy).toBe('unhandled');
  expect((await text(phone(20), 'menu', otherNumber)).handledBy).toBe('keyword');
  const any = await command('Anywhere', { keywords: ['MENU'] });
  const flowsOf = () => harness.inTx((tx) => tx.selectFrom('enrollments').select('flow_id').execute());
  await text(phone(21), 'menu');
  expect(await flowsOf()).toEqual([{ flow_id: any.flowId }]);
  await text(phone(22), 'menu', otherNumber);
  expect((await flowsOf()).map(({ flow_id }) => flow_id)).not.toContain(any.flowId);
});

test('a keyword counts within its hours alone', async () => {
  await command('Lunch', { keywords: ['LUNCH'], hours: [{ days: [1], from: '11:00', to: '12:00' }] });
  expect((await text(phone(30), 'lunch')).handledBy).toBe('unhandled');
  wait(90);
  expect((await text(phone(30), 'lunch')).handledBy).toBe('keyword');
});

test('five automatic answers within a minute: the next text waits for a person, people are told once, and quiet ends it', async () => {
  for (let times = 1; times <= 5; times += 1) expect((await text(phone(40), 'hours')).handledBy).toBe('keyword');
  for (let times = 1; times <= 2; times += 1) expect((await text(phone(40), 'hours')).handledBy).toBe('unhandled');
  expect(await last(phone(40))).toMatchObject({ handled_by: 'unhandled', reason: { code: 'answers_in_circles' } });
  expect((await text(phone(41), 'hours')).handledBy).toBe('keyword');
  expect(await notices()).toEqual([{ kind: 'answers_in_circles', resolved_at: null }]);
  wait(1);
  expect((await text(phone(40), 'hours')).handledBy).toBe('keyword');
  expect(await notices()).toEqual([{ kind: 'answers_in_circles', resolved_at: now }]);
});

test('a text that nothing took gets the answer that fits it best, and no further one within a day', async () => {
  await answer('Any', { when: 'any' });
  expect((await text(phone(50), 'hours')).handledBy).toBe('keyword');
  expect((await text(phone(50), 'is anybody there')).handledBy).toBe('auto_response');
  expect(await last(phone(50))).toMatchObject({ reason: { code: 'answered_any' } });
  expect((await text(phone(50), 'hello?')).handledBy).toBe('unhandled');
  expect(await last(phone(50))).toMatchObject({ reason: { code: 'answered_today' } });

  await answer('First', { when: 'first' });
  expect((await text(phone(51), '?!')).handledBy).toBe('auto_response');
  expect(await last(phone(51))).toMatchObject({ reason: { code: 'answered_first' } });
  await text(phone(51), 'well then');
  expect(await last(phone(51))).toMatchObject({ reason: { code: 'answered_any' } });

  await answer('Closed', { when: 'closed', once_a_day: false });
  wait(8 * 60);
  for (const body of ['late', 'still late']) {
    await text(phone(51), body);
    expect(await last(phone(51))).toMatchObject({ handled_by: 'auto_response', reason: { code: 'answered_closed' } });
  }
  wait(16 * 60);
  expect((await text(phone(50), 'a day later')).handledBy).toBe('auto_response');
  expect(await last(phone(50))).toMatchObject({ reason: { code: 'answered_any' } });
});

test('a missed keyword: the one that was meant is known where somebody asked for it', async () => {
  const { flowId } = await answer('Missed', { when: 'missed' });
  await text(phone(51), 'huors');
  expect(await last(phone(51))).toEqual({ handled_by: 'auto_response', reason: { code: 'answered_missed' } });
  await harness.inTx((tx) => tx.deleteFrom('flow_triggers').where('flow_id', '=', flowId).execute());
  await answer('Meant', { when: 'missed', did_you_mean: true, once_a_day: false });
  await text(phone(51), 'huors for tomorrow');
  expect(await last(phone(51))).toMatchObject({ reason: { code: 'answered_missed', values: { keyword: 'HOURS' } } });
  await text(phone(51), 'xyzzyx');
  expect(await last(phone(51))).toEqual({ handled_by: 'auto_response', reason: { code: 'answered_missed' } });
});

test('a text costs no statement more for the answers there could be, and one for the keyword that was meant', async () => {
  const cost = async (from: string, body: string) => {
    const before = statements.count;
    await text(from, body);
    return statements.count - before;
  };
  await text(phone(60), 'first');
  await text(phone(60), 'well then');
  const inbox = await cost(phone(60), 'nothing here');
  await harness.inTx((tx) =>
    tx.deleteFrom('flow_triggers').where('kind', '=', 'text').where('value', '<>', 'missed').execute(),
  );
  const meant = await cost(phone(60), 'lunhc now');
  const byKeyword = await cost(phone(60), 'hours now');
  await harness.inTx((tx) => tx.deleteFrom('flow_triggers').where('kind', '=', 'text').execute());
  expect(await cost(phone(60), 'nothing here')).toBe(inbox - 1);
  expect(await cost(phone(60), 'hours now')).toBe(byKeyword);
  expect(meant).toBe(byKeyword + 1);
});
