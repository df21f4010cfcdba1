import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

function joinFlow() {
  const w = flow('Join');
  const join = w.step('join', keyword, { keywords: ['JOIN'], match: 'first_word' });
  const consent = w.step('consent', recordConsent, { purpose: 'marketing', wording: 'Text JOIN to get offers.' });
  const check = w.step('check', checkConsent, { purpose: 'marketing' });
  const welcome = w.step('welcome', sendSms, {
    text: "Welcome {{ contact.first_name | default: 'there' }}… Reply YES for tips",
    purpose: 'marketing',
  });
  const wait = w.step('wait', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const meaning = w.step('meaning', branch, {
    branches: [{ id: 'yes', label: 'Yes', condition: { field: 'reply.text', op: 'means_yes' } }],
  });
  const good = w.step('good', sendSms, { text: 'Great, tips are on.', purpose: 'marketing' });
  const bye = w.step('bye', sendSms, { text: 'No tips then.', purpose: 'marketing' });
  join.to('next', consent);
  consent.to('next', check);
  check.to('yes', welcome);
  welcome.to('sent', wait);
  wait.to('replied', meaning);
  meaning.to('yes', good);
  meaning.to('else', bye);
  return w.graph();
}

async function outbound(number: string): Promise<string[]> {
  const rows = await harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select('body')
      .where('number', '=', number)
      .where('direction', '=', 'out')
      .orderBy('id')
      .execute(),
  );
  return rows.map((row) => row.body ?? '');
}

test('a keyword starts a conversation, the reply takes its branch', async () => {
  await harness.publish('Join', joinFlow());
  const person = phone(1);
  harness.carrier.text(person, businessNumber, 'join');
  await until('the welcome', async () => (await outbound(person)).length === 1);
  await until('the wait', async () => {
    const rows = await harness.inTx((tx) => tx.selectFrom('enrollments').select(['state', 'waiting_event']).execute());
    return rows[0]?.waiting_event === 'message.received';
  });
  harness.carrier.text(person, businessNumber, 'yes');
  await until('the answer', async () => (await outbound(person)).length === 2);
  expect(await outbound(person)).toEqual(['Welcome there… Reply YES for tips', 'Great, tips are on.']);
  await until(
    'the end',
    async () => (await harness.inTx((tx) => tx.selectFrom('enrollments').select('id').execute())).length === 0,
  );
});
