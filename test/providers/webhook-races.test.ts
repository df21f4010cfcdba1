import { createInboundCommit } from '@signalbox/engine/inbound/webhook-commits';
import { createWebhooks } from '@signalbox/engine/inbound/webhooks';
import { type HttpServer, listen } from '@signalbox/engine/main/http';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';
import { inbound, postSigned, sidOf, smsUrl } from './signed-webhooks.ts';

let harness: Harness;
let url: string;
let door: HttpServer;
let owner: pg.Client;

beforeAll(async () => {
  harness = await startHarness();
  url = smsUrl(harness);
  await harness.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
  const webhooks = createWebhooks(harness.engine);
  door = await listen(() => new Response(null, { status: 503 }), { host: '127.0.0.1', port: 0 }, { first: webhooks });
  owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await door.close();
  await harness.close();
});

async function session(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: harness.ownerUrl });
  await client.connect();
  return client;
}

const count = async (text: string, values: readonly unknown[] = []): Promise<number> => {
  const result = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${text}`, [...values]);
  return result.rows[0]?.n ?? -1;
};

/** Nothing is queued, settling, or carried by a run any more: what was sent is all that will be. */
const atRest = () =>
  until(
    'everything to come to rest',
    async () =>
      (await count(`(
        SELECT 1 FROM message_queue UNION ALL SELECT 1 FROM settlements
        UNION ALL SELECT 1 FROM runs WHERE state < 3 UNION ALL SELECT 1 FROM enrollments WHERE state < 3) open`)) === 0,
  );

test('the same MessageSid twenty times at once through two processes’ doors is one message, one run and one answer', async () => {
  const params = inbound(phone(3), 'join', sidOf(3));
  const other = url.replace(new URL(url).host, `127.0.0.1:${door.port}`);
  const statuses = await Promise.all(
    Array.from({ length: 20 }, (_, index) => postSigned(index % 2 === 0 ? url : other, params, url)),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  await until('the answer', () => harness.carrier.ledger.messages.some((message) => message.to === phone(3)));
  await atRest();
  expect(await count("messages WHERE direction = 'in' AND provider_id = $1", [sidOf(3)])).toBe(1);
  expect(await count("messages WHERE direction = 'out' AND number = $1", [phone(3)])).toBe(1);
  expect(harness.carrier.ledger.messages.filter((message) => message.to === phone(3))).toHaveLength(1);
  const contact = 'contact_id = (SELECT id FROM contacts WHERE phone = $1)';
  expect(await count(`enrollments WHERE ${contact}`, [phone(3)])).toBe(1);
  expect(await count('runs WHERE step = 1')).toBe(1);
  expect(await count('contacts WHERE phone = $1', [phone(3)])).toBe(1);
  // One more of the same, once all is done, is known as well.
  expect(await postSigned(other, params, url)).toBe(200);
  await atRest();
  expect(await count('messages WHERE number = $1', [phone(3)])).toBe(2);
});

test('a deadlock in one text of a group loses none of them, STOP included', async () => {
  const [gate, brake, rival] = await Promise.all([session(), session(), session()]);
  const [blocked, first, second, contested, last] = [phone(20), phone(21), phone(22), phone(23), phone(24)];
  const people = [blocked, first, second, contested, last];
  for (const [index, person] of people.entries())
    expect(await postSigned(url, inbound(person, 'hello', sidOf(100 + index)))).toBe(200);
  await atRest();
  const lock = (client: pg.Client, person: string) =>
    client.query('SELECT 1 FROM contacts WHERE phone = $1 FOR UPDATE', [person]);
  const waiters = () =>
    count('pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0');
  const commit = createInboundCommit(harness.engine);
  const add = (from: string, body: string, index: number) =>
    commit.add(harness.workspaceId, {
      accountId: harness.accountId,
      providerId: sidOf(index),
      from,
      to: businessNumber,
      body,
      media: [],
      carrierWord: null,
      part: null,
      trusted: true,
    });
  try {
    for (const client of [gate, brake, rival]) await client.query("BEGIN; SET LOCAL deadlock_timeout = '1h'");
    // While one commit waits for its person, the texts after it gather into one group.
    await lock(gate, blocked);
    await lock(brake, second);
    await lock(rival, contested);
    const alone = add(blocked, 'and then', 110);
    await until('the first commit to wait', async () => (await waiters()) === 1);
    const group = Promise.all([
      add(first, 'join', 111),
      add(second, 'STOP', 112),
      add(contested, 'join', 113),
      add(last, 'stop', 114),
    ]);
    expect(commit.size()).toBe(5);
    await gate.query('COMMIT');
    await alone;
    // The group has the first person and waits at the brake; the rival has the contested one and asks for the first.
    await until('the group to wait', async () => (await waiters()) === 1);
    const asked = lock(rival, first);
    await until('the rival to wait', async () => (await waiters()) === 2);
    await brake.query('COMMIT');
    // Only the group looks for deadlocks: it is the one that is ended.
    await asked;
    await rival.query('COMMIT');
    expect((await group).map((outcome) => [outcome.duplicate, outcome.handledBy])).toEqual([
      [false, 'keyword'],
      [false, 'compliance'],
      [false, 'keyword'],
      [false, 'compliance'],
    ]);
  } finally {
    await Promise.all([gate, brake, rival].map((client) => client.end()));
  }
  await until(
    'the deadlock in the statistics',
    async () => (await count('pg_stat_database WHERE datname = current_database() AND deadlocks >= 1')) === 1,
  );
  await until('both answers', () =>
    [first, contested].every((person) => harness.carrier.ledger.messages.some((message) => message.to === person)),
  );
  await atRest();
  const sids = [110, 111, 112, 113, 114].map(sidOf);
  expect(await count('messages WHERE provider_id = ANY($1)', [sids])).toBe(5);
  expect(await count('messages WHERE provider_id = ANY($1) AND handled_by IS NOT NULL', [sids])).toBe(5);
  expect(await count('numbers WHERE number = ANY($1) AND suppressed_at IS NOT NULL', [[second, last]])).toBe(2);
  for (const person of people) {
    const sent = harness.carrier.ledger.messages.filter((message) => message.to === person);
    expect([person, sent.length]).toEqual([person, person === blocked ? 0 : 1]);
  }
});
