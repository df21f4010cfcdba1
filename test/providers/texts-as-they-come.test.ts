import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { type Harness, phone, startHarness } from '../support/harness.ts';
import { inbound, postSigned, sidOf, smsUrl } from './signed-webhooks.ts';

/** Texts as providers hand them over: with characters nobody can store, from one phone in two spellings, from nobody at all. */
let harness: Harness;
let texts = 0;

beforeAll(async () => {
  harness = await startHarness();
  await harness.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
});
afterAll(() => harness.close());

async function receive(from: string, body: string): Promise<number> {
  texts += 1;
  return postSigned(smsUrl(harness), inbound(from, body, sidOf(texts)));
}

const messagesOf = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .innerJoin('contacts', 'contacts.id', 'messages.contact_id')
      .select(['body', 'handled_by', 'direction'])
      .where('phone', '=', number)
      .orderBy('messages.id')
      .execute(),
  );

const isSuppressed = async (number: string) => {
  const row = await harness.inTx((tx) =>
    tx.selectFrom('numbers').select('suppressed_at').where('number', '=', number).executeTakeFirst(),
  );
  return row === undefined ? null : row.suppressed_at !== null;
};

const positionsOf = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('enrollments')
      .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
      .select('enrollments.id')
      .where('phone', '=', number)
      .execute(),
  );

async function addContact(number: string): Promise<string> {
  const id = crypto.randomUUID();
  const now = new Date();
  await harness.inTx(async (tx) => {
    const row = { workspace_id: harness.workspaceId, number };
    await tx.insertInto('numbers').values(row).execute();
    await tx
      .insertInto('contacts')
      .values({ workspace_id: harness.workspaceId, id, phone: number, created_at: now, updated_at: now })
      .execute();
  });
  return id;
}

test('a STOP with a character that cannot be stored is heard, and so is the text of somebody else beside it', async () => {
  const answers = await Promise.all([
    receive(phone(1), 'STOP\u0000'),
    receive(phone(2), 'hello'),
    receive(phone(3), 'ST\u0000OP'),
    receive(phone(4), 'join'),
  ]);
  expect(answers).toEqual([200, 200, 200, 200]);
  const [stop] = await messagesOf(phone(1));
  expect(stop).toEqual({ body: 'STOP', handled_by: 'compliance', direction: 'in' });
  expect(await isSuppressed(phone(1))).toBe(true);
  expect(await isSuppressed(phone(3))).toBe(true);
  expect((await messagesOf(phone(2))).map(({ body, handled_by }) => [body, handled_by])).toEqual([
    ['hello', 'unhandled'],
  ]);
  expect((await messagesOf(phone(4)))[0]?.handled_by).toBe('keyword');
});

test('what was not understood is kept although it holds such a character', async () => {
  const strange = { Something: 'el\u0000se' };
  expect(await postSigned(smsUrl(harness), strange)).toBe(200);
  const kept = await harness.inTx((tx) => tx.selectFrom('unmatched_webhooks').select('body').execute());
  expect(kept).toEqual([{ body: 'Something=el%00se' }]);
});

test.each([
  ['12345', 'join'],
  ['12345', 'STOP'],
  ['ACMEBANK', 'Your code is 123. Reply HELP for help.'],
  ['ACMEBANK', 'help'],
])('a text from %s stays under that name, and nothing answers it: %s', async (from, body) => {
  expect(await receive(from, body)).toBe(200);
  expect((await messagesOf(from)).at(-1)).toEqual({ body, handled_by: 'unhandled', direction: 'in' });
  expect(await positionsOf(from)).toEqual([]);
  expect(await messagesOf(`+${from}`)).toEqual([]);
  expect(await isSuppressed(from)).toBe(false);
});

test.each(['+22000', '+ACME'])('a plus before a short code or a name makes nobody of it to text: %s', async (from) => {
  expect(await receive(from, 'join')).toBe(200);
  const [, named = ''] = from.split('+');
  expect(await messagesOf(named)).toEqual([{ body: 'join', handled_by: 'unhandled', direction: 'in' }]);
  expect(await positionsOf(named)).toEqual([]);
  expect(await messagesOf(from)).toEqual([]);
});

test.each([
  ['+522221234567', '+5212221234567'],
  ['+5491123456789', '+541123456789'],
  ['+5511987654321', '+551187654321'],
])(
  '%s and %s are one person: STOP from one form holds for the other, also for whom we knew as the other',
  async (canonical, other) => {
    // As an older build stored it: the form that the webhook or the file had.
    const known = await addContact(other);
    expect(await receive(canonical, 'join')).toBe(200);
    expect((await messagesOf(other)).map(({ handled_by }) => handled_by)).toEqual(['keyword']);
    expect(await messagesOf(canonical)).toEqual([]);
    const twin = await addContact(canonical);
    expect(await receive(other, 'STOP')).toBe(200);
    expect(await isSuppressed(canonical)).toBe(true);
    expect(await isSuppressed(other)).toBe(true);
    expect(await positionsOf(other)).toEqual([]);
    const granted = await harness.inTx((tx) =>
      tx.selectFrom('consents').select('state').where('contact_id', 'in', [known, twin]).execute(),
    );
    expect(granted.some(({ state }) => state === 'granted')).toBe(false);
    expect(await receive(canonical, 'START')).toBe(200);
    expect(await isSuppressed(canonical)).toBe(false);
    expect(await isSuppressed(other)).toBe(false);
  },
);

test('whoever opted out in one form before both were known to be one stays opted out in both', async () => {
  const now = new Date();
  const stored = [
    ['+5213331234567', now],
    ['+543411234567', now],
    ['+5521981234567', now],
    ['+525551234567', null],
    ['+12025550188', now],
  ] as const;
  await harness.inTx((tx) =>
    tx
      .insertInto('numbers')
      .values(
        stored.map(([number, at]) => ({
          workspace_id: harness.workspaceId,
          number,
          suppressed_at: at,
          suppressed_reason: at === null ? null : 'keyword_stop',
        })),
      )
      .execute(),
  );
  const file = new URL('../../packages/engine/src/db/migrations/0010_one_number_suppressed_once.sql', import.meta.url);
  const owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
  await owner.query(readFileSync(file, 'utf8'));
  await owner.end();
  for (const number of ['+523331234567', '+5493411234567', '+552181234567'])
    expect(await isSuppressed(number)).toBe(true);
  expect(await isSuppressed('+525551234567')).toBe(false);
  expect(await isSuppressed('+5215551234567')).toBeNull();
});
