import { shown } from '@signalbox/engine/http/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { phone } from '../support/harness.ts';
import { captureLog } from './captured-log.ts';
import { type Fake, startFake } from './planted/fake.ts';
import { inArrays } from './planted/in-arrays.ts';
import { addPlantedAccount } from './planted-account.ts';
import { smsUrl } from './signed-webhooks.ts';

/** Webhooks of a provider that signs nothing, hands long texts over in parts, and has no ids for some. */

const address = '+12025550161';
const log = captureLog();
let harness: ApiHarness;
let fake: Fake;
let urls: { readonly webhook_url: string; readonly status_url: string };
beforeAll(async () => {
  fake = await startFake([], 1, 'u');
  harness = await startApiHarness({ moreProviders: [inArrays], log: log.logger });
  urls = await addPlantedAccount(harness, inArrays, { address, baseUrl: fake.url });
});
afterAll(async () => {
  await harness.close();
  await fake.close();
});

let people = 0;
const somebody = (): string => {
  people += 1;
  return phone(people);
};
let made = 0;
const newId = (): string => {
  made += 1;
  return `text-${made}`;
};

type Part = { readonly reference: string; readonly index: number; readonly of: number };
const said = (from: string, text: string, more: { readonly id?: string | null; readonly part?: Part } = {}) => ({
  type: 'received',
  id: newId(),
  from,
  to: address,
  text,
  ...more,
});
const post = async (entries: readonly unknown[], url = urls.webhook_url): Promise<number> =>
  (await fetch(url, { method: 'POST', body: JSON.stringify(entries) })).status;
const textsOf = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['body', 'handled_by'])
      .where('number', '=', number)
      .where('direction', '=', 'in')
      .orderBy('created_at')
      .execute(),
  );
const bodiesOf = async (number: string) => (await textsOf(number)).map(({ body }) => body);
const isSuppressed = async (number: string) => {
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('numbers').select('suppressed_at').where('number', '=', number).execute(),
  );
  return rows.some((row) => row.suppressed_at !== null);
};

describe('the address of an account whose provider signs nothing', () => {
  test('holds a key that nobody can guess, and differs for texts and receipts in its end alone', () => {
    const { pathname } = new URL(urls.webhook_url);
    expect(pathname).toMatch(/^\/webhooks\/in-arrays\/[0-9a-f-]{36}\/[\w-]{32}\/sms$/);
    expect(urls.status_url).toBe(urls.webhook_url.replace(/sms$/, 'status'));
  });

  test('is the only one: without the key, with another or one letter less nothing is there, and nothing is stored', async () => {
    const from = somebody();
    const key = urls.webhook_url.split('/').at(-2) ?? '';
    const wrong = ['', `${'x'.repeat(key.length)}/`, `${key.slice(1)}/`, `${key}x/`, `${key}/${key}/`];
    for (const part of wrong) {
      const url = urls.webhook_url.replace(`${key}/`, part);
      expect([part, await post([said(from, 'STOP')], url)]).toEqual([part, 404]);
    }
    expect(await textsOf(from)).toEqual([]);
    expect(await isSuppressed(from)).toBe(false);
    const refusals = log.lines.filter(({ security }) => security === 'webhook_refused');
    expect(refusals.length).toBeGreaterThanOrEqual(3);
    expect(await post([said(from, 'Hello')])).toBe(200);
    expect(await bodiesOf(from)).toEqual(['Hello']);
  });

  test('a provider that signs has none with a key', async () => {
    expect(await post([], smsUrl(harness).replace(/sms$/, 'abcdefgh/sms'))).toBe(404);
  });

  test('is never written into the log', () => {
    const key = urls.webhook_url.split('/').at(-2) ?? '';
    expect(key).not.toBe('');
    expect(JSON.stringify(log.lines)).not.toContain(key);
  });
});

test('with nothing but the address to go by STOP silences, and START never takes that back', async () => {
  const from = somebody();
  expect(await post([said(from, 'STOP')])).toBe(200);
  expect(await isSuppressed(from)).toBe(true);
  for (const word of ['START', 'unstop', 'Yes']) expect(await post([said(from, word)])).toBe(200);
  expect(await isSuppressed(from)).toBe(true);
  expect((await textsOf(from)).map(({ handled_by }) => handled_by)).toEqual([
    'compliance',
    'unhandled',
    'unhandled',
    'unhandled',
  ]);
  const granted = await harness.inTx((tx) =>
    tx.selectFrom('consent_ledger').select('action').where('action', '=', 'granted').execute(),
  );
  expect(granted).toEqual([]);
});

describe('where the provider proves itself besides', () => {
  const change = async (webhooks: unknown) => {
    const [account] = await harness.inTx((tx) =>
      tx.selectFrom('accounts').select('id').where('provider', '=', 'in-arrays').execute(),
    );
    return harness.call('PATCH', `/api/v1/accounts/${shown('account', account?.id ?? '')}`, {
      body: { webhooks },
      headers: { 'if-match': '*' },
    });
  };
  const login = { user: 'carrier', password: 'a-long-password' };
  const authorization = `Basic ${Buffer.from('carrier:a-long-password').toString('base64')}`;
  const postAs = async (entries: readonly unknown[], headers: Record<string, string> = {}) =>
    (await fetch(urls.webhook_url, { method: 'POST', headers, body: JSON.stringify(entries) })).status;

  test('by a login: without it nothing is taken, and with it START opens what STOP closed', async () => {
    const from = somebody();
    const changed = await change({ login });
    expect([changed.status, changed.body]).toMatchObject([200, { webhooks: { user: 'carrier', networks: [] } }]);
    expect(JSON.stringify(changed.body)).not.toContain(login.password);
    expect(await postAs([said(from, 'STOP')])).toBe(403);
    expect(await postAs([said(from, 'STOP')], { authorization: `${authorization}x` })).toBe(403);
    expect(await textsOf(from)).toEqual([]);
    expect(await postAs([said(from, 'STOP')], { authorization })).toBe(200);
    expect(await isSuppressed(from)).toBe(true);
    expect(await postAs([said(from, 'START')], { authorization })).toBe(200);
    expect(await isSuppressed(from)).toBe(false);
  });

  test('without it a YES answers no double opt-in, however open the question is; with it the same YES does', async () => {
    const from = somebody();
    const programme = await harness.call('POST', '/api/v1/consent/programmes', {
      body: {
        name: 'Offers',
        brand: 'Shop',
        purpose: 'marketing',
        disclosure: 'Weekly offers.',
        question: 'Shop: Reply YES to get weekly offers.',
      },
    });
    const { id } = z.object({ id: z.string() }).parse(programme.body);
    expect((await change({ login: null })).status).toBe(200);
    const asked = await harness.call('POST', '/api/v1/consents', {
      body: { people: [{ to: from }], action: 'request', programme_id: id },
    });
    expect(asked.body).toMatchObject({ data: [{ outcome: 'asked' }] });
    const state = async () => {
      const row = await harness.inTx((tx) =>
        tx
          .selectFrom('consents')
          .innerJoin('contacts', 'contacts.id', 'consents.contact_id')
          .select('state')
          .where('phone', '=', from)
          .executeTakeFirst(),
      );
      return row?.state;
    };
    for (const word of ['YES', 'START']) expect(await postAs([said(from, word)])).toBe(200);
    expect(await state()).toBe('pending');
    expect((await textsOf(from)).map(({ handled_by }) => handled_by)).toEqual(['unhandled', 'unhandled']);
    expect((await change({ login })).status).toBe(200);
    expect(await postAs([said(from, 'YES')], { authorization })).toBe(200);
    expect(await state()).toBe('granted');
  });

  test('by where it calls from: a request from elsewhere is refused, whatever its headers say', async () => {
    const from = somebody();
    expect((await change({ login: null, networks: ['203.0.113.0/24'] })).status).toBe(200);
    expect(await postAs([said(from, 'Hello')], { 'x-forwarded-for': '203.0.113.7' })).toBe(403);
    expect((await change({ networks: ['127.0.0.1', '::1'] })).status).toBe(200);
    expect(await postAs([said(from, 'Hello')])).toBe(200);
    expect(await bodiesOf(from)).toEqual(['Hello']);
  });

  test('a network that is none is refused at its field, and a provider that signs has neither', async () => {
    const wrong = await change({ networks: ['203.0.113.0/24', 'example.com'] });
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ path: ['webhooks', 'networks', 1], code: 'network_invalid' }] },
    });
    const signing = await harness.call('PATCH', `/api/v1/accounts/${shown('account', harness.accountId)}`, {
      body: { webhooks: { login } },
      headers: { 'if-match': '*' },
    });
    expect(signing).toMatchObject({ status: 409, body: { code: 'addresses_are_signed' } });
    expect((await change({ login: null, networks: [] })).status).toBe(200);
  });
});

test('what is not understood is kept and acknowledged, and takes nothing else along', async () => {
  const from = somebody();
  expect(await post([{ type: 'dreamt' }, said(from, 'Hello')])).toBe(200);
  expect(await bodiesOf(from)).toEqual(['Hello']);
  const kept = await harness.inTx((tx) => tx.selectFrom('unmatched_webhooks').select('body').execute());
  expect(kept.at(-1)?.body).toContain('dreamt');
});

describe('a request that merely hints at something', () => {
  test('is believed as far as the provider itself says so', async () => {
    expect(await post([{ type: 'changed', id: 'in-1' }])).toBe(200);
    expect(await post([{ type: 'changed', id: 'in-1' }])).toBe(200);
    expect(await bodiesOf('+12025550143')).toEqual(['Hello']);
    expect(await post([{ type: 'changed', id: 'of-nobody' }])).toBe(200);
  });

  test('comes again where the provider cannot be asked', async () => {
    await harness.inTx((tx) =>
      tx.updateTable('accounts').set({ base_url: 'http://127.0.0.1:9' }).where('provider', '=', 'in-arrays').execute(),
    );
    const [, , , , id = ''] = urls.webhook_url.split('/').slice(1);
    harness.engine.accounts.forget(id);
    expect(await post([{ type: 'changed', id: 'in-1' }])).toBe(503);
    await harness.inTx((tx) =>
      tx.updateTable('accounts').set({ base_url: fake.url }).where('provider', '=', 'in-arrays').execute(),
    );
    harness.engine.accounts.forget(id);
    expect(await post([{ type: 'changed', id: 'in-1' }])).toBe(200);
  });
});

describe('a text for which the provider has no id', () => {
  test('told twice at once is one text', async () => {
    const from = somebody();
    const text = said(from, 'Hello', { id: null });
    expect(await Promise.all(Array.from({ length: 5 }, () => post([text])))).toEqual([200, 200, 200, 200, 200]);
    expect(await bodiesOf(from)).toEqual(['Hello']);
    expect(await post([said(from, 'Hello there', { id: null })])).toBe(200);
    expect(await bodiesOf(from)).toEqual(['Hello', 'Hello there']);
  });

  test('seconds later is another one, and so is the same answer to the next question', async () => {
    const from = somebody();
    const text = said(from, 'Yes', { id: null });
    await post([text]);
    const age = () =>
      harness.inTx((tx) =>
        tx
          .updateTable('messages')
          .set({ created_at: new Date(Date.now() - 5_000) })
          .where('number', '=', from)
          .execute(),
      );
    await age();
    await post([text]);
    expect(await bodiesOf(from)).toEqual(['Yes', 'Yes']);

    const other = somebody();
    await post([said(other, 'Yes', { id: null })]);
    await harness.inTx(async (tx) => {
      const contact = await tx.selectFrom('contacts').select('id').where('phone', '=', other).executeTakeFirstOrThrow();
      await tx
        .insertInto('messages')
        .values({
          workspace_id: harness.workspaceId,
          id: harness.engine.ids.uuid(),
          contact_id: contact.id,
          account_id: harness.accountId,
          direction: 'out',
          state: 'accepted',
          sender: address,
          number: other,
          body: 'And the next question?',
          segments: 1,
          encoding: 'GSM-7',
          purpose: 'transactional',
          created_at: new Date(),
          accepted_at: new Date(),
        })
        .execute();
    });
    await post([said(other, 'Yes', { id: null })]);
    expect(await bodiesOf(other)).toEqual(['Yes', 'Yes']);
  });
});

describe('a long text that comes in parts', () => {
  const parts = (from: string, reference: string, texts: readonly string[]) =>
    texts.map((text, place) => said(from, text, { part: { reference, index: place + 1, of: texts.length } }));

  test.each([
    ['in order', [0, 1, 2]],
    ['backwards', [2, 1, 0]],
    ['with one told twice', [0, 1, 1, 2]],
    ['with all of them told again', [0, 1, 2, 2, 0, 1]],
  ])('one after another, %s, is one text', async (_how, order) => {
    const from = somebody();
    const all = parts(from, 'r', ['One ', 'two ', 'three']);
    for (const place of order) expect(await post([all[place]])).toBe(200);
    expect(await bodiesOf(from)).toEqual(['One two three']);
  });

  test('at once, in one request or in several, is one text', async () => {
    const [from, other] = [somebody(), somebody()];
    expect(await post(parts(from, 'r', ['One ', 'two ', 'three']))).toBe(200);
    await Promise.all(parts(other, 'r', ['One ', 'two ', 'three']).map((part) => post([part])));
    expect(await bodiesOf(from)).toEqual(['One two three']);
    expect(await bodiesOf(other)).toEqual(['One two three']);
  });

  test('is no other person’s, and no other text of the same person that has the reference again', async () => {
    const [from, other] = [somebody(), somebody()];
    const [mine, yours] = [parts(from, 'r', ['Mine ', 'whole']), parts(other, 'r', ['Yours ', 'whole'])];
    await post([mine[0], yours[1], mine[1], yours[0]]);
    await post(parts(from, 'r', ['Once ', 'more']));
    expect(await bodiesOf(from)).toEqual(['Mine whole', 'Once more']);
    expect(await bodiesOf(other)).toEqual(['Yours whole']);
  });

  test('is read as a whole: no part of it is a word of its own', async () => {
    const from = somebody();
    await post(parts(from, 'r', ['STOP', ' by the shop tomorrow?']));
    expect(await isSuppressed(from)).toBe(false);
    expect(await bodiesOf(from)).toEqual(['STOP by the shop tomorrow?']);
  });

  test('of which one never comes is handed on without it after a minute, once', async () => {
    const [from, other] = [somebody(), somebody()];
    const [first, , third] = parts(from, 'r', ['One ', 'two ', 'three']);
    await post([third, first]);
    await post([parts(other, 'r', ['Not yet ', 'over'])[0]]);
    const turn = () => harness.engine.maintenance.turn('text-parts');
    await turn();
    expect(await bodiesOf(from)).toEqual([]);
    await harness.inTx((tx) =>
      tx
        .updateTable('text_parts')
        .set({ received_at: new Date(Date.now() - 61_000) })
        .where('number', '=', from)
        .execute(),
    );
    await turn();
    await turn();
    expect(await bodiesOf(from)).toEqual(['One […] three']);
    expect(await bodiesOf(other)).toEqual([]);
    // What comes after all that is a text of its own, not one more of what was told.
    await post([first]);
    expect(await bodiesOf(from)).toEqual(['One […] three']);
  });
});
