import {
  accountSid,
  businessNumber,
  type Fixture,
  person,
  startFixture,
} from '@signalbox/demo-carrier/carrier-fixture';
import { signForm } from '@signalbox/demo-carrier/signature';
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ opt_out: 'carrier' });
});
afterEach(async () => {
  await fixture.close();
});

/** Twilio’s own client, whose every request is turned to the carrier on loopback. */
function client(token = 'secret') {
  const httpClient = new twilio.RequestClient();
  const request = httpClient.request.bind(httpClient);
  const hosts: string[] = [];
  httpClient.request = (options) => {
    const asked = new URL(options.uri);
    hosts.push(asked.hostname);
    return request({ ...options, uri: `${fixture.url}${asked.pathname}${asked.search}` });
  };
  return { twilio: twilio(accountSid, token, { httpClient }), hosts };
}

describe('Twilio’s client at the carrier', () => {
  test('sends, and understands the whole answer', async () => {
    const { twilio: api, hosts } = client();
    const sent = await api.messages.create({ to: person, from: businessNumber, body: 'Welcome Sam…' });
    expect(sent).toMatchObject({
      accountSid,
      body: 'Welcome Sam…',
      direction: 'outbound-api',
      errorCode: null,
      from: businessNumber,
      numSegments: '1',
      status: 'queued',
      to: person,
    });
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(Math.abs(sent.dateCreated.getTime() - Date.now())).toBeLessThan(5_000);
    expect(hosts).toEqual(['api.twilio.com']);
  });

  test('reads one message and lists them over pages', async () => {
    const { twilio: api } = client();
    for (const body of ['one', 'two', 'three']) {
      await api.messages.create({ to: person, from: businessNumber, body });
    }
    const since = new Date(Date.now() - 60_000);
    const listed = await api.messages.list({ to: person, from: businessNumber, dateSentAfter: since, pageSize: 2 });
    expect(listed.map((message) => message.body)).toEqual(['three', 'two', 'one']);
    const [newest] = listed;
    const read = await api.messages(newest?.sid ?? '').fetch();
    expect(read.body).toBe('three');
    const account = await api.api.v2010.accounts(accountSid).fetch();
    expect([account.sid, account.status]).toEqual([accountSid, 'active']);
  });

  test.each([
    ['an invalid To', { to: '12' }, 21211, 400],
    ['a foreign From', { from: '+15550009999' }, 21606, 400],
    ['a text that is too long', { body: 'a'.repeat(1_601) }, 21617, 400],
  ])('understands the refusal of %s', async (_name, change, code, status) => {
    const { twilio: api } = client();
    const sending = api.messages.create({ to: person, from: businessNumber, body: 'Hello', ...change });
    await expect(sending).rejects.toMatchObject({
      code,
      status,
      moreInfo: `https://www.twilio.com/docs/errors/${code}`,
    });
  });

  test('understands wrong credentials, an opted-out person, too many requests and an unknown message', async () => {
    const { twilio: api } = client();
    const message = { to: person, from: businessNumber, body: 'Hello' };
    await expect(client('wrong').twilio.messages.create(message)).rejects.toMatchObject({ code: 20003, status: 401 });
    fixture.carrier.text(person, businessNumber, 'STOP');
    await expect(api.messages.create(message)).rejects.toMatchObject({ code: 21610, status: 400 });
    fixture.carrier.addFault({ kind: 'refuse' });
    await expect(api.messages.create({ ...message, to: '+15550004321' })).rejects.toMatchObject({
      code: 20429,
      status: 429,
    });
    await expect(api.messages(`SM${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({ code: 20404, status: 404 });
  });
});

describe('Twilio’s signature functions', () => {
  test('validate the carrier’s receipts and inbound posts, and refuse them changed', async () => {
    await client().twilio.messages.create({
      to: person,
      from: businessNumber,
      body: 'Hello',
      statusCallback: `${fixture.customer.url}/status?flow=a%20b`,
    });
    fixture.carrier.text(person, businessNumber, 'Ça va, Zoë? 👋 & more=less');
    const posts = [
      ...(await fixture.customer.waitFor('/status?flow=a%20b', 2)),
      ...(await fixture.customer.waitFor('/inbound', 1)),
    ];
    expect(posts).toHaveLength(3);
    for (const post of posts) {
      const signature = String(post.headers['x-twilio-signature']);
      const url = fixture.customer.url + post.path;
      expect(twilio.validateRequest('secret', signature, url, post.form)).toBe(true);
      expect(twilio.validateRequest('other', signature, url, post.form)).toBe(false);
      expect(twilio.validateRequest('secret', signature, url, { ...post.form, From: '+15550000000' })).toBe(false);
    }
  });

  test('agree with the carrier’s signing', () => {
    const url = 'https://sms.example.com/hooks/twilio?account=1';
    const form = { To: person, Body: 'x & y = z', 'a b': '', From: businessNumber };
    expect(signForm('secret', url, form)).toBe(twilio.getExpectedTwilioSignature('secret', url, form));
  });
});
