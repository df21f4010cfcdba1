import { createHmac } from 'node:crypto';
import type { OutgoingClient } from '@signalbox/engine/http/outgoing';
import { plivo } from '@signalbox/engine/providers/plivo';
import { validateSignature } from 'plivo/dist/utils/security.js';
import { describe, expect, test } from 'vitest';
import { webhookRequest } from './webhook-request.ts';

/** Plivo signs by two schemes; an account goes by one of them. */

const token = 'the-token-of-the-account';
const address = 'https://signalbox.example.com:8443/webhooks/plivo/1/status';
const nonce = '05429567804466091622';
const nobody: OutgoingClient = { request: () => Promise.reject(new Error('nobody')), close: async () => undefined };
const by = (signature: 'V2' | 'V3') => {
  const credentials = { ...plivo.account.example, auth_token: token, signature };
  return plivo.connect({ credentials, baseUrl: plivo.baseUrl, origins: {} }, nobody);
};
const signed = (text: string, secret = token) => createHmac('sha256', secret).update(text).digest('base64');
const came = (headers: Readonly<Record<string, string>>, url = `${address}?attempt=1`) =>
  webhookRequest({ address: 'status', url, headers, rawBody: 'Status=sent' });
const byV2 = (given = signed(address + nonce)) => ({
  'x-plivo-signature-v2': given,
  'x-plivo-signature-v2-nonce': nonce,
});
const byV3 = {
  'x-plivo-signature-v3': signed(`${address}?attempt=1.Statussent.${nonce}`),
  'x-plivo-signature-v3-nonce': nonce,
};

describe('an account at which Plivo signs by its second scheme', () => {
  test('believes that one, as Plivo’s package does, from the account and from the main account above it', () => {
    const { 'x-plivo-signature-v2': given, ...rest } = byV2();
    expect(validateSignature(`${address}?attempt=1`, nonce, given, token)).toBe(true);
    expect(by('V2').verify?.(came(byV2()))).toBe(true);
    expect(by('V2').verify?.(came({ ...rest, 'x-plivo-signature-ma-v2': given }))).toBe(true);
  });

  test('and nothing else: no third scheme, no other secret, address or nonce', () => {
    const given = signed(address + nonce);
    for (const [headers, url] of [
      [{}],
      [byV3],
      [{ ...byV2(''), ...byV3 }],
      [byV2(signed(address + nonce, 'the-token-of-another'))],
      [byV2(), address.replace('/1/', '/2/')],
      [{ ...byV2(), 'x-plivo-signature-v2-nonce': `${nonce}1` }],
      [{ 'x-plivo-signature-v2': signed(address) }],
      [{ 'x-plivo-signature-v3': given, 'x-plivo-signature-v3-nonce': nonce }],
    ] as const)
      expect([headers, by('V2').verify?.(came(headers, url))]).toEqual([headers, false]);
  });
});

test('an account at which it signs by the third believes no second one', () => {
  expect(by('V3').verify?.(came(byV3))).toBe(true);
  expect(by('V3').verify?.(came(byV2()))).toBe(false);
  expect(by('V3').verify?.(came({ ...byV2(), ...byV3, 'x-plivo-signature-v3': signed(address + nonce) }))).toBe(false);
});

test('of an account that does not say, the third', () => {
  expect(plivo.account.fields.parse({ auth_id: 'MAEXAMPLE0EXAMPLE0EX', auth_token: token })).toMatchObject({
    signature: 'V3',
  });
});
