import { once } from 'node:events';
import { createServer } from 'node:http';
import { createOutgoingClient } from '@signalbox/engine/http/outgoing';
import { providers } from '@signalbox/engine/providers/catalogue.gen';
import { microUnits, retryAfterMs } from '@signalbox/engine/providers/outcomes';
import type { Provider } from '@signalbox/engine/providers/provider';
import { defaultDispatchSettings } from '@signalbox/engine/sending/dispatch-settings';
import { lookUp } from '@signalbox/engine/sending/unknown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { webhookRequest } from './webhook-request.ts';

/** Where a message could have been lost, sent twice or misread at a provider. */

/** What the API answers, by the path that is asked. */
let answer: (path: string) => { readonly status: number; readonly body?: unknown; readonly after?: string };
let asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const { status, body = '', after } = answer(request.url ?? '');
  response
    .writeHead(status, after === undefined ? {} : { 'retry-after': after })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
});
const http = createOutgoingClient();
let baseUrl: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(async () => {
  await http.close();
  server.close();
});

const named = (type: string): Provider => {
  const provider = providers.find((each) => each.type === type);
  if (provider === undefined) throw new Error(`There is no provider ${type}.`);
  return provider;
};
const at = (provider: Provider, fields: Readonly<Record<string, string>> = {}) => {
  asked = [];
  const origins = Object.fromEntries(Object.keys(provider.origins ?? {}).map((name) => [name, baseUrl]));
  return provider.connect({ credentials: { ...provider.account.example, ...fields }, baseUrl, origins }, http);
};
const message = {
  from: '+15550100',
  to: '+12025550143',
  body: 'Hello',
  media: [],
  reference: 'a-reference',
  callbackUrl: 'https://signalbox.example.com/status?attempt=1',
};
const token = { access_token: 't', expires_in: '3599' };
/** Telstra gives a token first. */
const answering = (status: number, body?: unknown) => {
  answer = (path) => (path.endsWith('/oauth/token') ? { status: 200, body: token } : { status, body });
};

describe.each(providers)('$title', (provider) => {
  test('leaves a doubt where something on the way gave up, and no refusal that could be sent again', async () => {
    for (const status of [408, 409, 425, 499, 302, 500, 502, 504]) {
      answering(status, '<html>');
      expect([status, await at(provider).send(message, 2_000)]).toEqual([
        status,
        expect.objectContaining({ kind: 'ambiguous' }),
      ]);
    }
  });

  test('has labels in sentence case, lists for what is one of several, and a short full sentence for what is not known', () => {
    for (const [name, field] of Object.entries(provider.account.fields.shape)) {
      const ui = field.meta()?.ui;
      expect([name, ui?.label]).toEqual([name, expect.stringMatching(/^[A-Z][^.]{1,50}$/)]);
      // Names such as API and SID aside, no word within begins with a capital letter.
      expect([name, /\s[A-Z][a-z]/.test(ui?.label ?? '') && !/ (Messages|Bird) /.test(`${ui?.label} `)]).toEqual([
        name,
        false,
      ]);
      expect([name, ui?.help ?? 'None.']).toEqual([name, expect.stringMatching(/^[A-Z].{3,220}[.?]$/s)]);
      if (!provider.account.secrets.includes(name)) continue;
      expect([name, ui?.help]).toEqual([name, expect.any(String)]);
    }
    const { unverified = 'None.' } = provider;
    expect(unverified).toMatch(/^[A-Z].*\.$/);
    expect(unverified.length).toBeLessThanOrEqual(200);
  });
});

describe('a key that cannot go into a request', () => {
  test.each(['bird', 'messagebird'])('of %s, with a line’s end or a curly quote in it, is refused', (type) => {
    const provider = named(type);
    for (const access_key of ['the-access-key\nof-the-account', 'the-access-key-“of”-the-account', 'the access key'])
      expect([
        access_key,
        provider.account.fields.safeParse({ ...provider.account.example, access_key }).success,
      ]).toEqual([access_key, false]);
  });

  test.each(['bird', 'messagebird'])('of %s, pasted with a line’s end behind it, is the key', (type) => {
    const provider = named(type);
    const { example } = provider.account;
    const given = { ...example, access_key: ` ${example['access_key']}\n` };
    expect(provider.account.fields.parse(given)).toMatchObject({ access_key: example['access_key'] });
  });
});

describe('Bird', () => {
  test('a channel that was entered in capital letters hears its texts', () => {
    const bird_channel = '614208AA-B153-4D5D-9989-2FDDFC0CE4C3';
    const payload = {
      id: 'm1',
      channelId: bird_channel.toLowerCase(),
      direction: 'incoming',
      sender: { contact: { identifierValue: '+12025550143' } },
      body: { type: 'text', text: { text: 'STOP' } },
    };
    const request = webhookRequest({
      address: 'sms',
      url: 'https://signalbox.example.com/webhooks/bird/1/k/sms',
      rawBody: JSON.stringify({ payload }),
    });
    const connection = at(named('bird'), { bird_channel, signing_key: '' });
    expect(connection.read(request)).toMatchObject([{ kind: 'text', body: 'STOP' }]);
  });
});

describe('Telstra', () => {
  const telstra = named('telstra');
  const url = 'https://signalbox.example.com/webhooks/telstra/1/k/sms';

  test('a message whose token ended early is sent again with the next one, and fails for good only with a new one', async () => {
    const connection = at(telstra);
    answering(201, { messageId: 'm1' });
    await connection.send(message, 2_000);
    answering(401, { errors: [{ code: 'TOKEN_EXPIRED' }] });
    expect(await connection.send(message, 2_000)).toMatchObject({ kind: 'refused', errorClass: 'transient' });
    expect(await connection.send(message, 2_000)).toMatchObject({ kind: 'refused', errorClass: 'auth' });
    expect(asked.filter((path) => path.endsWith('/token'))).toHaveLength(2);
  });

  test('an account whose token ended early is found to work all the same', async () => {
    const connection = at(telstra);
    let given = 0;
    answer = (path) => {
      if (!path.endsWith('/oauth/token')) return { status: given === 1 && asked.length > 2 ? 401 : 200, body: {} };
      given += 1;
      return { status: 200, body: token };
    };
    expect(await connection.check(2_000)).toEqual({ ok: true, balance: null });
    expect(await connection.check(2_000)).toEqual({ ok: true, balance: null });
    expect([given, asked.length]).toEqual([2, 5]);
  });

  test('a request that names one message many times asks once, and one that names very many asks nothing', () => {
    const read = (ids: readonly string[]) => {
      const rawBody = JSON.stringify(ids.map((messageId) => ({ messageId })));
      return at(telstra).read(webhookRequest({ address: 'sms', url, rawBody }));
    };
    expect(read(Array.from({ length: 500 }, () => 'm1'))).toEqual([{ kind: 'hint', providerId: 'm1' }]);
    expect(read(Array.from({ length: 500 }, (_, id) => `m${id}`))).toEqual([{ kind: 'unknown' }]);
  });

  test('says what became of a message whose recipient stands in a list', async () => {
    answering(200, {
      messageId: 'm1',
      direction: 'outgoing',
      to: ['0491570156'],
      from: '0491570157',
      messageContent: 'Hello',
      status: 'Delivered',
      tags: ['r1'],
    });
    expect(await at(telstra).confirm?.('m1', 2_000)).toMatchObject([{ kind: 'receipt', status: 'delivered' }]);
  });
});

test('Twilio: a text that was sent before midnight and delivered after it is still told of', async () => {
  answer = () => ({ status: 200, body: { messages: [] } });
  await at(named('twilio')).poll?.(new Date('2026-03-02T00:00:10Z'), 2_000);
  expect(asked.map((path) => new URLSearchParams(path.split('?')[1]).get('DateSent>'))).toEqual(['2026-03-01']);
});

test('SMS Broadcast: an error that sounds like its own leaves a doubt', async () => {
  for (const words of ['Database connection failed', 'Bad gateway', 'An unexpected error occurred', 'Server busy']) {
    answer = () => ({ status: 200, body: `ERROR:${words}` });
    expect([words, await at(named('sms-broadcast')).send(message, 2_000)]).toEqual([
      words,
      expect.objectContaining({ kind: 'ambiguous' }),
    ]);
  }
});

test('MessageBird: a price beyond all measure spoils no receipt', () => {
  for (const amount of ['1e300', '-1', 'NaN', 'Infinity']) {
    const query = new URLSearchParams({
      id: 'm1',
      status: 'delivered',
      'price[amount]': amount,
      'price[currency]': 'EUR',
    });
    const url = `https://signalbox.example.com/webhooks/messagebird/1/status?${query}`;
    const [told] = at(named('messagebird')).read(webhookRequest({ method: 'GET', address: 'status', url }));
    expect([amount, told]).toMatchObject([amount, { kind: 'receipt', status: 'delivered' }]);
    expect(told).not.toHaveProperty('cost');
  }
  expect([microUnits('1e-300'), microUnits('2e2')]).toEqual([0n, 200_000_000n]);
});

test('ClickSend: a price below nothing is no price', async () => {
  const item = { status: 'SUCCESS', message_id: 'm1', message_price: '-0.0790', message_parts: 1 };
  const data = { messages: [item], _currency: { currency_name_short: 'AUD' } };
  answer = () => ({ status: 200, body: { data } });
  expect(await at(named('clicksend')).send(message, 2_000)).toEqual({ kind: 'accepted', providerId: 'm1' });
  expect(await at(named('clicksend')).price?.(message.to, 2_000)).toBeNull();
});

test('Plivo: a subaccount, which has no credits of its own, works', async () => {
  answer = () => ({ status: 200, body: { auth_id: 'SAEXAMPLE0EXAMPLE0EX', name: 'Shop' } });
  expect(await at(named('plivo')).check(2_000)).toEqual({ ok: true, balance: null });
});

test('“come again after no time at all” is no time to come again at', () => {
  expect(['0', '', ' ', '-1', 'soon', '1', '0.5', '86400'].map(retryAfterMs)).toEqual([
    null,
    null,
    null,
    null,
    null,
    1_000,
    500,
    3_600_000,
  ]);
});

test('a message that a growing list names twice is one candidate', async () => {
  const listed = { providerId: 'm1', createdAt: new Date(0), status: 'sent' } as const;
  const provider = named('twilio');
  const connection = { ...at(provider), lookup: async () => [listed, { ...listed }, { ...listed, providerId: 'm2' }] };
  const [workspaceId, accountId] = [crypto.randomUUID(), crypto.randomUUID()];
  const credentials = provider.account.example;
  const account = { id: accountId, workspaceId, provider, externalId: '', credentials, baseUrl, connection };
  const accounts = {
    get: async () => ({
      ...account,
      webhookKey: null,
      webhookGuard: { authorization: null, networks: [] },
      previous: null,
    }),
    workspaceOf: async () => workspaceId,
    forget: () => undefined,
  };
  const { from, to, body } = message;
  const attempt = {
    attemptId: accountId,
    messageId: accountId,
    accountId,
    from,
    to,
    body,
    hasMedia: false,
    startedAt: new Date(),
  };
  const found = await lookUp({ accounts, settings: defaultDispatchSettings }, workspaceId, attempt);
  expect(found?.map(({ providerId }) => providerId)).toEqual(['m1', 'm2']);
});
