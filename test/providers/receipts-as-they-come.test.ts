import twilio from 'twilio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFailPoints } from '../support/fail-points.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';
import { authToken, inbound, postForm, postSigned, sidOf, smsUrl } from './signed-webhooks.ts';

/** Receipts and pictures as providers hand them over. The carrier sends none itself here. */
let harness: Harness;
const failPoints = createFailPoints();
beforeAll(async () => {
  harness = await startHarness({ failPoints, carrier: { receipts: { delay_ms: 86_400_000, sent: false } } });
  await harness.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
});
afterAll(() => harness.close());

async function texted(person: string): Promise<{ id: string; sid: string }> {
  harness.carrier.text(person, businessNumber, 'join');
  await until('the acceptance', async () => (await message(person))?.state === 'accepted');
  const attempt = await harness.inTx((tx) =>
    tx
      .selectFrom('message_attempts')
      .innerJoin('messages', 'messages.id', 'message_attempts.message_id')
      .select(['message_attempts.id', 'message_attempts.provider_id'])
      .where('number', '=', person)
      .executeTakeFirstOrThrow(),
  );
  return { id: attempt.id, sid: attempt.provider_id ?? '' };
}

const message = (person: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['state', 'reason'])
      .where('number', '=', person)
      .where('direction', '=', 'out')
      .executeTakeFirst(),
  );

const statusUrl = (attempt: string) => `${harness.url}/webhooks/twilio/${harness.accountId}/status?attempt=${attempt}`;

test('a delivery after all clears the error that an earlier receipt told', async () => {
  const { id, sid } = await texted(phone(1));
  await postSigned(statusUrl(id), { MessageSid: sid, MessageStatus: 'undelivered', ErrorCode: '30005' });
  expect(await message(phone(1))).toEqual({
    state: 'undelivered',
    reason: { code: 'carrier_error', values: { provider_code: '30005' } },
  });
  await postSigned(statusUrl(id), { MessageSid: sid, MessageStatus: 'delivered' });
  expect(await message(phone(1))).toEqual({ state: 'delivered', reason: null });
});

test('a receipt under the older names of its fields is understood, and 0 is no error', async () => {
  const { id, sid } = await texted(phone(2));
  expect(await postSigned(statusUrl(id), { SmsSid: sid, SmsStatus: 'Delivered', ErrorCode: '0' })).toBe(200);
  expect(await message(phone(2))).toEqual({ state: 'delivered', reason: null });
});

test('a carrier that tells by a receipt alone that somebody opted out is believed', async () => {
  const { id, sid } = await texted(phone(3));
  await postSigned(statusUrl(id), { MessageSid: sid, MessageStatus: 'failed', ErrorCode: '21610' });
  const number = await harness.inTx((tx) =>
    tx.selectFrom('numbers').select('suppressed_reason').where('number', '=', phone(3)).executeTakeFirst(),
  );
  expect(number).toEqual({ suppressed_reason: 'carrier' });
  const left = await harness.inTx((tx) =>
    tx
      .selectFrom('enrollments')
      .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
      .select('hop')
      .where('phone', '=', phone(3))
      .execute(),
  );
  expect(left).toEqual([]);
});

test('so is one whose receipt comes before the answer to our request, and without the attempt in its address', async () => {
  const answer = failPoints.hold('post.after');
  harness.carrier.text(phone(6), businessNumber, 'join');
  await answer.reached;
  const sid = harness.carrier.ledger.messages.find(({ to, origin }) => to === phone(6) && origin === 'api')?.sid ?? '';
  const url = `${harness.url}/webhooks/twilio/${harness.accountId}/status`;
  expect(await postSigned(url, { MessageSid: sid, MessageStatus: 'failed', ErrorCode: '21610' })).toBe(200);
  const suppressed = () =>
    harness.inTx((tx) =>
      tx.selectFrom('numbers').select('suppressed_reason').where('number', '=', phone(6)).executeTakeFirst(),
    );
  expect(await suppressed()).toEqual({ suppressed_reason: null });
  answer.letGo();
  await until('the receipt', async () => (await message(phone(6)))?.state === 'failed');
  expect(await suppressed()).toEqual({ suppressed_reason: 'carrier' });
});

test('a picture without words is kept with its address, and waits for a person', async () => {
  const picture = { NumMedia: '1', MediaUrl0: 'https://api.example.com/Media/ME1', MediaContentType0: 'image/jpeg' };
  expect(await postSigned(smsUrl(harness), { ...inbound(phone(4), '', sidOf(4)), ...picture })).toBe(200);
  const kept = await harness.inTx((tx) =>
    tx.selectFrom('messages').select(['body', 'media', 'handled_by']).where('provider_id', '=', sidOf(4)).execute(),
  );
  expect(kept).toEqual([
    {
      body: '',
      media: [{ url: 'https://api.example.com/Media/ME1', type: 'image/jpeg' }],
      handled_by: 'unhandled',
    },
  ]);
});

test('a signature over the address with or without its port is taken, and no other', async () => {
  const params = inbound(phone(5), 'hello', sidOf(5));
  const url = new URL(smsUrl(harness));
  const without = `http://${url.hostname}${url.pathname}`;
  expect(await postForm(smsUrl(harness), params, twilio.getExpectedTwilioSignature(authToken, without, params))).toBe(
    200,
  );
  const other = `http://${url.hostname}:1${url.pathname}`;
  expect(await postForm(smsUrl(harness), params, twilio.getExpectedTwilioSignature(authToken, other, params))).toBe(
    403,
  );
});
