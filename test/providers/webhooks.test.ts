import twilio from 'twilio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';

let harness: Harness;
let url: string;
const token = 'a-token-of-the-test-account';

beforeAll(async () => {
  harness = await startHarness();
  url = `${harness.url}/webhooks/twilio/${harness.accountId}/sms`;
  await harness.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
});
afterAll(() => harness.close());

const inbound = (from: string, body: string, sid: string): Record<string, string> => ({
  MessageSid: sid,
  From: from,
  To: businessNumber,
  Body: body,
  NumMedia: '0',
});
const sidOf = (index: number) => `SM${String(index).padStart(32, '0')}`;

async function post(params: Record<string, string>, signature: string | null, target = url): Promise<number> {
  const response = await fetch(target, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(signature === null ? {} : { 'x-twilio-signature': signature }),
    },
    body: new URLSearchParams(params),
  });
  return response.status;
}

const stored = () =>
  harness.inTx((tx) => tx.selectFrom('messages').select('provider_id').where('direction', '=', 'in').execute());

test('requests signed by the twilio package are taken', async () => {
  const params = inbound(phone(1), 'hello there', sidOf(1));
  expect(await post(params, twilio.getExpectedTwilioSignature(token, url, params))).toBe(200);
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('messages').select(['body', 'handled_by']).where('provider_id', '=', sidOf(1)).execute(),
  );
  expect(rows).toEqual([{ body: 'hello there', handled_by: 'unhandled' }]);
  const contact = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select('unhandled').where('phone', '=', phone(1)).executeTakeFirst(),
  );
  expect(contact?.unhandled).toBe(true);
});

test('forged and unsigned requests are refused with 403 and store nothing', async () => {
  const before = (await stored()).length;
  const params = inbound(phone(2), 'join', sidOf(2));
  const good = twilio.getExpectedTwilioSignature(token, url, params);
  expect(await post(params, null)).toBe(403);
  expect(await post(params, 'AAAA')).toBe(403);
  expect(await post({ ...params, Body: 'stop' }, good)).toBe(403);
  expect(await post(params, twilio.getExpectedTwilioSignature('another-token', url, params))).toBe(403);
  expect(await post(params, twilio.getExpectedTwilioSignature(token, `${url}?x=1`, params))).toBe(403);
  expect((await stored()).length).toBe(before);
  const kept = await harness.inTx((tx) => tx.selectFrom('unmatched_webhooks').select('id').execute());
  expect(kept).toEqual([]);
});

test('an unknown account is 404, an authentic body that is not understood is 400 and kept', async () => {
  const params = { Something: 'else' };
  expect(await post(params, 'x', `${harness.url}/webhooks/twilio/${crypto.randomUUID()}/sms`)).toBe(404);
  expect(await post(params, 'x', `${harness.url}/webhooks/other/${harness.accountId}/sms`)).toBe(404);
  expect(await post(params, twilio.getExpectedTwilioSignature(token, url, params))).toBe(400);
  const kept = await harness.inTx((tx) => tx.selectFrom('unmatched_webhooks').select(['kind', 'body']).execute());
  expect(kept).toEqual([{ kind: 'inbound', body: 'Something=else' }]);
});

test('the same MessageSid twenty times at once is one message and one run', async () => {
  const params = inbound(phone(3), 'join', sidOf(3));
  const signature = twilio.getExpectedTwilioSignature(token, url, params);
  const statuses = await Promise.all(Array.from({ length: 20 }, () => post(params, signature)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('messages').select('id').where('provider_id', '=', sidOf(3)).execute(),
  );
  expect(rows).toHaveLength(1);
  await until(
    'the answer',
    async () =>
      (
        await harness.inTx((tx) =>
          tx
            .selectFrom('messages')
            .select('id')
            .where('direction', '=', 'out')
            .where('number', '=', phone(3))
            .execute(),
        )
      ).length === 1,
  );
  const runs = await harness.inTx((tx) => tx.selectFrom('runs').select('id').where('step', '=', 1).execute());
  expect(runs).toHaveLength(1);
});

test('receipts raise the state whatever their order, and never lower it', async () => {
  const person = phone(4);
  harness.carrier.text(person, businessNumber, 'join');
  await until('the delivery', async () => {
    const rows = await harness.inTx((tx) =>
      tx.selectFrom('messages').select('state').where('number', '=', person).where('direction', '=', 'out').execute(),
    );
    return rows[0]?.state === 'delivered';
  });
  const attempt = await harness.inTx((tx) =>
    tx
      .selectFrom('message_attempts')
      .innerJoin('messages', 'messages.id', 'message_attempts.message_id')
      .select(['message_attempts.id', 'message_attempts.provider_id'])
      .where('number', '=', person)
      .executeTakeFirstOrThrow(),
  );
  const target = `${harness.url}/webhooks/twilio/${harness.accountId}/status?attempt=${attempt.id}`;
  for (const MessageStatus of ['sent', 'failed', 'undelivered', 'queued']) {
    const params = { MessageSid: attempt.provider_id ?? '', MessageStatus };
    expect(await post(params, twilio.getExpectedTwilioSignature(token, target, params), target)).toBe(200);
  }
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('messages').select('state').where('number', '=', person).where('direction', '=', 'out').execute(),
  );
  expect(rows[0]?.state).toBe('delivered');
});
