import { shown } from '@signalbox/engine/http/ids';
import { balanceLow } from '@signalbox/engine/notices/balance-low';
import { noticeKinds } from '@signalbox/engine/notices/catalogue.gen';
import { raiseNotices, resolveNotices } from '@signalbox/engine/notices/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const listSchema = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      title: z.string(),
      resolved_at: z.string().nullable(),
      read_at: z.string().nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
  unread: z.number(),
});
const list = async (query = '') => listSchema.parse((await api.call('GET', `/api/v1/notices${query}`)).body);

const incident = (subject: string, micro_units = '1500000') => ({
  subject,
  values: { account: 'Our shop', micro_units, currency: 'USD' },
});
const raise = (...incidents: ReturnType<typeof incident>[]) =>
  api.inTx((tx) =>
    raiseNotices(api.engine, { tx, workspaceId: api.workspaceId, now: new Date() }, balanceLow, incidents),
  );
const resolve = (subject: string) =>
  api.inTx((tx) => resolveNotices({ tx, workspaceId: api.workspaceId, now: new Date() }, balanceLow, [subject]));
const feed = () =>
  api.inTx((tx) => tx.selectFrom('feed').select('ids').where('topic', '=', 'notices').orderBy('id').execute());

test('an incident is raised once, however often it is noticed, and again only after its end', async () => {
  expect(await raise(incident('acc_1'))).toBe(1);
  expect(await raise(incident('acc_1'), incident('acc_2'))).toBe(1);
  expect(await raise(incident('acc_1', '9'), incident('acc_2'))).toBe(0);
  expect((await list()).data.map(({ subject, title }) => [subject, title])).toEqual([
    ['acc_2', '“Our shop” has $1.50 left'],
    ['acc_1', '“Our shop” has $1.50 left'],
  ]);
  await resolve('acc_1');
  await resolve('acc_1');
  expect(await raise(incident('acc_1'))).toBe(1);
  const open = await list('?state=open');
  const past = await list('?state=past');
  expect([open.data.map(({ subject }) => subject), past.data.map(({ subject }) => subject)]).toEqual([
    ['acc_1', 'acc_2'],
    ['acc_1'],
  ]);
  // Whoever watches is told of what changed, and of nothing else.
  expect((await feed()).map(({ ids }) => ids.length)).toEqual([1, 1, 1, 1]);
});

test('two who notice the same at once raise it once', async () => {
  const raised = await Promise.all([
    raise(incident('acc_3'), incident('acc_4')),
    raise(incident('acc_4'), incident('acc_3')),
    raise(incident('acc_3')),
  ]);
  expect(raised.reduce((sum, count) => sum + count, 0)).toBe(2);
});

test('the list goes on where a page ended, and says how many nobody has read', async () => {
  const all = await list();
  const first = await list('?limit=2');
  const second = await list(`?limit=200&cursor=${first.next_cursor}`);
  expect([...first.data, ...second.data]).toEqual(all.data);
  expect([all.unread, first.unread]).toEqual([all.data.length, all.data.length]);
});

test('a notice is read with all before it, and not with one that came meanwhile', async () => {
  const [newest] = (await list()).data;
  await raise(incident('acc_5'));
  const read = await api.call('POST', `/api/v1/notices/${newest?.id}/read`);
  expect(read.status).toBe(204);
  const now = await list();
  expect(now.unread).toBe(1);
  expect(now.data.filter(({ read_at }) => read_at === null).map(({ subject }) => subject)).toEqual(['acc_5']);
  expect((await api.call('POST', `/api/v1/notices/ntc_${'0'.repeat(26)}/read`)).status).toBe(404);
});

test('one of a kind that nobody knows any more, or with values of another build, is shown all the same', async () => {
  const row = { workspace_id: api.workspaceId, subject: '', severity: 'catastrophe', raised_at: new Date() };
  await api.inTx((tx) =>
    tx
      .insertInto('notices')
      .values([
        { ...row, id: api.engine.ids.uuid(), kind: 'moon_full', detail: '{"phase":1}' },
        { ...row, id: api.engine.ids.uuid(), kind: 'balance_low', detail: '{"left":1}' },
      ])
      .execute(),
  );
  const { data } = await list('?limit=2');
  expect(data).toMatchObject([
    { kind: 'balance_low', severity: 'warning', title: expect.stringContaining('balance_low'), remedy: null },
    { kind: 'moon_full', severity: 'warning', title: expect.stringContaining('moon_full'), remedy: null },
  ]);
});

test('every kind has a name of its own, and texts and a way of the editor for its values', () => {
  const kinds = noticeKinds.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  const values = {
    account: 'Our shop',
    code: '20003',
    micro_units: '2000000',
    currency: null,
    reason: 'timeout',
    sender: '+12025550100',
    on: '2026-12-31',
    percent: 80,
    of: 'the workspace',
    period: 'day',
    amount: '1000000',
  };
  const own: Readonly<Record<string, object>> = {
    spending_limit: { currency: 'USD' },
    webhook_disabled: { webhook: 'Our shop', reason: 'gone' },
    codes_low: { pool: 'Spring', left: 1 },
  };
  const subject = shown('account', api.accountId);
  for (const kind of noticeKinds) {
    const text = kind.show(subject, { ...values, ...own[kind.kind] });
    expect(text, kind.kind).toMatchObject({
      title: expect.not.stringMatching(/undefined|\.$/),
      action: expect.stringMatching(/\.$/),
      remedy: { path: expect.stringMatching(/^\/[a-z]/) },
    });
  }
  expect(balanceLow.show(subject, values)?.title).toBe('“Our shop” has 2 credits left');
});
