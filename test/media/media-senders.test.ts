import { providers } from '@signalbox/engine/providers/catalogue.gen';
import { twilio } from '@signalbox/engine/providers/twilio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';

/** Which senders pictures go out from, and to where: by the provider, by the account and by the number. */
const madeSchema = z.object({ id: z.string() });
const previewSchema = z.object({
  sender: z.object({ address: z.string() }).nullable(),
  rules: z.array(
    z.object({ rule: z.string(), verdict: z.string(), reason: z.object({ code: z.string() }).nullable() }),
  ),
});
/** The smallest GIF that says its size. */
const gif = Buffer.from('GIF89a\x02\x00\x03\x00\x00\x00\x00;', 'latin1');
const [inUsa, inCanada, inBritain, inAustralia] = ['+12025550143', '+16135550143', '+447400900143', '+61491570156'];
const vonageInUsa = '+12025550171';
const vonageInBritain = '+447400900171';

let api: ApiHarness;
let vonageId: string;
let small: string;
let large: string;

async function upload(bytes: Uint8Array): Promise<string> {
  const response = await fetch(`${api.url}/api/v1/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.full}`, 'content-type': 'image/gif' },
    body: new Uint8Array(bytes),
  });
  return madeSchema.parse(await response.json()).id;
}

async function addAccount(type: string, senders: readonly object[], fields: Readonly<Record<string, string>> = {}) {
  const example = providers.find((provider) => provider.type === type)?.account.example;
  const body = { provider: type, name: type, ...example, ...fields, senders };
  const answer = await api.call('POST', '/api/v1/accounts', { body });
  expect([type, answer.status, answer.body]).toEqual([type, 201, expect.anything()]);
  return madeSchema.parse(answer.body).id;
}

beforeAll(async () => {
  api = await startApiHarness({ moreProviders: providers.filter(({ type }) => type !== twilio.type) });
  const number = (address: string) => ({ address, kind: 'long_code' });
  const vonage = [number(vonageInUsa), number(vonageInBritain)];
  vonageId = await addAccount('vonage', vonage, { api: 'messages' });
  await addAccount('clicksend', [number('+61491570171')]);
  await addAccount('bandwidth', [
    { address: '+18005550172', kind: 'toll_free' },
    { address: '+12025550172', kind: 'long_code' },
  ]);
  small = await upload(gif);
  large = await upload(Buffer.concat([gif, Buffer.alloc(550_000)]));
});
afterAll(() => api.close());

/** What the rule of pictures says of one; `passed` where it minds nothing. */
async function asked(sender: string | undefined, to: string, media = [small]): Promise<string> {
  const body = { to, text: 'Look', purpose: 'transactional', media, ...(sender === undefined ? {} : { sender }) };
  const answer = await api.call('POST', '/api/v1/messages/preview', { body });
  const { rules } = previewSchema.parse(answer.body);
  const rule = rules.find(({ rule: name }) => name === 'media');
  return rule?.verdict === 'send' ? 'passed' : (rule?.reason?.code ?? '');
}

async function senderFor(to: string): Promise<string | undefined> {
  const body = { to, text: 'Look', purpose: 'transactional', media: [small] };
  return previewSchema.parse((await api.call('POST', '/api/v1/messages/preview', { body })).body).sender?.address;
}

test('within the countries of the provider from numbers there, and nowhere else', async () => {
  expect(await asked(vonageInUsa, inUsa)).toBe('passed');
  expect(await asked(vonageInUsa, inCanada)).toBe('passed');
  expect(await asked(vonageInUsa, inBritain)).toBe('media_country_not_supported');
  expect(await asked(vonageInBritain, inUsa)).toBe('media_not_supported');
});

test('from an account that goes by the API that has them: changed there, changed here', async () => {
  const path = `/api/v1/accounts/${vonageId}`;
  const change = async (by: string) => {
    const etag = (await api.call('GET', path)).headers.get('etag') ?? '';
    const changed = await api.call('PATCH', path, { body: { fields: { api: by } }, headers: { 'if-match': etag } });
    expect(changed.status).toBe(200);
  };
  await change('sms');
  expect(await asked(vonageInUsa, inUsa)).toBe('media_not_supported');
  await change('messages');
  expect(await asked(vonageInUsa, inUsa)).toBe('passed');
});

test('no more than the kind of sender carries, and the kind of picture', async () => {
  expect(await asked('+18005550172', inUsa, [large])).toBe('media_too_large_together');
  expect(await asked('+12025550172', inUsa, [large])).toBe('passed');
  expect(await asked('+61491570171', inAustralia)).toBe('passed');
  expect(await asked('+61491570171', inAustralia, [large])).toBe('media_too_large');
  expect(await asked('+61491570171', inAustralia, [small, small])).toBe('media_too_many');
});

test('senders that send none to where it goes are passed over', async () => {
  const own = await api.inTx((tx) => tx.selectFrom('senders').select('id').orderBy('created_at').executeTakeFirst());
  // The oldest sends everywhere.
  const oldest = await senderFor(inAustralia);
  await api.inTx((tx) =>
    tx
      .deleteFrom('senders')
      .where('id', '=', own?.id ?? '')
      .execute(),
  );
  expect(await senderFor(inAustralia)).not.toBe(oldest);
  expect(await senderFor(inAustralia)).toBe('+61491570171');
  expect(await senderFor(inUsa)).toBe(vonageInUsa);
});
