import { eventTypes } from '@signalbox/engine/integrations/event-types';
import { retryDelaysMs } from '@signalbox/engine/integrations/retry-schedule';
import { systemClock } from '@signalbox/engine/runtime/clock';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { until } from '../support/harness.ts';
import { isSigned, type Received, type Receiver, startReceiver } from './receiver.ts';

const webhookSchema = z.looseObject({
  id: z.string(),
  revision: z.number(),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable(),
  failing_since: z.string().nullable(),
});
const deliverySchema = z.looseObject({
  id: z.string(),
  event_id: z.string(),
  type: z.string(),
  state: z.string(),
  requests: z.number(),
  status: z.number().nullable(),
  error: z.string().nullable(),
  next_at: z.string().nullable(),
});
const secretSchema = z.object({
  secret: z.string(),
  previous: z.object({ secret: z.string(), until: z.string() }).nullable(),
});

let api: ApiHarness;
let receiver: Receiver;
/** They outlast the weeks that the clock is put forward. */
const tokens = { full: '', read: '' };
/** How far the clock of rules has been put forward. */
let ahead = 0;
let paths = 0;
let path = '';

beforeAll(async () => {
  const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
  api = await startApiHarness({ work: false, clock });
  const years = 10 * 365 * 86_400_000;
  tokens.full = await api.token('full', 'bearer', years);
  tokens.read = await api.token('read', 'bearer', years);
  receiver = await startReceiver();
});
beforeEach(() => {
  paths += 1;
  path = `/${paths}`;
});
afterEach(async () => {
  receiver.answerAll();
  await turn();
  // Each of these stands alone.
  const all = z.object({ data: z.array(webhookSchema) }).parse((await call('GET', '/webhooks')).body).data;
  for (const { id } of all) await call('DELETE', `/webhooks/${id}`, undefined, { 'if-match': '*' });
});
afterAll(async () => {
  receiver.close();
  await api.close();
});

const call = (method: string, at: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.call(method, `/api/v1${at}`, { ...(body === undefined ? {} : { body }), headers, token: tokens.full });
/** A turn of the sweep; resolves once nothing is on its way. */
const turn = () => api.engine.maintenance.turn('outgoing-webhooks', { all: true });

async function add(types: readonly string[] = ['contact.created']) {
  const made = await call('POST', '/webhooks', { url: receiver.url(path), types });
  expect([made.status, made.body]).toMatchObject([201, {}]);
  return webhookSchema.parse(made.body).id;
}
const read = async (id: string) => webhookSchema.parse((await call('GET', `/webhooks/${id}`)).body);
const secretOf = async (id: string) => secretSchema.parse((await call('GET', `/webhooks/${id}/secret`)).body);
const deliveriesOf = async (id: string, query = '') =>
  z.object({ data: z.array(deliverySchema) }).parse((await call('GET', `/webhooks/${id}/deliveries${query}`)).body)
    .data;
let people = 0;
const addPerson = async () => {
  const phone = `+1202555${2_000 + ++people}`;
  const made = await call('POST', '/contacts', { phone });
  return { phone, id: z.looseObject({ id: z.string() }).parse(made.body).id };
};
/** Puts the clock forward to when a delivery is tried next. */
async function comeDue(id: string): Promise<number> {
  const [next] = (await deliveriesOf(id)).flatMap(({ next_at }) => (next_at === null ? [] : [Date.parse(next_at)]));
  const waited = (next ?? 0) - Date.now() - ahead;
  ahead += Math.max(0, waited) + 1;
  return waited;
}

describe('an event', () => {
  test('is told whoever listens to its type, signed by Standard Webhooks, and nobody else', async () => {
    const id = await add();
    const other = await add(['flow.paused']);
    const { id: contact } = await addPerson();
    await turn();
    const [got, ...more] = receiver.at(path);
    expect(more).toEqual([]);
    const { secret, previous } = await secretOf(id);
    expect(previous).toBeNull();
    expect(got !== undefined && isSigned(got, secret)).toBe(true);
    expect(got !== undefined && isSigned({ ...got, body: `${got.body} ` }, secret)).toBe(false);
    expect(got !== undefined && isSigned(got, (await secretOf(other)).secret)).toBe(false);
    expect(Math.abs(Number(got?.timestamp) * 1_000 - Date.now() - ahead)).toBeLessThan(60_000);
    expect(got?.event).toMatchObject({
      id: got?.id,
      type: 'contact.created',
      data: { contact_id: contact, revision: 1 },
    });
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', requests: 1, status: 204, event_id: got?.id }]);
    expect(await deliveriesOf(other)).toEqual([]);
  });

  test('costs a workspace nothing in which nobody listens: nothing is written, and a transaction asks once', async () => {
    await addPerson();
    const id = await add();
    await call('PATCH', `/webhooks/${id}`, { enabled: false }, { 'if-match': '*' });
    await addPerson();
    const { outbox, flag } = await api.inTx(async (tx) => {
      await sql`UPDATE contacts SET revision = revision + 1`.execute(tx);
      const rows = await sql<{ n: string }>`SELECT count(*) AS n FROM webhook_outbox`.execute(tx);
      const set = await sql<{ flag: string }>`SELECT current_setting('app.webhooks', true) AS flag`.execute(tx);
      return { outbox: rows.rows[0]?.n, flag: set.rows[0]?.flag };
    });
    expect([outbox, flag]).toEqual(['0', 'none']);
    await call('PATCH', `/webhooks/${id}`, { enabled: true }, { 'if-match': '*' });
    await turn();
    expect(receiver.at(path)).toEqual([]);
  });

  test('of what was rolled back is never told', async () => {
    await add(['contact.updated']);
    await addPerson();
    const rolledBack = api.inTx(async (tx) => {
      await sql`UPDATE contacts SET revision = revision + 1`.execute(tx);
      throw new Error('Not this time.');
    });
    await expect(rolledBack).rejects.toThrow('Not this time.');
    await turn();
    expect(receiver.at(path)).toEqual([]);
  });

  test('of an erased person is not sent any more', async () => {
    const id = await add();
    await addPerson();
    receiver.answer(path, { status: 500 });
    await turn();
    await api.inTx((tx) => sql`UPDATE webhook_events SET body = NULL`.execute(tx));
    await comeDue(id);
    await turn();
    expect(receiver.at(path)).toHaveLength(1);
    const [delivery] = await deliveriesOf(id);
    expect(delivery).toMatchObject({ state: 'failed', error: 'erased' });
    const again = await call('POST', `/webhooks/${id}/deliveries/${delivery?.id}/replay`);
    expect([again.status, again.body]).toMatchObject([409, { code: 'event_erased' }]);
    // Nothing is wrong with the endpoint for that.
    expect(await read(id)).toMatchObject({ enabled: true });
  });
});

describe('an event that is not taken', () => {
  test('is sent again by the schedule under the same id, over three days, and then given up; a replay begins anew', async () => {
    const id = await add();
    receiver.answer(path, { status: 500, text: 'Call +12025550143\u0000 about it' });
    await addPerson();
    await turn();
    for (const delay of retryDelaysMs) {
      expect(Math.abs((await comeDue(id)) - delay)).toBeLessThan(30_000);
      await turn();
    }
    const got = receiver.at(path);
    expect(got).toHaveLength(retryDelaysMs.length + 1);
    expect(new Set(got.map((each) => each.id)).size).toBe(1);
    expect(new Set(got.map((each) => each.body)).size).toBe(1);
    const [delivery] = await deliveriesOf(id, '?state=failed&type=contact.created');
    expect(delivery).toMatchObject({ state: 'failed', requests: 10, status: 500, error: 'refused', next_at: null });
    const detail = await call('GET', `/webhooks/${id}/deliveries/${delivery?.id}`);
    expect(detail.body).toMatchObject({ body: got[0]?.body });
    const { attempts } = z.object({ attempts: z.array(z.looseObject({})) }).parse(detail.body);
    expect(attempts).toHaveLength(10);
    expect(attempts[0]).toMatchObject({ status: 500, response: 'Call +1•••••0143 about it' });
    // Nothing was taken for as long as that: it is disabled, and enabled by hand.
    expect(await read(id)).toMatchObject({ enabled: false, disabled_reason: 'failing' });
    const refused = await call('POST', `/webhooks/${id}/deliveries/${delivery?.id}/replay`);
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'webhook_disabled' }]);
    await call('PATCH', `/webhooks/${id}`, { enabled: true }, { 'if-match': '*' });
    receiver.answer(path, { status: 200 });
    const replayed = await call('POST', `/webhooks/${id}/deliveries/${delivery?.id}/replay`);
    expect([replayed.status, replayed.body]).toMatchObject([200, { state: 'waiting' }]);
    await turn();
    expect(receiver.at(path).at(-1)?.id).toBe(got[0]?.id);
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', requests: 11 }]);
  });

  test('does not disable an endpoint that takes others meanwhile', async () => {
    const id = await add();
    await addPerson();
    receiver.answer(path, { status: 500 });
    await turn();
    receiver.answer(path, { status: 204 });
    await addPerson();
    await turn();
    expect(await read(id)).toMatchObject({ failing_since: null });
    receiver.answer(path, { status: 500 });
    for (const _ of retryDelaysMs) {
      await comeDue(id);
      await turn();
    }
    expect((await deliveriesOf(id)).map(({ state }) => state).sort()).toEqual(['delivered', 'failed']);
    expect(await read(id)).toMatchObject({ enabled: true });
  });

  test('waits for as long as the receiver asks', async () => {
    const id = await add();
    receiver.answer(path, { status: 503, headers: { 'retry-after': '1800' } });
    await addPerson();
    await turn();
    expect(Math.abs((await comeDue(id)) - 1_800_000)).toBeLessThan(30_000);
  });

  test('follows no redirect', async () => {
    const id = await add();
    receiver.answer(path, { status: 302, headers: { location: receiver.url('/elsewhere') } });
    await addPerson();
    await turn();
    expect(receiver.at('/elsewhere')).toEqual([]);
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'waiting', status: 302, error: 'refused' }]);
  });

  test('disables an endpoint at once that answers that it is gone, and gives up what was on its way', async () => {
    const id = await add();
    receiver.answer(path, { status: 500 });
    await addPerson();
    await turn();
    receiver.answer(path, { status: 410 });
    await addPerson();
    await turn();
    expect(await read(id)).toMatchObject({ enabled: false, disabled_reason: 'gone' });
    const notices = async () => (await call('GET', '/notices?state=open')).body;
    expect(await notices()).toMatchObject({
      data: [{ kind: 'webhook_disabled', subject: id, remedy: { path: `/settings/webhooks/${id}` } }],
    });
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['failed', 'failed']);
    await addPerson();
    await turn();
    expect(receiver.at(path)).toHaveLength(2);
    await call('PATCH', `/webhooks/${id}`, { enabled: true }, { 'if-match': '*' });
    expect(await notices()).toMatchObject({ data: [] });
  });

  test('is sent again with everything that was given up since a moment', async () => {
    const id = await add();
    await addPerson();
    receiver.answer(path, { status: 410 });
    await turn();
    ahead += 60_000;
    const since = new Date(Date.now() + ahead);
    await call('PATCH', `/webhooks/${id}`, { enabled: true }, { 'if-match': '*' });
    ahead += 60_000;
    await addPerson();
    await addPerson();
    await turn();
    expect(await read(id)).toMatchObject({ enabled: false });
    await call('PATCH', `/webhooks/${id}`, { enabled: true }, { 'if-match': '*' });
    receiver.answer(path, { status: 204 });
    const done = await call('POST', `/webhooks/${id}/replay-failed`, { since: since.toISOString() });
    expect([done.status, done.body]).toEqual([200, { replayed: 2 }]);
    await turn();
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'failed']);
  });
});

test('an endpoint that does not answer keeps no other waiting', async () => {
  const slow = await add();
  receiver.answer(path, 'never');
  const slowPath = path;
  path = `${path}-quick`;
  const quick = await add();
  await addPerson();
  await api.engine.maintenance.turn('outgoing-webhooks');
  await until('the quick one to be told', () => receiver.at(path).length === 1);
  await addPerson();
  await api.engine.maintenance.turn('outgoing-webhooks');
  await until('the quick one to be told again', async () =>
    (await deliveriesOf(quick)).every(({ state }) => state === 'delivered'),
  );
  expect(receiver.at(path)).toHaveLength(2);
  expect(receiver.at(slowPath)).toHaveLength(1);
  expect((await deliveriesOf(slow)).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
});

test('a burst comes whole, each event once', async () => {
  const id = await add();
  await api.addContacts(1_200, 10_000);
  await turn();
  const told = receiver.at(path);
  expect(new Set(told.map(({ event }) => String(event.data['contact_id']))).size).toBe(1_200);
  expect(told).toHaveLength(1_200);
  const rows = await api.inTx((tx) =>
    sql<{ n: string }>`SELECT count(*) AS n FROM webhook_deliveries WHERE state = 'delivered'`.execute(tx),
  );
  expect(rows.rows[0]?.n).toBe('1200');
  expect(await read(id)).toMatchObject({ failing_since: null });
});

test('a secret is changed with both signing for a while, and none of them stands in the database or in an answer but its own', async () => {
  const id = await add();
  const before = await secretOf(id);
  const revision = (await read(id)).revision;
  expect((await call('POST', `/webhooks/${id}/rotate-secret`, {})).status).toBe(428);
  const headers = { 'if-match': `"${revision}"`, 'idempotency-key': 'rotate-once' };
  const rotated = await call('POST', `/webhooks/${id}/rotate-secret`, { overlap_hours: 2 }, headers);
  const repeated = await call('POST', `/webhooks/${id}/rotate-secret`, { overlap_hours: 2 }, headers);
  expect([rotated.status, repeated.status, repeated.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
  const after = await secretOf(id);
  expect(after.previous?.secret).toBe(before.secret);
  expect(after.secret).not.toBe(before.secret);
  const told = async (): Promise<Received> => {
    await addPerson();
    await turn();
    const got = receiver.at(path).at(-1);
    if (got === undefined) throw new Error('Nothing came.');
    return got;
  };
  const during = await told();
  expect([isSigned(during, before.secret), isSigned(during, after.secret)]).toEqual([true, true]);
  ahead += 2 * 3_600_000;
  const later = await told();
  expect([isSigned(later, before.secret), isSigned(later, after.secret)]).toEqual([false, true]);
  expect(await secretOf(id)).toEqual({ secret: after.secret, previous: null });
  const stored = await api.inTx((tx) =>
    sql<{ text: string }>`
      SELECT (SELECT coalesce(string_agg(w::text, ''), '') FROM webhook_endpoints w) || (SELECT coalesce(string_agg(i::text, ''), '') FROM idempotency_keys i)
        || (SELECT coalesce(string_agg(a::text, ''), '') FROM audit_trail a) AS text`.execute(tx),
  );
  const text = stored.rows[0]?.text ?? '';
  expect(text).toContain(id);
  expect(text).not.toContain('whsec_');
  expect(text).not.toContain(after.secret.slice(6));
  const asked = await api.call('GET', `/api/v1/webhooks/${id}/secret`, { token: tokens.read });
  expect([asked.status, asked.body]).toMatchObject([403, { code: 'read_only' }]);
});

test('a test event comes to an endpoint that listens to something else, and is no event of others', async () => {
  const id = await add(['flow.paused']);
  await add(['contact.created']);
  const made = await call('POST', `/webhooks/${id}/test`);
  expect([made.status, made.body]).toMatchObject([201, { type: 'webhook.tested', state: 'waiting' }]);
  await turn();
  expect(receiver.at(path).map(({ event }) => [event.type, event.data])).toEqual([
    ['webhook.tested', { webhook_id: id }],
  ]);
});

describe('an endpoint', () => {
  test.each([
    ['ftp://example.com/', 'webhook_url_refused'],
    ['https://user:password@example.com/', 'webhook_url_refused'],
    ['https://example.com/#part', 'webhook_url_refused'],
  ])('is not at %s', async (url, code) => {
    const made = await call('POST', '/webhooks', { url, types: ['contact.created'] });
    expect([made.status, made.body]).toMatchObject([422, { errors: [{ path: ['url'], code }] }]);
  });

  test('hears of events that there are, each once', async () => {
    const unknown = await call('POST', '/webhooks', {
      url: receiver.url(path),
      types: ['contact.created', 'contact.sneezed'],
    });
    expect([unknown.status, unknown.body]).toMatchObject([
      422,
      { errors: [{ path: ['types', 1], code: 'event_type_unknown' }] },
    ]);
    const made = await call('POST', '/webhooks', {
      url: receiver.url(path),
      types: ['flow.paused', 'contact.created', 'flow.paused'],
    });
    expect(made.body).toMatchObject({ types: ['contact.created', 'flow.paused'] });
    const listed = await call('GET', '/event-types');
    expect(z.object({ data: z.array(z.looseObject({ type: z.string() })) }).parse(listed.body).data).toHaveLength(
      eventTypes.length,
    );
  });

  test('is one of twenty at most', async () => {
    for (let made = 0; made < 20; made += 1) await add();
    const more = await call('POST', '/webhooks', { url: receiver.url(path), types: ['contact.created'] });
    expect([more.status, more.body]).toMatchObject([409, { code: 'webhook_limit' }]);
  });

  test('is changed by whoever has seen it as it is', async () => {
    const id = await add();
    expect((await call('PATCH', `/webhooks/${id}`, { description: 'CRM' }, { 'if-match': '"7"' })).status).toBe(412);
    const changed = await call('PATCH', `/webhooks/${id}`, { description: 'CRM' }, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(428);
  });
});

test('what was sent is kept for 30 days', async () => {
  const id = await add();
  await addPerson();
  await turn();
  await api.engine.maintenance.turn('expired');
  expect(await deliveriesOf(id)).toHaveLength(1);
  ahead += 30 * 86_400_000 + 1_000;
  await api.engine.maintenance.turn('expired');
  expect(await deliveriesOf(id)).toEqual([]);
});
