import { createToken } from '@signalbox/engine/access/tokens';
import { sql } from 'kysely';
import twilio from 'twilio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';
import { captureLog } from './captured-log.ts';
import { authToken, inbound, postForm as post, sidOf, smsUrl } from './signed-webhooks.ts';

let harness: Harness;
let url: string;
const log = captureLog();

beforeAll(async () => {
  harness = await startHarness({ log: log.logger });
  url = smsUrl(harness);
  await harness.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
});
afterAll(() => harness.close());

test('requests signed by the twilio package are taken', async () => {
  const params = inbound(phone(1), 'hello there', sidOf(1));
  expect(await post(url, params, twilio.getExpectedTwilioSignature(authToken, url, params))).toBe(200);
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('messages').select(['body', 'handled_by']).where('provider_id', '=', sidOf(1)).execute(),
  );
  expect(rows).toEqual([{ body: 'hello there', handled_by: 'unhandled' }]);
  const contact = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select('unhandled').where('phone', '=', phone(1)).executeTakeFirst(),
  );
  expect(contact?.unhandled).toBe(true);
});

/** What a text can leave behind, counted in every table. */
async function everything(): Promise<Record<string, number>> {
  const tables = [
    'contacts',
    'numbers',
    'runs',
    'messages',
    'events',
    'enrollments',
    'consent_ledger',
    'message_queue',
    'message_receipts',
    'unmatched_webhooks',
    'feed',
  ] as const;
  return harness.inTx(async (tx) => {
    const counts: Record<string, number> = {};
    for (const table of tables) counts[table] = (await tx.selectFrom(table).select('workspace_id').execute()).length;
    return counts;
  });
}

test('forged and unsigned requests are refused with 403 and a line in the log, and store nothing', async () => {
  const before = await everything();
  const params = inbound(phone(2), 'join', sidOf(2));
  const good = twilio.getExpectedTwilioSignature(authToken, url, params);
  const refused: ReadonlyArray<readonly [Record<string, string>, string | null]> = [
    [params, null],
    [params, 'AAAA'],
    [{ ...params, Body: 'stop' }, good],
    [params, twilio.getExpectedTwilioSignature('another-token', url, params)],
    [params, twilio.getExpectedTwilioSignature(authToken, `${url}?x=1`, params)],
  ];
  log.lines.length = 0;
  for (const [form, signature] of refused) expect(await post(url, form, signature)).toBe(403);
  const status = url.replace(/sms$/, 'status');
  expect(await post(status, { MessageSid: sidOf(2), MessageStatus: 'delivered' }, null)).toBe(403);
  expect(await everything()).toEqual(before);
  const lines = log.lines.filter((line) => line.msg === 'a webhook with a missing or wrong signature was refused');
  expect(lines).toHaveLength(refused.length + 1);
  for (const line of lines) expect(line).toMatchObject({ level: 40, account: harness.accountId, provider: 'twilio' });
  const written = JSON.stringify(log.lines);
  for (const said of [phone(2), good, 'join', authToken]) expect(written).not.toContain(said);

  // The same text with its signature leaves something in most of those tables: what is counted does count.
  expect(await post(url, params, good)).toBe(200);
  const after = await everything();
  for (const table of ['contacts', 'numbers', 'runs', 'messages', 'events', 'enrollments', 'feed'])
    expect([table, (after[table] ?? 0) > (before[table] ?? 0)]).toEqual([table, true]);
});

test('an unknown account is 404, an authentic body that is not understood is acknowledged and kept', async () => {
  const params = { Something: 'else' };
  expect(await post(`${harness.url}/webhooks/twilio/${crypto.randomUUID()}/sms`, params, 'x')).toBe(404);
  expect(await post(`${harness.url}/webhooks/other/${harness.accountId}/sms`, params, 'x')).toBe(404);
  expect(await post(url, params, twilio.getExpectedTwilioSignature(authToken, url, params))).toBe(200);
  const kept = await harness.inTx((tx) => tx.selectFrom('unmatched_webhooks').select(['kind', 'body']).execute());
  expect(kept).toEqual([{ kind: 'inbound', body: 'Something=else' }]);
});

test('what was not understood is kept for thirty days', async () => {
  const ids = async () =>
    (await harness.inTx((tx) => tx.selectFrom('unmatched_webhooks').select('id').execute())).length;
  expect(await ids()).toBe(1);
  const age = (days: number) =>
    harness.inTx((tx) =>
      tx
        .updateTable('unmatched_webhooks')
        .set({ received_at: new Date(Date.now() - days * 86_400_000) })
        .execute(),
    );
  await age(29);
  await harness.engine.maintenance.turn('expired');
  expect(await ids()).toBe(1);
  await age(31);
  await harness.engine.maintenance.turn('expired');
  expect(await ids()).toBe(0);
});

test('receipts of nothing that was sent go after thirty days as well, and tokens past their time, however many', async () => {
  const { workspaceId, accountId, engine } = harness;
  const old = new Date(Date.now() - 31 * 86_400_000);
  await harness.inTx(async (tx) => {
    const many = Array.from({ length: 5_001 }, () => engine.ids.uuid());
    await sql`
      INSERT INTO message_receipts (workspace_id, id, account_id, provider_id, status, received_at)
      SELECT ${workspaceId}::uuid, id, ${accountId}::uuid, 'nothing', 'delivered', ${old} FROM unnest(${many}::uuid[]) AS u(id)`.execute(
      tx,
    );
    await createToken({ tx, workspaceId }, { kind: 'bearer', scope: 'read', now: old, lifeMs: 86_400_000 });
  });
  await engine.maintenance.turn('expired');
  const left = await harness.inTx(async (tx) => [
    ...(await tx.selectFrom('message_receipts').select('id').where('provider_id', '=', 'nothing').execute()),
    ...(await tx.selectFrom('access_tokens').select('kind').where('expires_at', '<', new Date()).execute()),
  ]);
  expect(left).toEqual([]);
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
    expect(await post(target, params, twilio.getExpectedTwilioSignature(authToken, target, params))).toBe(200);
  }
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('messages').select('state').where('number', '=', person).where('direction', '=', 'out').execute(),
  );
  expect(rows[0]?.state).toBe('delivered');

  // One whose outcome nobody knew, and that was counted as sent: the receipt that comes after all takes the doubt away.
  await harness.inTx((tx) =>
    tx
      .updateTable('messages')
      .set({ state: 'unknown', reason: JSON.stringify({ code: 'outcome_unknown' }) })
      .where('number', '=', person)
      .where('direction', '=', 'out')
      .execute(),
  );
  const late = { MessageSid: attempt.provider_id ?? '', MessageStatus: 'delivered' };
  expect(await post(target, late, twilio.getExpectedTwilioSignature(authToken, target, late))).toBe(200);
  const known = await harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['state', 'reason'])
      .where('number', '=', person)
      .where('direction', '=', 'out')
      .execute(),
  );
  expect(known).toEqual([{ state: 'delivered', reason: null }]);
});
