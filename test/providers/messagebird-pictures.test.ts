import { businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { messagebird } from '@signalbox/engine/providers/messagebird';
import type { OutboundSms } from '@signalbox/engine/providers/provider';
import { expect, test } from 'vitest';
import { startCarrierCustomer } from './carrier-customer.ts';
import { type Answering, connectStubbed } from './stub-client.ts';

const credentials = messagebird.account.example;
const id = 'e8077d803532c0b5937c639b60216938';
const attempt = '00000000-0000-7000-8000-00000000000a';
const picture = (name: string): OutboundSms['media'][number] => ({
  url: `https://signalbox.example.com/m/${name}`,
  type: 'image/png',
  read: async () => Buffer.from(''),
});
const message: OutboundSms = {
  from: businessNumber,
  to: person,
  body: 'Hello',
  media: [picture('1.png'), picture('2.png')],
  reference: attempt,
  callbackUrl: `https://signalbox.example.com/status?attempt=${attempt}`,
};
const connected = (answering: Answering) => connectStubbed(messagebird, credentials, answering);
const taken = { id, recipients: { totalCount: 1, items: [{ recipient: 15550001234, status: 'sent' }] } };

test.each([200, 201])('pictures are a message of their own API, taken by %i', async (status) => {
  const { connection, requests } = connected(() => ({ status, body: taken }));
  expect(await connection.send(message, 1_000)).toEqual({ kind: 'accepted', providerId: id });
  expect(requests.map(({ url }) => url)).toEqual(['https://rest.messagebird.com/mms']);
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    originator: '15550001000',
    recipients: ['15550001234'],
    body: 'Hello',
    mediaUrls: message.media.map(({ url }) => url),
    reference: attempt,
  });
});

test('a text that is answered by 200 is none that was taken for certain', async () => {
  const { connection } = connected(() => ({ status: 200, body: taken }));
  expect(await connection.send({ ...message, media: [] }, 1_000)).toMatchObject({ kind: 'ambiguous' });
});

const item = (more: object) => ({
  id,
  direction: 'mt',
  originator: businessNumber,
  body: 'Hello',
  reference: attempt,
  createdDatetime: '2026-03-02T15:00:01+00:00',
  recipients: { items: [{ recipient: 15_550_001_234, status: 'delivered', statusDatetime: '2026-03-02T15:00:05Z' }] },
  ...more,
});
const listOf = (...items: readonly object[]) => ({ status: 200, body: { totalCount: items.length, items } });

test('a look-up of one with pictures goes through their list, from a moment on', async () => {
  const query = { ...message, hasMedia: true, since: new Date('2026-03-02T15:00:00Z') };
  const early = item({ id: 'early', createdDatetime: '2026-03-02T14:00:00+00:00' });
  const { connection, requests } = connected(() => listOf(item({}), early, item({ id: 'other', reference: null })));
  expect(await connection.lookup?.(query, 1_000)).toEqual([
    { providerId: id, createdAt: new Date('2026-03-02T15:00:01Z'), status: 'delivered' },
  ]);
  expect(requests.map(({ url }) => new URL(url).pathname)).toEqual(['/mms']);
});

test('what an account without numbers for pictures is refused does not keep texts from being heard', async () => {
  const came = item({ direction: 'mo', originator: '15550001234', reference: null });
  const { connection } = connected(({ url }) => (new URL(url).pathname === '/mms' ? { status: 403 } : listOf(came)));
  expect(await connection.poll?.(new Date('2026-03-02T15:00:00Z'), 1_000)).toMatchObject([
    { kind: 'text', providerId: id, body: 'Hello', media: [] },
  ]);
});

test('at the carrier pictures arrive, are told of where the account says, are polled, and come in', async () => {
  const customer = await startCarrierCustomer(messagebird, credentials, { number: businessNumber });
  try {
    const { carrier, connection, told } = customer;
    const since = new Date(Date.now() - 60_000);
    const kept = carrier.keep(Buffer.from('GIF89a'), 'image/gif');
    const media = [{ url: kept.url, type: 'image/gif', read: async () => Buffer.from('') }];
    expect(await connection.send({ ...message, media }, 5_000)).toMatchObject({ kind: 'accepted' });
    const [, delivered] = await told('status', 2);
    expect(delivered === undefined ? [] : connection.read(delivered)).toMatchObject([
      { kind: 'receipt', reference: attempt, status: 'delivered' },
    ]);
    expect(carrier.ledger.ofPhone(person)[0]).toMatchObject({ body: 'Hello', media: [{ sha256: kept.sha256 }] });
    const sid = carrier.text(person, businessNumber, 'Look', ['sunset', 'sea']);
    const [text] = await told('sms', 1);
    expect(text === undefined ? false : connection.verify?.(text)).toBe(true);
    const files = [expect.stringContaining('/_media/'), expect.stringContaining('/_media/')];
    const heard = {
      kind: 'text',
      providerId: sid,
      from: person,
      to: businessNumber,
      body: 'Look',
      media: files.map((url) => ({ url, type: '' })),
    };
    expect(text === undefined ? [] : connection.read(text)).toMatchObject([heard]);
    const polled = await connection.poll?.(since, 5_000);
    expect(polled).toHaveLength(2);
    expect(polled?.find(({ kind }) => kind === 'receipt')).toMatchObject({ reference: attempt, status: 'delivered' });
    expect(polled?.find(({ kind }) => kind === 'text')).toMatchObject(heard);
  } finally {
    await customer.close();
  }
});
