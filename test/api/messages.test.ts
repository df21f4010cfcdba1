import { reasonTexts } from '@signalbox/engine/http/texts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { businessNumber, until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());

const sentSchema = z.object({
  data: z.array(
    z.object({
      id: z.string().nullable(),
      contact_id: z.string(),
      to: z.string(),
      state: z.string(),
      reason: z.object({ code: z.string(), text: z.string() }).nullable(),
    }),
  ),
});
const detailSchema = z.looseObject({
  id: z.string(),
  contact_id: z.string(),
  state: z.string(),
  from: z.string(),
  purpose: z.string().nullable(),
  queue: z
    .object({ lane: z.string(), attempts: z.number(), not_before: z.string(), expires_at: z.string() })
    .nullable(),
  attempts: z.array(
    z.looseObject({
      id: z.string(),
      account_name: z.string(),
      provider: z.string(),
      provider_id: z.string().nullable(),
      state: z.string(),
      error_code: z.string().nullable(),
    }),
  ),
  receipts: z.array(
    z.object({
      status: z.string(),
      failure: z.string().nullable(),
      error_code: z.string().nullable(),
      received_at: z.string(),
    }),
  ),
});
const listSchema = z.object({
  data: z.array(z.looseObject({ id: z.string(), text: z.string(), state: z.string() })),
  next_cursor: z.string().nullable(),
});
const refusedSchema = z.object({
  code: z.string(),
  errors: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), code: z.string() })),
});

const order = (...messages: readonly object[]) => ({ messages, purpose: 'transactional' });
const send = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/api/v1/messages', { body, headers });
async function sent(body: unknown) {
  const answer = await send(body);
  expect([answer.status, answer.body]).toMatchObject([202, {}]);
  return sentSchema.parse(answer.body).data;
}
const idsOf = (messages: z.infer<typeof sentSchema>['data']): string[] =>
  messages.map(({ id }) => id ?? 'not written down');
const detail = async (id: string) => detailSchema.parse((await api.call('GET', `/api/v1/messages/${id}`)).body);
const search = async (query: string) => {
  const answer = await api.call('GET', `/api/v1/messages?${query}`);
  expect([answer.status, answer.body]).toMatchObject([200, {}]);
  return listSchema.parse(answer.body);
};
async function delivered(id: string) {
  await until('the receipt', async () => (await detail(id)).state === 'delivered');
  return detail(id);
}
async function errorsOf(body: unknown) {
  const answer = await send(body);
  expect(answer.status).toBe(422);
  return refusedSchema.parse(answer.body).errors.map(({ path, code }) => [path.join('.'), code]);
}
const contacts = () =>
  api.inTx((tx) =>
    tx
      .selectFrom('contacts')
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow(),
  );
const messages = () =>
  api.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow(),
  );

describe('messages sent over the API', () => {
  test('go out to contacts and to numbers, of which each becomes a contact, and tell all that happened to them', async () => {
    const [known] = await api.addContacts(1);
    const { body } = await api.call('GET', '/api/v1/contacts?limit=1');
    const contact = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(body).data[0]?.id;
    if (known === undefined || contact === undefined) throw new Error('There is no contact.');
    const made = await sent(
      order({ contact_id: contact, text: 'To a contact' }, { to: '(202) 555-0177', text: 'To a number' }),
    );
    expect(made.map(({ to, state, reason }) => [to, state, reason])).toEqual([
      ['+12025560000', 'queued', null],
      ['+12025550177', 'queued', null],
    ]);
    const [first, second] = idsOf(made);
    const toContact = await delivered(first ?? '');
    expect(toContact).toMatchObject({
      contact_id: contact,
      text: 'To a contact',
      from: businessNumber,
      purpose: 'transactional',
      queue: null,
      possible_duplicate: false,
      attempts: [{ provider: 'twilio', state: 'accepted', error_code: null }],
    });
    expect(toContact.attempts[0]?.provider_id).toMatch(/^SM[0-9a-f]{32}$/);
    expect(toContact.receipts.at(-1)).toMatchObject({ status: 'delivered', failure: null });
    expect((await delivered(second ?? '')).to).toBe('+12025550177');
    const again = await sent(order({ to: '+1 202 555 0177', text: 'Once more' }));
    expect((await detail(idsOf(again)[0] ?? '')).contact_id).toBe((await detail(second ?? '')).contact_id);
  });

  test('are sent once for an Idempotency-Key, whose repeats get the same answer', async () => {
    const body = order({ to: '+12025550178', text: 'Once alone' });
    const headers = { 'idempotency-key': 'order-1' };
    const first = await send(body, headers);
    const repeat = await send(body, headers);
    expect(repeat.body).toEqual(first.body);
    expect(repeat.headers.get('idempotency-replayed')).toBe('true');
    const [id] = idsOf(sentSchema.parse(first.body).data);
    await delivered(id ?? '');
    expect((await search('search=Once%20alone')).data).toHaveLength(1);
    expect((await send({ ...body, purpose: 'marketing' }, headers)).body).toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  test('that the gate refuses are written down with the reason, and the others go out', async () => {
    const asked = ['+12025550179', '+12025550180'].map((to) => ({ to, text: 'Sale' }));
    const [person] = await sent(order({ to: '+12025550179', text: 'Hello' }));
    await delivered(person?.id ?? '');
    api.carrier.text('+12025550179', businessNumber, 'STOP');
    await until('the opt-out', async () => {
      const row = await api.inTx((tx) =>
        tx.selectFrom('numbers').select('suppressed_at').where('number', '=', '+12025550179').executeTakeFirst(),
      );
      return row?.suppressed_at != null;
    });
    const made = await sent(order(...asked));
    expect(made.map(({ state, reason }) => [state, reason?.code ?? null])).toEqual([
      ['refused', 'suppressed'],
      ['queued', null],
    ]);
    const refused = await detail(made[0]?.id ?? '');
    expect(refused).toMatchObject({ state: 'refused', text: 'Sale', queue: null, attempts: [], receipts: [] });
    const marketing = await sent({ messages: [{ to: '+12025550181', text: 'Sale' }], purpose: 'marketing' });
    expect(marketing[0]).toMatchObject({ state: 'refused', reason: { code: 'no_consent' } });
  });

  test('wait in the queue for their time, in the lane that was asked for', async () => {
    const sendAt = new Date(api.engine.clock.now().getTime() + 3_600_000);
    const [made] = await sent({
      ...order({ to: '+12025550182', text: 'Your code is 1234' }),
      lane: 'otp',
      send_at: sendAt.toISOString().replace('Z', '+00:00'),
    });
    expect(made).toMatchObject({ state: 'queued', reason: { code: 'scheduled', text: reasonTexts.scheduled } });
    const waiting = await detail(made?.id ?? '');
    expect(waiting).toMatchObject({
      state: 'queued',
      queue: { lane: 'otp', attempts: 0, not_before: sendAt.toISOString() },
    });
    expect(waiting.queue?.expires_at).toBe(new Date(sendAt.getTime() + 86_400_000).toISOString());
    const brief = await sent({
      ...order({ to: '+12025550184', text: 'Soon' }),
      send_at: sendAt.toISOString(),
      valid_for: 300,
    });
    const [short] = brief;
    expect((await detail(short?.id ?? '')).queue?.expires_at).toBe(new Date(sendAt.getTime() + 300_000).toISOString());
    const past = await sent({ ...order({ to: '+12025550183', text: 'Late' }), send_at: '2020-01-01T00:00:00Z' });
    expect(past[0]).toMatchObject({ state: 'queued', reason: null });
  });

  test('that cannot all be sent are not sent at all: every fault is told in its place', async () => {
    const before = [await contacts(), await messages()];
    const contact_id = `con_${'0'.repeat(26)}`;
    const text = 'Hello';
    expect(
      await errorsOf({
        ...order(
          { to: '+12025550184', text },
          { to: '1234', text },
          { contact_id, text },
          { text },
          { to: '+12025550184', contact_id, text },
        ),
        sender: '+12025550999',
        send_at: '2099-01-01T00:00:00Z',
      }),
    ).toEqual([
      ['sender', 'sender_unknown'],
      ['send_at', 'send_at_invalid'],
      ['messages.1.to', 'phone_too_short'],
      ['messages.3.to', 'recipient_ambiguous'],
      ['messages.4.to', 'recipient_ambiguous'],
      ['messages.2.contact_id', 'contact_unknown'],
    ]);
    expect([await contacts(), await messages()]).toEqual(before);
    expect((await send(order())).status).toBe(422);
    expect((await send({ ...order({ to: '+12025550184', text }), purpose: 'other' })).status).toBe(422);
  });

  test('for people who are told several things at once all go to one contact', async () => {
    const made = await sent(
      order(
        { to: '+5215512345678', text: 'First' },
        { to: '+525512345678', text: 'Second' },
        { to: '+5215512345678', text: 'Third' },
      ),
    );
    const people = await Promise.all(idsOf(made).map(async (id) => (await detail(id)).contact_id));
    expect(new Set(people).size).toBe(1);
  });
});

test('a message with characters that cannot be sent is told so, and quotes and backslashes go out as they are', async () => {
  for (const text of ['a\u0000b', 'a\ud800b'])
    expect([text, (await send(order({ to: '+12025550188', text }))).status]).toEqual([text, 422]);
  const odd = String.raw`{"a", \\b 'c'} NULL`;
  const [made] = await sent(order({ to: '+12025550188', text: odd }, { to: '+12025550189', text: 'null' }));
  expect((await detail(made?.id ?? '')).text).toBe(odd);
});

describe('the search of messages', () => {
  test('narrows by number, state, direction, account, code and time', async () => {
    const numbers = async (query: string) => (await search(query)).data.map((row) => row.text);
    expect(await numbers('number=555%20(0178)')).toEqual(['Once alone']);
    expect(await numbers('number=nobody')).toEqual([]);
    expect(await numbers('state=refused&search=sale')).toEqual(['Sale', 'Sale']);
    expect(await numbers('direction=in')).toEqual(['STOP']);
    expect(await numbers('state=queued&search=Your%20code')).toEqual(['Your code is 1234']);
    const [{ id } = { id: '' }] = z
      .object({ data: z.array(z.object({ id: z.string() })) })
      .parse((await api.call('GET', '/api/v1/accounts')).body).data;
    expect(await numbers(`account_id=${id}&search=Once%20alone`)).toEqual(['Once alone']);
    expect(await numbers(`account_id=acc_${'0'.repeat(26)}`)).toEqual([]);
    expect(await numbers('code=30003')).toEqual([]);
    expect(await numbers('until=2020-01-01T00:00:00Z')).toEqual([]);
    const all = await numbers('limit=200');
    expect(await numbers('since=2020-01-01T01:00:00%2B01:00&limit=200')).toEqual(all);
    expect(all.length).toBeGreaterThan(8);
    expect((await api.call('GET', '/api/v1/messages?state=lost')).status).toBe(422);
  });

  test('finds by the code that a receipt brought, and by that of a request that was refused', async () => {
    const [late, early] = ['+12025550186', '+12025550187'];
    api.carrier.addFault({ kind: 'receipt_status', outcome: 'undelivered', reason: 'blocked', to: late, count: 1 });
    api.carrier.addFault({ kind: 'refuse', to: early, count: 1, reason: 'invalid_number' });
    const made = idsOf(await sent(order({ to: late, text: 'Too late' }, { to: early, text: 'Too early' })));
    await until('both outcomes', async () => {
      const states = await Promise.all(made.map(async (id) => (await detail(id)).state));
      return states.join() === 'undelivered,failed';
    });
    const [undelivered, refused] = await Promise.all(made.map(detail));
    const code = undelivered?.receipts.at(-1)?.error_code ?? '';
    expect(undelivered?.receipts.at(-1)).toMatchObject({ status: 'undelivered', failure: 'blocked' });
    expect((await search(`code=${code}`)).data.map(({ text }) => text)).toEqual(['Too late']);
    const [attempt] = refused?.attempts ?? [];
    expect(attempt).toMatchObject({ state: 'refused', provider_id: null });
    expect((await search(`code=${attempt?.error_code}`)).data.map(({ text }) => text)).toEqual(['Too early']);
  });

  test('an id of no message is answered as not found', async () => {
    expect((await api.call('GET', `/api/v1/messages/msg_${'0'.repeat(26)}`)).status).toBe(404);
  });
});

describe('a workspace without a sender', () => {
  test('answers what is missing, and nothing is written down', async () => {
    await api.inTx((tx) => tx.deleteFrom('senders').execute());
    const before = await messages();
    const [made] = await sent(order({ to: '+12025550185', text: 'Hello' }));
    expect(made).toMatchObject({ id: null, state: 'refused', reason: { code: 'no_sender' } });
    expect(await messages()).toEqual(before);
  });
});
