import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { accountSid, basic, bodyOf, businessNumber, type Fixture, person, startFixture } from '../carrier-fixture.ts';

const answerSid = z.object({ sid: z.string() });
let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(async () => {
  await fixture.close();
});

const get = (path: string) =>
  fetch(`${fixture.url}/2010-04-01/Accounts/${accountSid}${path}`, {
    headers: { authorization: basic(accountSid, 'secret') },
  });

test('a send is answered 201 with the whole message resource', async () => {
  const answer = await fixture.send({ Body: 'Welcome Sam…' });
  expect(answer.status).toBe(201);
  const message: unknown = await answer.json();
  const { sid } = answerSid.parse(message);
  expect(message).toEqual({
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: 'Welcome Sam…',
    date_created: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/),
    date_sent: null,
    date_updated: expect.any(String),
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: businessNumber,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    status: 'queued',
    subresource_uris: {
      media: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media.json`,
      feedback: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Feedback.json`,
    },
    to: person,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  });
});

test.each([
  ['a'.repeat(160), '1'],
  ['a'.repeat(161), '2'],
  ['a'.repeat(307), '3'],
  ['€'.repeat(80), '1'],
  ['€'.repeat(81), '2'],
  ['你'.repeat(70), '1'],
  ['你'.repeat(71), '2'],
  [`${'你'.repeat(66)}😀${'你'.repeat(66)}`, '3'],
])('counts the segments of a text of the case %#', async (body, segments) => {
  const message = await bodyOf(await fixture.send({ Body: body }));
  expect(message.num_segments).toBe(segments);
});

describe('refusals in Twilio’s shape', () => {
  test.each([
    ['no To', { To: '' }, 400, 21604],
    ['a To that is no number', { To: '12345' }, 400, 21211],
    ['no From', { From: '' }, 400, 21603],
    ['a From that is no number', { From: '+++' }, 400, 21212],
    ['a From of somebody else', { From: '+15550009999' }, 400, 21606],
    ['an unknown messaging service', { From: '', MessagingServiceSid: `MG${'0'.repeat(32)}` }, 404, 21701],
    ['no Body', { Body: '' }, 400, 21602],
    ['a Body over 1600 characters', { Body: 'a'.repeat(1_601) }, 400, 21617],
    ['a StatusCallback that is no URL', { StatusCallback: 'nowhere' }, 400, 21609],
  ])('%s', async (_name, form, status, code) => {
    const answer = await fixture.send(form);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      code,
      message: expect.any(String),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    });
    expect(fixture.carrier.ledger.messages).toHaveLength(0);
    expect(fixture.carrier.ledger.counts().refused).toEqual({ [code]: 1 });
  });

  test.each([
    ['no credentials', ''],
    ['a wrong token', basic(accountSid, 'wrong')],
  ])('%s is 401 with 20003', async (_name, authorization) => {
    const answer = await fixture.send({}, authorization);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([401, 20003]);
    expect(answer.headers.get('www-authenticate')).toContain('Basic');
  });

  test('another account’s credentials do not open this one, nor its messages', async () => {
    const other = `AC${'b'.repeat(32)}`;
    fixture.carrier.setAccount({ sid: other, auth_token: 'other' });
    const sent = await bodyOf(await fixture.send());
    const mine = await fixture.send({}, basic(other, 'other'));
    expect([mine.status, (await bodyOf(mine)).code]).toEqual([404, 20404]);
    const read = await fetch(`${fixture.url}/2010-04-01/Accounts/${other}/Messages/${sent.sid}.json`, {
      headers: { authorization: basic(other, 'other') },
    });
    expect(read.status).toBe(404);
  });

  test('a body of 100 kB is refused whole', async () => {
    expect((await fixture.send({ Extra: 'x'.repeat(100_000) })).status).toBe(413);
  });
});

describe('reading', () => {
  test('one message, with its state', async () => {
    const sent = await bodyOf(await fixture.send());
    await fixture.customer.waitFor('/status', 2);
    const read = await bodyOf(await get(`/Messages/${sent.sid}.json`));
    expect(read).toMatchObject({ sid: sent.sid, status: 'delivered', date_sent: expect.any(String) });
    const unknown = await get(`/Messages/SM${'0'.repeat(32)}.json`);
    expect([unknown.status, (await bodyOf(unknown)).code]).toEqual([404, 20404]);
  });

  test('the account', async () => {
    expect(await bodyOf(await get('.json'))).toMatchObject({ sid: accountSid, status: 'active' });
  });

  test('a list by To and time, newest first, in pages that new messages do not shift', async () => {
    for (const body of ['one', 'two', 'three']) await fixture.send({ Body: body });
    await fixture.send({ To: '+15550005678' });
    const since = encodeURIComponent(new Date(Date.now() - 60_000).toISOString());
    const query = `To=${encodeURIComponent(person)}&From=${encodeURIComponent(businessNumber)}&DateSent%3E=${since}&PageSize=2`;
    const first = await bodyOf(await get(`/Messages.json?${query}`));
    expect(first.messages.map((message) => message.body)).toEqual(['three', 'two']);
    expect(first).toMatchObject({ page: 0, page_size: 2, start: 0, end: 1, previous_page_uri: null });
    await fixture.send({ Body: 'four' });
    const second = await bodyOf(
      await fetch(`${fixture.url}${first.next_page_uri}`, { headers: { authorization: basic(accountSid, 'secret') } }),
    );
    expect(second.messages.map((message) => message.body)).toEqual(['one']);
    expect(second.next_page_uri).toBeNull();
  });

  test('a time in the future finds nothing; an unknown person nothing', async () => {
    await fixture.send();
    const list = async (query: string) => (await bodyOf(await get(`/Messages.json?${query}`))).messages.length;
    expect(await list('DateSent%3E=2100-01-01')).toBe(0);
    expect(await list('DateSent%3C=2000-01-01')).toBe(0);
    expect(await list(`DateSent=${new Date().toISOString().slice(0, 10)}`)).toBe(1);
    expect(await list('To=%2B15550007777')).toBe(0);
  });
});
