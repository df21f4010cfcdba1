import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { byQuery } from '../providers/planted/by-query.ts';
import { inArrays } from '../providers/planted/in-arrays.ts';
import { businessNumber } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
let made = 0;
beforeAll(async () => {
  api = await startApiHarness({ moreProviders: [byQuery, inArrays] });
});
afterAll(() => api.close());

const errorsSchema = z.object({
  code: z.string(),
  errors: z.array(
    z.object({ path: z.array(z.union([z.string(), z.number()])), code: z.string(), message: z.string() }),
  ),
});

/** Adds an account with these senders. */
function add(provider: 'by-query' | 'in-arrays', senders: ReadonlyArray<{ address: string; kind: string }>) {
  made += 1;
  const fields = provider === 'by-query' ? { key: `k${made}`, secret: 's' } : { user: `u${made}`, password: 'p' };
  return api.call('POST', '/api/v1/accounts', { body: { provider, name: 'Planted', ...fields, senders } });
}

describe('senders of an account', () => {
  test('a name can be one where the provider takes names, beside a number', async () => {
    const senders = [
      { address: 'Our shop 24', kind: 'alphanumeric' },
      { address: '+12025550151', kind: 'long_code' },
    ];
    const answer = await add('by-query', senders);
    expect([answer.status, answer.body]).toMatchObject([201, { senders }]);
    const { id } = z.object({ id: z.string() }).parse(answer.body);
    expect((await api.call('GET', `/api/v1/accounts/${id}`)).body).toMatchObject({ senders });
  });

  test('every name of up to eleven letters, digits and spaces is one', async () => {
    for (const address of ['A', '4you', 'ABCDEFGHIJK', 'a b c d e f'])
      expect([address, (await add('by-query', [{ address, kind: 'alphanumeric' }])).status]).toEqual([address, 201]);
  });

  test.each(['12345', 'ABCDEFGHIJKL', 'Café', 'Ünser', 'a-b', ' Shop', 'Shop ', ' ', 'a\nb', '+12025550152'])(
    '%j is no name',
    async (address) => {
      const { status, body } = await add('by-query', [
        { address: '+12025550153', kind: 'long_code' },
        { address, kind: 'alphanumeric' },
      ]);
      const [error] = errorsSchema.parse(body).errors;
      expect([status, error?.path, error?.code]).toEqual([422, ['senders', 1, 'address'], 'sender_name_invalid']);
    },
  );

  test('a kind that the provider does not offer is refused where it stands, with those that it does', async () => {
    const { status, body } = await add('in-arrays', [
      { address: '+12025550154', kind: 'long_code' },
      { address: 'Our shop', kind: 'alphanumeric' },
    ]);
    expect([status, errorsSchema.parse(body)]).toEqual([
      422,
      {
        code: 'validation_failed',
        errors: [
          {
            path: ['senders', 1, 'kind'],
            code: 'sender_kind_unfit',
            message: 'in arrays does not offer this kind of sender. Use one of: long_code, toll_free.',
          },
        ],
      },
    ]);
    const short = await add('by-query', [{ address: '12345', kind: 'short_code' }]);
    expect(errorsSchema.parse(short.body).errors).toMatchObject([{ code: 'sender_kind_unfit' }]);
  });

  test('a number stays a number: a name where one belongs is refused as before', async () => {
    const { body } = await add('by-query', [{ address: 'Our shop', kind: 'long_code' }]);
    expect(errorsSchema.parse(body).errors).toMatchObject([
      { path: ['senders', 0, 'address'], code: 'sender_invalid' },
    ]);
  });

  test('the document and the list of providers name the kinds of each', async () => {
    const schema = z.looseObject({
      properties: z.object({
        provider: z.looseObject({ enum: z.array(z.string()).optional(), const: z.string().optional() }),
        senders: z.looseObject({
          items: z.looseObject({ properties: z.looseObject({ kind: z.looseObject({ enum: z.array(z.string()) }) }) }),
        }),
      }),
    });
    const document = z
      .looseObject({ components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse((await api.call('GET', '/api/openapi.json')).body);
    const union = z.looseObject({ oneOf: z.array(schema) }).parse(document.components.schemas['CreateAccount']);
    const kinds = union.oneOf.map(({ properties: { provider, senders } }) => [
      provider.const ?? provider.enum?.[0],
      senders.items.properties.kind.enum,
    ]);
    expect(Object.fromEntries(kinds)).toMatchObject({
      'by-query': ['long_code', 'alphanumeric'],
      'in-arrays': ['long_code', 'toll_free'],
    });
    const { data } = z
      .object({ data: z.array(z.looseObject({ type: z.string(), senders: z.array(z.string()) })) })
      .parse((await api.call('GET', '/api/v1/providers')).body);
    expect(data.find(({ type }) => type === 'by-query')?.senders).toEqual(['long_code', 'alphanumeric']);
  });
});

test('an account at a provider whose API the demo carrier does not speak is changed without a word to the carrier', async () => {
  const demo = await startApiHarness({ api: 'demo', moreProviders: [byQuery] });
  try {
    const accounts = (await demo.call('GET', '/api/v1/accounts')).body;
    const [at] = z.object({ data: z.tuple([z.looseObject({ base_url: z.string() })]) }).parse(accounts).data;
    const senders = [{ address: 'Our shop', kind: 'alphanumeric' }];
    const answer = await demo.call('POST', '/api/v1/accounts', {
      body: { provider: 'by-query', name: 'Planted', key: 'k', secret: 's', base_url: at.base_url, senders },
    });
    const { id } = z.object({ id: z.string() }).parse(answer.body);
    const changed = await demo.call('PATCH', `/api/v1/accounts/${id}`, {
      body: { opt_out_handling: 'signalbox' },
      headers: { 'if-match': answer.headers.get('etag') ?? '' },
    });
    expect(changed.status).toBe(200);
    const numbers = JSON.stringify((await demo.call('GET', '/demo/phone/numbers')).body);
    expect([numbers.includes(businessNumber), numbers.includes('Our shop')]).toEqual([true, false]);
  } finally {
    await demo.close();
  }
});

test('a name at the demo carrier texts, and the phone on the screen offers only what it can text to', async () => {
  const demo = await startApiHarness({ api: 'demo' });
  try {
    const accounts = (await demo.call('GET', '/api/v1/accounts')).body;
    const [at] = z.object({ data: z.tuple([z.looseObject({ base_url: z.string() })]) }).parse(accounts).data;
    const answer = await demo.call('POST', '/api/v1/accounts', {
      body: {
        provider: 'twilio',
        name: 'Named',
        account_sid: `AC${'4'.repeat(32)}`,
        auth_token: 'x'.repeat(32),
        base_url: at.base_url,
        senders: [
          { address: 'Our shop', kind: 'alphanumeric' },
          { address: '+12025550155', kind: 'long_code' },
        ],
      },
    });
    expect(answer.status).toBe(201);
    const { id } = z.object({ id: z.string() }).parse(answer.body);
    const path = `/api/v1/accounts/${id}`;
    const headers = { 'if-match': answer.headers.get('etag') ?? '' };
    expect((await demo.call('PATCH', path, { body: { opt_out_handling: 'signalbox' }, headers })).status).toBe(200);
    const { data } = z
      .object({ data: z.array(z.looseObject({ number: z.string(), takes_texts: z.boolean() })) })
      .parse((await demo.call('GET', '/demo/phone/numbers')).body);
    expect(data).toContainEqual(expect.objectContaining({ number: 'Our shop', takes_texts: false }));
    expect(data).toContainEqual(expect.objectContaining({ number: '+12025550155', takes_texts: true }));
    const session = (await demo.call('GET', '/api/v1/session')).body;
    expect(session).toMatchObject({ demo: { numbers: [businessNumber, '+12025550155'] } });
  } finally {
    await demo.close();
  }
});
