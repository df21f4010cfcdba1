import { createHmac } from 'node:crypto';
import { plivo } from '@signalbox/engine/providers/plivo';
import fc from 'fast-check';
import { validateV3Signature } from 'plivo/dist/utils/v3Security.js';
import { describe, expect, test } from 'vitest';
import { connectStubbed } from './stub-client.ts';
import { webhookRequest } from './webhook-request.ts';

const token = 'the-token-of-the-account';
const credentials = { ...plivo.account.example, auth_token: token };
const { connection } = connectStubbed(plivo, credentials);

describe('Plivo’s package', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', 'B', '7', '+', ' ', '&', '=', '.', '?', '%', 'é', '👋', '_'),
    maxLength: 8,
  });
  const named = fc.dictionary(
    fc.string({ unit: fc.constantFrom('a', 'B', 'c', 'Z', '1'), minLength: 1, maxLength: 3 }),
    word,
    {
      maxKeys: 5,
      noNullPrototype: true,
    },
  );
  const base = (method: string, query: Readonly<Record<string, string>>, form: Readonly<Record<string, string>>) => {
    const sorted = (fields: Readonly<Record<string, string>>, between: string) =>
      Object.keys(fields)
        .sort()
        .map((name) => name + between + fields[name]);
    const parameters = sorted(query, '=').join('&');
    const fields = method === 'GET' ? '' : sorted(form, '').join('');
    if (fields === '') return parameters === '' ? '' : `?${parameters}`;
    return parameters === '' ? `?${fields}` : `?${parameters}.${fields}`;
  };
  /** Whether we and the package believe a request, by what is signed of it. */
  const believed = (
    method: string,
    url: string,
    form: Readonly<Record<string, string>>,
    text: string,
    nonce: string,
    secret = token,
  ) => {
    const signature = createHmac('sha256', secret).update(`${text}.${nonce}`).digest('base64');
    const given = `bm90IHRoaXMgb25l,${signature}`;
    const request = webhookRequest({
      method,
      address: 'sms',
      url,
      headers: { 'x-plivo-signature-v3': given, 'x-plivo-signature-v3-nonce': nonce },
      rawBody: method === 'GET' ? '' : new URLSearchParams(form).toString(),
    });
    const judged = validateV3Signature(method, url, nonce, token, given, method === 'GET' ? {} : { ...form });
    return [connection.verify?.(request), judged];
  };
  const address = 'https://signalbox.example.com:8443/webhooks/plivo/1/sms';

  test('believes what we believe, with a query and without, by GET and by POST', () => {
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST'), named, named, fc.uuid(), (method, query, form, nonce) => {
        const asked = new URLSearchParams(query).toString();
        const url = asked === '' ? address : `${address}?${asked}`;
        const text = address + base(method, query, form);
        expect(believed(method, url, form, text, nonce)).toEqual([true, true]);
        expect(believed(method, `${url}${asked === '' ? '?' : '&'}zz=1`, form, text, nonce)).toEqual([false, false]);
        expect(believed(method, url, form, text, nonce, 'the-token-of-another')).toEqual([false, false]);
        if (method === 'POST') expect(believed(method, url, { ...form, zz: '1' }, text, nonce)).toEqual([false, false]);
      }),
      { numRuns: 300 },
    );
  });

  // It encodes what stands in an address unencoded a second time; no such address comes over HTTP.
  test('is alone in what it makes of letters that stand in an address as they are', () => {
    expect(believed('GET', `${address}?a=é`, {}, `${address}?a=é`, 'n')).toEqual([true, false]);
  });
});
