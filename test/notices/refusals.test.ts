import { shown } from '@signalbox/engine/http/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { until } from '../support/harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());

const listSchema = z.object({
  data: z.array(z.looseObject({ kind: z.string(), subject: z.string(), title: z.string(), action: z.string() })),
});
const notices = async (state: 'open' | 'past') =>
  listSchema.parse((await api.call('GET', `/api/v1/notices?state=${state}`)).body).data;

let sent = 0;
const send = async () => {
  const body = { messages: [{ to: `+1202555${1_700 + ++sent}`, text: 'Hello' }], purpose: 'transactional' };
  const answer = await api.call('POST', '/api/v1/messages', { body });
  const { data } = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(answer.body);
  const id = data[0]?.id ?? '';
  const state = await until('the message to be decided', async () => {
    const read = z.object({ state: z.string() }).parse((await api.call('GET', `/api/v1/messages/${id}`)).body);
    return ['queued', 'dispatching'].includes(read.state) ? null : read.state;
  });
  return state;
};
const refuse = () => api.carrier.addFault({ kind: 'refuse', reason: 'auth', count: 1 });

test('an account whose credentials its provider refuses is noticed once, until it takes a message', async () => {
  expect(await send()).not.toBe('failed');
  expect(await notices('open')).toEqual([]);
  for (let refused = 0; refused < 2; refused += 1) {
    refuse();
    expect(await send()).toBe('failed');
  }
  expect(await notices('open')).toMatchObject([
    {
      kind: 'provider_credentials_refused',
      subject: shown('account', api.accountId),
      severity: 'error',
      title: 'The provider refuses the credentials of “Test account”',
      action: expect.stringContaining('20003'),
      remedy: { path: `/settings/providers/${shown('account', api.accountId)}` },
    },
  ]);
  expect(await send()).not.toBe('failed');
  expect(await notices('open')).toEqual([]);
  expect(await notices('past')).toHaveLength(1);
});

test('other refusals say nothing of the credentials', async () => {
  api.carrier.addFault({ kind: 'refuse', reason: 'invalid_number', count: 1 });
  expect(await send()).toBe('failed');
  expect(await notices('open')).toEqual([]);
});

test('a sender that its provider refuses is noticed once, until it takes a message from it', async () => {
  const refuseSender = () => api.carrier.addFault({ kind: 'refuse', reason: 'sender', count: 1 });
  const about = async (state: 'open' | 'past') =>
    (await notices(state)).filter(({ kind }) => kind === 'sender_refused');
  for (let refused = 0; refused < 2; refused += 1) {
    refuseSender();
    expect(await send()).toBe('failed');
  }
  expect(await about('open')).toMatchObject([
    {
      subject: expect.stringMatching(/^snd_/),
      title: expect.stringMatching(/no longer sends from \+1/),
      remedy: { path: '/settings/routing' },
    },
  ]);
  expect(await send()).not.toBe('failed');
  expect(await about('open')).toEqual([]);
  expect(await about('past')).toHaveLength(1);
  // Taken in one country and refused in another by turns it is one notice, and one mail.
  const mailable = () =>
    api.inTx((tx) =>
      tx
        .selectFrom('notices')
        .select('id')
        .where('kind', '=', 'sender_refused')
        .where('mail_at', 'is not', null)
        .execute(),
    );
  await api.inTx((tx) => tx.updateTable('notices').set({ mailed_at: new Date(), mail_at: null }).execute());
  for (let turn = 0; turn < 2; turn += 1) {
    refuseSender();
    expect(await send()).toBe('failed');
    expect([(await about('open')).length, (await about('past')).length, (await mailable()).length]).toEqual([1, 0, 0]);
    expect(await send()).not.toBe('failed');
    expect([(await about('open')).length, (await about('past')).length]).toEqual([0, 1]);
  }
});

test('it is over once the credentials are others, and not once the account is called something else', async () => {
  refuse();
  expect(await send()).toBe('failed');
  const change = (body: object) =>
    api.call('PATCH', `/api/v1/accounts/${shown('account', api.accountId)}`, { body, headers: { 'if-match': '*' } });
  expect((await change({ name: 'Renamed' })).status).toBe(200);
  expect(await notices('open')).toHaveLength(1);
  expect((await change({ fields: { auth_token: 'another-token-of-this-account' } })).status).toBe(200);
  expect(await notices('open')).toEqual([]);
  expect((await notices('past')).filter(({ kind }) => kind === 'provider_credentials_refused')).toHaveLength(2);
});
