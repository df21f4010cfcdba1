import { addDigests } from '@signalbox/engine/contacts/numbers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'plain', work: true });
  await api.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
}, 60_000);
afterAll(() => api.close());

const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      number: z.string().nullable(),
      contact_id: z.string().nullable(),
      reason: z.string(),
      liftable: z.boolean(),
      note: z.string().nullable(),
    }),
  ),
});
const list = async (query = '') => listSchema.parse((await api.call('GET', `/api/v1/suppressions${query}`)).body).data;
const reasonsOf = async (number: string) => (await list(`?search=${number.slice(1)}`)).map(({ reason }) => reason);
const block = (numbers: readonly string[], more: object = {}) =>
  api.call('POST', '/api/v1/suppressions', { body: { numbers, ...more } });
const liftOf = async (number: string, reason: string) => {
  const found = (await list(`?search=${number.slice(1)}`)).find((each) => each.reason === reason);
  return api.call('DELETE', `/api/v1/suppressions/${found?.id ?? ''}`);
};
const numberRow = (number: string) =>
  api.inTx((tx) =>
    tx
      .selectFrom('numbers')
      .select(['suppressed_at', 'suppressed_reason'])
      .where('number', '=', number)
      .executeTakeFirst(),
  );
const shownReason = async (number: string) => (await numberRow(number))?.suppressed_reason ?? null;
const codeOf = (body: unknown) => z.object({ code: z.string() }).parse(body).code;
const send = async (number: string) => {
  const answer = await api.call('POST', '/api/v1/messages', {
    body: { messages: [{ to: number, text: 'Hello' }], purpose: 'transactional' },
  });
  return z.object({ data: z.array(z.object({ state: z.string() })) }).parse(answer.body).data[0]?.state;
};
const heard = async (number: string, body: string) => {
  const count = async () =>
    (
      await api.inTx((tx) =>
        tx
          .selectFrom('messages')
          .select('id')
          .where('number', '=', number)
          .where('direction', '=', 'in')
          .where('handled_by', 'is not', null)
          .execute(),
      )
    ).length;
  const before = await count();
  api.carrier.text(number, businessNumber, body);
  await until('the text to be handled', async () => (await count()) > before);
};
/** What erasing somebody leaves: nothing that says whose number it was. */
const erase = (number: string) =>
  api.inTx(async (tx) => {
    await tx
      .updateTable('contacts')
      .set({ phone: `erased ${number.slice(-4)}` })
      .where('phone', '=', number)
      .execute();
    await tx.deleteFrom('numbers').where('number', '=', number).execute();
    await tx.updateTable('suppressions').set({ number: null }).where('number', '=', number).execute();
  });

test('a workspace blocks a number, with a note, and lifts it', async () => {
  const number = '+12025554001';
  expect(await send(number)).toBe('queued');
  expect((await block(['(202) 555-4001'], { note: 'Asked by telephone' })).status).toBe(200);
  const [entry] = await list('?search=5554001');
  expect(entry).toMatchObject({ number, reason: 'blocked', liftable: true, note: 'Asked by telephone' });
  expect(entry?.contact_id).toMatch(/^con_/);
  expect(await send(number)).toBe('refused');
  expect((await liftOf(number, 'blocked')).status).toBe(204);
  expect(await numberRow(number)).toEqual({ suppressed_at: null, suppressed_reason: null });
  expect(await send(number)).toBe('queued');
});

test('a number that is nobody’s yet is blocked for whoever comes', async () => {
  const number = '+12025554002';
  await block([number]);
  expect(await send(number)).toBe('refused');
  expect((await block(['12'])).status).toBe(422);
});

test('what somebody said themselves only they take back, and START takes back no block', async () => {
  const number = '+12025554003';
  await heard(number, 'STOP');
  const refused = await liftOf(number, 'keyword_stop');
  expect([refused.status, codeOf(refused.body)]).toEqual([409, 'suppression_theirs']);
  await block([number]);
  await block([number], { reason: 'import' });
  expect((await reasonsOf(number)).sort()).toEqual(['blocked', 'import', 'keyword_stop']);
  // What they did themselves is shown first.
  expect(await shownReason(number)).toBe('keyword_stop');
  await heard(number, 'START');
  expect(await reasonsOf(number)).toEqual(['blocked']);
  expect(await shownReason(number)).toBe('blocked');
  expect(await send(number)).toBe('refused');
  await liftOf(number, 'blocked');
  expect(await shownReason(number)).toBeNull();
});

test('blocking somebody ends their passages and revokes what they consented to', async () => {
  const number = '+12025554004';
  await heard(number, 'JOIN');
  const waits = () =>
    api.inTx((tx) =>
      tx
        .selectFrom('enrollments')
        .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
        .select('enrollments.id')
        .where('phone', '=', number)
        .where('waiting_event', 'is not', null)
        .execute(),
    );
  await until('the wait', async () => (await waits()).length > 0);
  await block([number], { note: 'Wrong number' });
  expect(await waits()).toEqual([]);
  const ledger = await api.inTx((tx) =>
    tx
      .selectFrom('consent_ledger')
      .innerJoin('contacts', 'contacts.id', 'consent_ledger.contact_id')
      .select(['action', 'method', 'source', 'actor_kind'])
      .where('phone', '=', number)
      .orderBy('consent_ledger.id', 'desc')
      .executeTakeFirstOrThrow(),
  );
  expect(ledger).toEqual({ action: 'revoked', method: 'blocked', source: 'Wrong number', actor_kind: 'bearer' });
});

test('a file of opt-outs suppresses every number that it holds, whatever else stands in its rows', async () => {
  const text = 'Mobile,email,note\n+12025554005,not an address,x\n+12025554006,,y\nnobody,,\n+12025554006,,again\n';
  const answer = await api.call('POST', '/api/v1/suppressions/import?note=Old%20system', {
    text: { type: 'text/csv', text },
  });
  expect(answer.body).toMatchObject({
    suppressed: 2,
    already: 1,
    failed: 1,
    errors: [{ row: 4, code: expect.any(String) }],
  });
  expect(await list('?reason=import&search=5554005')).toMatchObject([{ note: 'Old system' }]);
  const file = await api.call('GET', '/api/v1/suppressions/export');
  expect(file.headers.get('content-disposition')).toContain('suppressions.csv');
  expect(file.body).toContain('"+12025554005","import","Old system"');
});

test('the list goes on page by page, and begins where it is asked to', async () => {
  const numbers = Array.from({ length: 5 }, (_, index) => `+1202555411${index}`);
  await block(numbers);
  const pageSchema = listSchema.extend({ next_cursor: z.string().nullable() });
  const seen: Array<string | null> = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await api.call(
      'GET',
      `/api/v1/suppressions?search=555411&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    const page: z.infer<typeof pageSchema> = pageSchema.parse(answer.body);
    seen.push(...page.data.map(({ number }) => number));
    cursor = page.next_cursor;
  }
  expect(seen.sort()).toEqual(numbers);
  expect(await list(`?since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
});

test.each([
  ['added', (number: string) => api.call('POST', '/api/v1/contacts', { body: { phone: number } })],
  [
    'imported',
    (number: string) =>
      api.call('POST', '/api/v1/contacts/import', { text: { type: 'text/csv', text: `phone\n${number}` } }),
  ],
  ['texted', (number: string) => send(number)],
  ['heard of', (number: string) => heard(number, 'Hello there')],
] as const)('somebody who was erased is as suppressed as before when they are %s again', async (how, comes) => {
  const number = `+1202555420${'aith'.indexOf(how.slice(0, 1))}`;
  await heard(number, 'STOP');
  await erase(number);
  expect(await numberRow(number)).toBeUndefined();
  expect(await reasonsOf(number)).toEqual([]);
  await comes(number);
  expect(await shownReason(number)).toBe('keyword_stop');
  expect(await reasonsOf(number)).toEqual(['keyword_stop']);
  expect(await send(number)).toBe('refused');
});

test('an erased opt-out cannot be read, and another way of writing the number is the same number', async () => {
  await block(['+5215512345678']);
  await erase('+525512345678');
  await api.inTx((tx) => tx.deleteFrom('numbers').where('number', '=', '+5215512345678').execute());
  const rows = await api.inTx((tx) => tx.selectFrom('suppressions').selectAll().where('number', 'is', null).execute());
  expect(JSON.stringify(rows)).not.toContain('5512345678');
  await api.call('POST', '/api/v1/contacts', { body: { phone: '+525512345678' } });
  expect(await shownReason('+525512345678')).toBe('blocked');
});

test('numbers that were suppressed before there were digests get theirs', async () => {
  const number = '+12025554301';
  await block([number]);
  await api.inTx((tx) => tx.updateTable('suppressions').set({ digest: null }).where('number', '=', number).execute());
  const scope = { workspaceId: api.workspaceId };
  expect(await api.inTx((tx) => addDigests(api.engine, { tx, ...scope }, 100))).toBe(1);
  expect(await api.inTx((tx) => addDigests(api.engine, { tx, ...scope }, 100))).toBe(0);
  await erase(number);
  await api.call('POST', '/api/v1/contacts', { body: { phone: number } });
  expect(await shownReason(number)).toBe('blocked');
});
