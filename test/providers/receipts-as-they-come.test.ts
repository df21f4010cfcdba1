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
  const carrier = { receipts: { delay_ms: 86_400_000, sent: false } };
  harness = await startHarness({ failPoints, carrier, dispatch: { lookupEveryMs: 300 } });
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
    reason: { code: 'carrier_invalid_number', values: { provider_code: '30005' } },
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

/** Where the carrier posts receipts that name no attempt. */
const plainStatusUrl = () => `${harness.url}/webhooks/twilio/${harness.accountId}/status`;

const takenSid = (person: string) =>
  harness.carrier.ledger.messages.find(({ to, origin }) => to === person && origin === 'api')?.sid ?? '';

const suppressed = (person: string) =>
  harness.inTx((tx) =>
    tx.selectFrom('numbers').select('suppressed_reason').where('number', '=', person).executeTakeFirst(),
  );

test('so is one whose receipt comes before the answer to our request, and without the attempt in its address', async () => {
  const answer = failPoints.hold('post.after');
  harness.carrier.text(phone(6), businessNumber, 'join');
  await answer.reached;
  const early = { MessageSid: takenSid(phone(6)), MessageStatus: 'failed', ErrorCode: '21610' };
  expect(await postSigned(plainStatusUrl(), early)).toBe(200);
  expect(await suppressed(phone(6))).toEqual({ suppressed_reason: null });
  answer.letGo();
  await until('the receipt', async () => (await message(phone(6)))?.state === 'failed');
  expect(await suppressed(phone(6))).toEqual({ suppressed_reason: 'carrier' });
});

test('and one whose answer never came, once a receipt that names the attempt tells which text it was', async () => {
  const answer = failPoints.hold('post.after');
  harness.carrier.text(phone(7), businessNumber, 'join');
  await answer.reached;
  const sid = takenSid(phone(7));
  await postSigned(plainStatusUrl(), { MessageSid: sid, MessageStatus: 'failed', ErrorCode: '21610' });
  expect(await suppressed(phone(7))).toEqual({ suppressed_reason: null });
  const { id } = await harness.inTx((tx) =>
    tx
      .selectFrom('message_attempts')
      .innerJoin('messages', 'messages.id', 'message_attempts.message_id')
      .select('message_attempts.id')
      .where('number', '=', phone(7))
      .executeTakeFirstOrThrow(),
  );
  expect(await postSigned(statusUrl(id), { MessageSid: sid, MessageStatus: 'sent' })).toBe(200);
  expect((await message(phone(7)))?.state).toBe('failed');
  expect(await suppressed(phone(7))).toEqual({ suppressed_reason: 'carrier' });
  answer.letGo();
});

/** The carrier takes a text and does not answer; its receipt of it comes before we look it up. Resolves once that has been heard. */
async function heardByLookUp(person: string, receipt: Readonly<Record<string, string>>): Promise<void> {
  harness.carrier.addFault({ kind: 'accept_then_reset', to: person, count: 1 });
  const lookUp = failPoints.hold('dead_leases.after_commit');
  harness.carrier.text(person, businessNumber, 'join');
  await lookUp.reached;
  expect(await postSigned(plainStatusUrl(), { MessageSid: takenSid(person), ...receipt })).toBe(200);
  expect([await message(person), await suppressed(person)]).toEqual([
    { state: 'queued', reason: null },
    { suppressed_reason: null },
  ]);
  lookUp.letGo();
  await until('the look-up', async () => (await message(person))?.state !== 'queued');
}

test('a receipt of a text that we have to look up is joined once it is found', async () => {
  await heardByLookUp(phone(8), { MessageStatus: 'delivered' });
  expect(await message(phone(8))).toEqual({ state: 'delivered', reason: null });
});

test('and the opt-out that it tells is believed', async () => {
  await heardByLookUp(phone(9), { MessageStatus: 'failed', ErrorCode: '21610' });
  expect(await message(phone(9))).toEqual({
    state: 'failed',
    reason: { code: 'carrier_opted_out', values: { provider_code: '21610' } },
  });
  expect(await suppressed(phone(9))).toEqual({ suppressed_reason: 'carrier' });
  const left = await harness.inTx((tx) =>
    tx
      .selectFrom('enrollments')
      .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
      .select('hop')
      .where('phone', '=', phone(9))
      .execute(),
  );
  expect(left).toEqual([]);
});

test('a picture without words is kept to be fetched, and waits for a person', async () => {
  const picture = { NumMedia: '1', MediaUrl0: 'https://api.example.com/Media/ME1', MediaContentType0: 'image/jpeg' };
  expect(await postSigned(smsUrl(harness), { ...inbound(phone(4), '', sidOf(4)), ...picture })).toBe(200);
  const kept = await harness.inTx((tx) =>
    tx.selectFrom('messages').select(['body', 'media', 'handled_by']).where('provider_id', '=', sidOf(4)).execute(),
  );
  expect(kept).toEqual([
    {
      body: '',
      media: [{ id: expect.any(String), type: 'image/jpeg' }],
      handled_by: 'unhandled',
    },
  ]);
  expect(await harness.inTx((tx) => tx.selectFrom('media').select(['direction', 'state']).execute())).toEqual([
    { direction: 'in', state: 'waiting' },
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
