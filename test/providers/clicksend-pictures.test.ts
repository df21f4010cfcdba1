import { clicksend } from '@signalbox/engine/providers/clicksend';
import type { OutboundSms } from '@signalbox/engine/providers/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CarrierCustomer, startCarrierCustomer } from './carrier-customer.ts';
import { type Answering, connectStubbed, inTurn } from './stub-client.ts';

const credentials = { username: 'owner@example.com', api_key: 'D83DED51-9E35-4D42-9BB9-0E34B7CA85AE' };
const [ours, theirs] = ['+61422222222', '+61411111111'];
const attempt = '00000000-0000-7000-8000-00000000000a';
const id = 'BF7AD270-0DE2-418B-B606-71D527D9C1AE';
const bytes = Buffer.from('the bytes of a picture');
const place = 'https://media.example.com/converted.jpg';

const picture = (type: string, read: () => Promise<Uint8Array> = async () => bytes): OutboundSms['media'][number] => ({
  url: `https://signalbox.example.com/m/token.${type.split('/')[1]}`,
  type,
  read,
});
const message: OutboundSms = {
  from: ours,
  to: theirs,
  body: 'Hello',
  media: [picture('image/jpeg')],
  reference: attempt,
  callbackUrl: 'https://signalbox.example.com/status',
};
const png = { ...message, media: [picture('image/png')] };

const connected = (answering: Answering, more: object = {}) =>
  connectStubbed(clicksend, { ...credentials, ...more }, answering);
const sent = {
  status: 200,
  body: { data: { messages: [{ status: 'SUCCESS', message_id: id }], _currency: { currency_name_short: 'AUD' } } },
};
const uploaded = { status: 200, body: { data: { _url: place } } };

describe('a picture', () => {
  test.each(['image/jpeg', 'image/gif'])('of the kind %s is fetched from where we have it', async (type) => {
    const { connection, requests } = connected(() => sent);
    const media = [picture(type)];
    expect(await connection.send({ ...message, media }, 1_000)).toEqual({ kind: 'accepted', providerId: id });
    expect(requests.map(({ url }) => url)).toEqual(['https://rest.clicksend.com/v3/mms/send']);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      media_file: media[0]?.url,
      messages: [{ to: theirs, from: ours, body: 'Hello', subject: 'Message', custom_string: attempt }],
    });
  });

  test('of another kind is brought first, and goes from where it was brought to', async () => {
    const { connection, requests } = connected(inTurn(uploaded, sent), { mms_subject: 'From the salon' });
    expect(await connection.send(png, 1_000)).toEqual({ kind: 'accepted', providerId: id });
    expect(requests.map(({ url }) => url)).toEqual([
      'https://rest.clicksend.com/v3/uploads?convert=mms',
      'https://rest.clicksend.com/v3/mms/send',
    ]);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ content: bytes.toString('base64') });
    expect(JSON.parse(requests[1]?.body ?? '')).toMatchObject({
      media_file: place,
      messages: [{ subject: 'From the salon' }],
    });
  });

  test.each([
    [{ status: 401, body: { response_code: 'UNAUTHORIZED' } }, 'auth', 'UNAUTHORIZED'],
    [{ status: 413, body: '' }, 'invalid_message', 'http_413'],
    [{ status: 429, body: '' }, 'throttled', 'http_429'],
    [{ status: 500, body: '' }, 'transient', 'upload_500'],
    [{ status: 408, body: '' }, 'transient', 'upload_408'],
    [{ status: 200, body: { data: null } }, 'transient', 'upload_200'],
    [{ status: 200, body: { data: { _url: 'javascript:1' } } }, 'transient', 'upload_200'],
  ])('that could not be brought went to nobody: case %#', async (answer, errorClass, code) => {
    const { connection, requests } = connected(() => answer);
    expect(await connection.send(png, 1_000)).toMatchObject({ kind: 'refused', errorClass, code });
    expect(requests).toHaveLength(1);
  });

  test('that the network lost on the way there went to nobody, nor did one that cannot be read', async () => {
    const torn = connected(() => {
      throw new Error('reset');
    });
    expect(await torn.connection.send(png, 1_000)).toMatchObject({ kind: 'refused', code: 'upload_failed' });
    const { connection, requests } = connected(() => sent);
    const gone = picture('image/png', () => Promise.reject(new Error('gone')));
    const outcome = await connection.send({ ...message, media: [gone] }, 1_000);
    expect(outcome).toMatchObject({ kind: 'refused', errorClass: 'transient', code: 'unreadable_media' });
    expect(requests).toEqual([]);
  });

  test('that took all the time to be brought is not sent any more', async () => {
    const { connection, requests } = connected(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return uploaded;
    });
    expect(await connection.send(png, 20)).toMatchObject({ kind: 'refused', code: 'upload_late' });
    expect(requests).toHaveLength(1);
  });

  test('leaves a doubt once the message was asked for, as any', async () => {
    const { connection } = connected(inTurn(uploaded, { status: 500, body: '' }));
    expect(await connection.send(png, 1_000)).toEqual({ kind: 'ambiguous', code: 'http_500' });
  });

  test('goes alone, and with no more words than arrive', async () => {
    const { connection, requests } = connected(() => sent);
    const refused = (code: string) => ({ kind: 'refused', errorClass: 'invalid_message', code });
    const [one] = message.media;
    const both = one === undefined ? [] : [one, one];
    expect(await connection.send({ ...message, media: both }, 1_000)).toMatchObject(refused('one_picture'));
    for (const body of ['a'.repeat(1_501), 'я'.repeat(501)])
      expect(await connection.send({ ...message, body }, 1_000)).toMatchObject(refused('too_long'));
    expect(requests).toEqual([]);
    for (const body of ['a'.repeat(1_500), 'я'.repeat(500)])
      expect(await connection.send({ ...message, body }, 1_000)).toMatchObject({ kind: 'accepted' });
  });
});

describe('a look-up', () => {
  const query = { ...message, hasMedia: true, since: new Date('2026-03-02T15:00:00Z') };
  const pages = (last_page: number, custom_string: string) =>
    connected(({ url }) => {
      const page = new URL(url).searchParams.get('page');
      const row = { message_id: `M${page}`, date: 1_772_463_600, status: 'Completed', custom_string };
      return { status: 200, body: { data: { last_page, data: [row] } } };
    });

  test('goes through the history of messages with pictures', async () => {
    const { connection, requests } = pages(1, attempt);
    expect(await connection.lookup?.(query, 1_000)).toEqual([
      { providerId: 'M1', createdAt: new Date('2026-03-02T15:00:00Z'), status: 'sent' },
    ]);
    expect(requests.map(({ url }) => url)).toEqual([
      `https://rest.clicksend.com/v3/mms/history?date_from=${Date.parse('2026-03-02T14:59:00Z') / 1_000}&page=1&limit=100`,
    ]);
  });

  test('cannot tell of what an endless one may still hold', async () => {
    expect(await pages(2, 'another').connection.lookup?.(query, 1_000)).toEqual([]);
    expect(await pages(21, 'another').connection.lookup?.(query, 1_000)).toBe('cannot_tell');
  });
});

describe('at the carrier', () => {
  let customer: CarrierCustomer;
  beforeEach(async () => {
    customer = await startCarrierCustomer(clicksend, credentials, { number: ours });
  });
  afterEach(() => customer.close());

  test('a picture of any kind arrives as it is, with a receipt, and one that comes is read', async () => {
    const { carrier, connection, told } = customer;
    const outcome = await connection.send(png, 5_000);
    expect(outcome).toMatchObject({ kind: 'accepted' });
    const [, delivered] = await told('status', 2);
    const kept = carrier.keep(bytes, 'image/png');
    const [taken] = carrier.ledger.ofPhone(theirs);
    expect(taken).toMatchObject({ body: 'Hello', reference: attempt, media: [{ sha256: kept.sha256 }] });
    expect(delivered === undefined ? [] : connection.read(delivered)).toMatchObject([
      { kind: 'receipt', reference: attempt, status: 'delivered' },
    ]);
    carrier.text(theirs, ours, 'Look', ['sunset']);
    const [text] = await told('sms', 1);
    const [heard] = text === undefined ? [] : connection.read(text);
    expect(heard).toMatchObject({ kind: 'text', body: 'Look', media: [{ url: expect.stringContaining('/_media/') }] });
  });
});
