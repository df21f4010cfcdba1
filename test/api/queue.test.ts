import { readId } from '@signalbox/engine/runtime/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { businessNumber } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: false });
});
afterAll(() => api.close());

const idSchema = z.looseObject({ id: z.string() });
let people = 0;
async function send(count = 1, fields: object = {}): Promise<string[]> {
  const messages = Array.from({ length: count }, () => ({ to: `+1202557${String(1_000 + ++people)}`, text: 'Hello' }));
  const answer = await api.call('POST', '/api/v1/messages', {
    body: { messages, purpose: 'transactional', ...fields },
  });
  return z
    .object({ data: z.array(idSchema) })
    .parse(answer.body)
    .data.map(({ id }) => id);
}
const get = async (path: string) => (await api.call('GET', `/api/v1${path}`)).body;
const post = (path: string, body: object) => api.call('POST', `/api/v1${path}`, { body });
const codesOf = async (id: string) =>
  z
    .object({ waits: z.array(z.looseObject({ code: z.string() })) })
    .parse(await get(`/queue/messages/${id}`))
    .waits.map(({ code }) => code);

test('the queue is shown by lane, account and minute, and says how long each takes', async () => {
  await send(3);
  await send(2, { lane: 'bulk' });
  expect(await get('/queue')).toMatchObject({
    depth: 5,
    came_per_minute: 1,
    went_per_minute: 0,
    seconds_to_drain: null,
    dispatching: 0,
    lanes: [
      { lane: 'transactional', depth: 3 },
      { lane: 'bulk', depth: 2 },
    ],
    accounts: [{ name: 'Test account', depth: 5 }],
    flows: [],
  });
  const { minutes } = z
    .object({ minutes: z.array(z.object({ came: z.number(), depth: z.number() })) })
    .parse(await get('/queue'));
  expect(minutes).toHaveLength(60);
  expect(minutes.at(-1)?.depth).toBe(5);
  expect(minutes.reduce((sum, { came }) => sum + came, 0)).toBe(5);
});

test('a hold is put, shown, explained at the messages that it holds, and let go', async () => {
  const [message = ''] = await send(1, { lane: 'otp' });
  expect(await codesOf(message)).toEqual(['in_line']);
  const held = await post('/queue/holds', { mode: 'pause', sender: businessNumber, lane: 'otp' });
  expect([held.status, held.body]).toMatchObject([
    201,
    { mode: 'pause', sender: businessNumber, lane: 'otp', flow_id: null, drained: false, cancel: null },
  ]);
  const { id } = idSchema.parse(held.body);
  expect(await get('/queue/holds')).toMatchObject({ data: [{ id }] });
  expect(await codesOf(message)).toEqual(['held', 'in_line']);
  expect((await api.call('DELETE', `/api/v1/queue/holds/${id}`)).status).toBe(204);
  expect((await api.call('DELETE', `/api/v1/queue/holds/${id}`)).status).toBe(404);
  expect(await codesOf(message)).toEqual(['in_line']);
});

test('why a message waits: put off, behind another one, slow', async () => {
  const to = '+12025579999';
  const [later = ''] = await send(1, { send_at: new Date(Date.now() + 3_600_000).toISOString() });
  expect(await codesOf(later)).toEqual(['put_off', 'in_line']);
  const both = z.object({ data: z.array(idSchema) }).parse(
    (
      await post('/messages', {
        messages: [
          { to, text: 'One' },
          { to, text: 'Two' },
        ],
        purpose: 'transactional',
      })
    ).body,
  ).data;
  await post('/queue/rates', { sender: businessNumber, per_second: 1 });
  expect(await get(`/queue/messages/${both[1]?.id}`)).toMatchObject({
    queued: true,
    waits: [{ code: 'behind', message_id: both[0]?.id }, { code: 'rate', per_second: 1 }, { code: 'in_line' }],
  });
  await post('/queue/rates', { sender: businessNumber, per_second: null });
});

test('a cancel is counted before, held while it can be undone, and undone', async () => {
  await send(4, { lane: 'campaign' });
  expect(await get('/queue/cancels/count?lane=campaign')).toEqual({ matched: 4 });
  const begun = await post('/queue/cancels', { lane: 'campaign' });
  expect([begun.status, begun.body]).toMatchObject([202, { mode: 'cancel', cancel: { matched: 4, canceled: 0 } }]);
  const { id } = idSchema.parse(begun.body);
  expect((await api.call('DELETE', `/api/v1/queue/holds/${id}`)).status).toBe(204);
  expect(await get('/queue/cancels/count?lane=campaign')).toEqual({ matched: 4 });

  const again = idSchema.parse((await post('/queue/cancels', { lane: 'campaign' })).body).id;
  await api.inTx((tx) =>
    tx
      .updateTable('queue_holds')
      .set({ starts_at: new Date(Date.now() - 1_000) })
      .where('mode', '=', 'cancel')
      .execute(),
  );
  await api.engine.maintenance.turn('queue-holds');
  const late = await api.call('DELETE', `/api/v1/queue/holds/${again}`);
  expect([late.status, late.body]).toMatchObject([409, { code: 'cancel_begun' }]);
  expect(await get('/queue/holds')).toMatchObject({ data: [{ id: again, cancel: { canceled: 4 } }] });
});

test('messages that wait for another try are counted, tried at once, and not where it is undone in time', async () => {
  const since = new Date();
  const soon = new Date(since.getTime() + 3_600_000);
  const remove = (path: string) => api.call('DELETE', `/api/v1${path}`);
  await send(2, { lane: 'bulk' });
  await api.inTx((tx) =>
    tx.updateTable('message_queue').set({ attempts: 1, not_before: soon }).where('lane', '=', 6).execute(),
  );
  const { matched } = z.object({ matched: z.number() }).parse(await get('/queue/retries/count?lane=bulk'));
  expect(matched).toBeGreaterThanOrEqual(2);
  const begun = await post('/queue/retries', { lane: 'bulk' });
  expect([begun.status, begun.body]).toMatchObject([202, { lane: 'bulk', matched, retried: 0, finished_at: null }]);
  const { id } = idSchema.parse(begun.body);
  expect(await get('/queue/retries')).toMatchObject({ data: [{ id }] });
  expect((await remove(`/queue/retries/${id}`)).status).toBe(204);
  expect(await get('/queue/retries')).toMatchObject({ data: [] });
  expect((await remove(`/queue/retries/${id}`)).status).toBe(404);
  const late = idSchema.parse((await post('/queue/retries', { lane: 'bulk' })).body).id;
  await api.inTx((tx) => tx.updateTable('queue_retries').set({ starts_at: since }).execute());
  const refused = await remove(`/queue/retries/${late}`);
  expect([refused.status, refused.body]).toMatchObject([409, { code: 'retry_begun' }]);
  const nothing = await post('/queue/retries', { code: '20429' });
  expect([nothing.status, nothing.body]).toMatchObject([422, { errors: [{ code: 'subject_missing' }] }]);
});

test('a cancel takes what waits for one reason, or was refused with one code, and says before which there are', async () => {
  const later = { lane: 'bulk', send_at: new Date(Date.now() + 3_600_000).toISOString() };
  const put = await send(2, later);
  const [tried = '', other = ''] = await send(2, { lane: 'bulk' });
  const { accountId, workspaceId } = api;
  const [first = '', second = ''] = [tried, other].map((id) => readId('msg', id) ?? '');
  await api.inTx(async (tx) => {
    for (const [message_id, error_code] of [
      [first, '20429'],
      [second, '30001'],
    ] as const)
      await tx
        .insertInto('message_attempts')
        .values({
          workspace_id: workspaceId,
          id: api.engine.ids.uuid(),
          message_id,
          account_id: accountId,
          state: 'refused',
          error_code,
          epoch: 0,
          started_at: new Date(),
        })
        .execute();
    await tx.updateTable('message_queue').set({ attempts: 1 }).where('message_id', 'in', [first, second]).execute();
  });
  expect(await get('/queue/codes?lane=bulk')).toMatchObject({
    data: [
      { code: 'scheduled', count: put.length, text: expect.stringMatching(/./) },
      { code: '20429', count: 1, text: null },
      { code: '30001', count: 1, text: null },
    ],
  });
  expect(await get('/queue/cancels/count?lane=bulk&code=scheduled')).toEqual({ matched: 2 });
  expect(await get('/queue/cancels/count?lane=bulk&code=20429')).toEqual({ matched: 1 });
  expect(await get('/queue/cancels/count?lane=bulk&code=none')).toEqual({ matched: 0 });
  expect((await api.call('GET', '/api/v1/queue/codes?code=%00')).status).toBe(422);
  const begun = await post('/queue/cancels', { lane: 'bulk', code: '20429' });
  expect(begun.body).toMatchObject({ cancel: { matched: 1, code: '20429' } });
  await api.inTx((tx) =>
    tx
      .updateTable('queue_holds')
      .set({ starts_at: new Date(Date.now() - 1_000) })
      .where('mode', '=', 'cancel')
      .execute(),
  );
  await api.engine.maintenance.turn('queue-holds');
  const state = async (id: string) => z.looseObject({ state: z.string() }).parse(await get(`/messages/${id}`)).state;
  expect([await state(tried), await state(other), await state(put[0] ?? '')]).toEqual(['canceled', 'queued', 'queued']);
  await api.inTx((tx) => tx.deleteFrom('message_attempts').where('message_id', 'in', [first, second]).execute());
});

test('the rates of accounts and senders are listed as they are set', async () => {
  const rates = () => get('/queue/rates');
  expect(await rates()).toMatchObject({
    data: [{ name: 'Test account', per_second: null, senders: [{ sender: businessNumber, per_second: null }] }],
  });
  await post('/queue/rates', { sender: businessNumber, per_second: 3 });
  expect(await rates()).toMatchObject({ data: [{ per_second: null, senders: [{ per_second: 3 }] }] });
  await post('/queue/rates', { sender: businessNumber, per_second: null });
});

test.each([
  ['nothing', {}],
  ['a sender of nobody', { sender: '+12025550999' }],
])('a hold of %s is refused', async (_, subject) => {
  expect((await post('/queue/holds', { mode: 'pause', ...subject })).status).toBe(422);
});

test('an unknown outcome is decided by a person: arrived, sent again or given up', async () => {
  const uuidOf = (id: string) => readId('msg', id) ?? '';
  const stateOf = async (id: string) => get(`/messages/${id}`);
  const [arrived = '', again = '', gone = '', closed = ''] = await send(4);
  await api.inTx(async (tx) => {
    const ids = [arrived, again, gone].map(uuidOf);
    await tx
      .updateTable('message_queue')
      .set({ state: 3, lease_until: new Date() })
      .where('message_id', 'in', ids)
      .execute();
    await tx.deleteFrom('message_queue').where('message_id', '=', uuidOf(closed)).execute();
    await tx.updateTable('messages').set({ state: 'unknown' }).where('id', '=', uuidOf(closed)).execute();
  });
  const decide = async (id: string, decision: string) =>
    (await post(`/queue/messages/${id}/decide`, { decision })).status;
  expect(await decide(arrived, 'arrived')).toBe(204);
  expect(await stateOf(arrived)).toMatchObject({ state: 'accepted', queue: null });
  expect(await decide(arrived, 'arrived'), 'known by now').toBe(409);
  expect(await decide(again, 'send_again')).toBe(204);
  expect(await stateOf(again)).toMatchObject({ state: 'queued', possible_duplicate: true });
  expect(await decide(gone, 'give_up')).toBe(204);
  expect(await stateOf(gone)).toMatchObject({ state: 'failed', reason: { code: 'given_up' }, queue: null });
  expect(await decide(closed, 'send_again')).toBe(204);
  expect(await stateOf(closed)).toMatchObject({
    state: 'queued',
    possible_duplicate: true,
    queue: { lane: 'transactional' },
  });
});

test('failed requests of the day stand together by account and code', async () => {
  const [one = '', two = ''] = await send(2);
  await api.inTx((tx) =>
    tx
      .insertInto('message_attempts')
      .values(
        [one, two].map((id) => ({
          workspace_id: api.workspaceId,
          id: api.engine.ids.uuid(),
          message_id: readId('msg', id) ?? '',
          account_id: api.accountId,
          state: 'refused' as const,
          error_class: 'throttled',
          error_code: '20429',
          epoch: 1,
          started_at: new Date(),
        })),
      )
      .execute(),
  );
  expect(await get('/queue/errors')).toMatchObject({
    data: [{ account_name: 'Test account', error_class: 'throttled', error_code: '20429', count: 2, message_id: two }],
  });
});

test('a flow’s weight is set, and its messages stand under its name', async () => {
  const flows = await api.call('POST', '/api/v1/flows', { body: { name: 'Weighty' } });
  const { id } = idSchema.parse(flows.body);
  expect((await post('/queue/weights', { flow_id: id, weight: 5 })).status).toBe(200);
  const weight = await api.inTx((tx) =>
    tx.selectFrom('flows').select('queue_weight').where('name', '=', 'Weighty').executeTakeFirst(),
  );
  expect(weight).toEqual({ queue_weight: 5 });
});

test('a sender or an event that no column could hold is refused, not looked for', async () => {
  const webhook = `whk_${'0'.repeat(26)}`;
  for (const path of ['/queue/cancels/count?sender=%00', `/webhooks/${webhook}/deliveries?type=%00`])
    expect([path, (await api.call('GET', `/api/v1${path}`)).status]).toEqual([path, 422]);
});
