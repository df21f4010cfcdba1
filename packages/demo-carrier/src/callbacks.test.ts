import { afterEach, describe, expect, test } from 'vitest';
import {
  accountSid,
  bodyOf,
  businessNumber,
  type Fixture,
  person,
  startCustomer,
  startFixture,
} from './carrier-fixture.ts';
import { signForm } from './signature.ts';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

test('receipts follow a send in order, in Twilio’s form, signed over the URL', async () => {
  fixture = await startFixture();
  const sent = await bodyOf(await fixture.send());
  const posts = await fixture.customer.waitFor('/status', 2);
  expect(posts.map((post) => post.form.MessageStatus)).toEqual(['sent', 'delivered']);
  expect(posts[1]?.form).toEqual({
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    From: businessNumber,
    MessageSid: sent.sid,
    MessageStatus: 'delivered',
    SmsSid: sent.sid,
    SmsStatus: 'delivered',
    To: person,
  });
  for (const post of posts) {
    expect(post.headers['x-twilio-signature']).toBe(signForm('secret', `${fixture.customer.url}/status`, post.form));
    expect(post.headers['content-type']).toContain('application/x-www-form-urlencoded');
  }
});

test('the number’s own status address is used when a send names none', async () => {
  const customer = await startCustomer();
  const number = { number: businessNumber, sms_url: null, status_callback: `${customer.url}/own` };
  fixture = await startFixture({ numbers: [number] });
  await fixture.send({ StatusCallback: '' });
  expect(await customer.waitFor('/own', 2)).toHaveLength(2);
  await customer.close();
});

test('an undelivered message carries an error code', async () => {
  fixture = await startFixture({}, { receipts: { delay_ms: 0, sent: false, failure_rate: 1 } });
  await fixture.send();
  const [post] = await fixture.customer.waitFor('/status', 1);
  expect(post?.form).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '30003' });
});

test('a customer that cannot be reached is tried again, and the failure is written down', async () => {
  fixture = await startFixture({}, { retryDelaysMs: [60, 60, 60] });
  const gone = await startCustomer();
  await gone.close();
  await fixture.send({ StatusCallback: `${gone.url}/status` });
  await expect.poll(() => fixture?.carrier.underway(), { timeout: 5_000 }).toBe(0);
  expect(fixture.carrier.ledger.counts()).toMatchObject({ receipts: 2, receipts_not_taken: 2 });
});

describe('texts from a phone', () => {
  test('come in through the webhook in Twilio’s form, signed', async () => {
    fixture = await startFixture();
    const sid = fixture.carrier.text(person, businessNumber, 'join');
    const [post] = await fixture.customer.waitFor('/inbound', 1);
    expect(post?.form).toEqual({
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      Body: 'join',
      From: person,
      FromCity: '',
      FromCountry: 'US',
      FromState: '',
      FromZip: '',
      MessageSid: sid,
      NumMedia: '0',
      NumSegments: '1',
      SmsMessageSid: sid,
      SmsSid: sid,
      SmsStatus: 'received',
      To: businessNumber,
      ToCity: '',
      ToCountry: 'US',
      ToState: '',
      ToZip: '',
    });
    expect(post?.headers['x-twilio-signature']).toBe(
      signForm('secret', `${fixture.customer.url}/inbound`, post?.form ?? {}),
    );
  });

  test('may be answered with TwiML', async () => {
    fixture = await startFixture();
    fixture.customer.answer = {
      status: 200,
      body: '<Response><Message>Tom &amp; Ann</Message><Message><Body>two</Body></Message></Response>',
    };
    fixture.carrier.text(person, businessNumber, 'join');
    const onPhone = () =>
      fixture?.carrier.ledger.ofPhone(person).map(({ origin, body, status }) => [origin, body, status]);
    await expect.poll(onPhone).toEqual([
      ['phone', 'join', 'received'],
      ['twiml', 'Tom & Ann', 'delivered'],
      ['twiml', 'two', 'delivered'],
    ]);
  });
});

describe('opt-out answered by the carrier', () => {
  const texts = () =>
    fixture?.carrier.ledger.ofPhone(person).flatMap(({ origin, body }) => (origin === 'carrier' ? [body] : [])) ?? [];

  test('STOP is confirmed once, told to the customer and then refused with 21610 until START', async () => {
    fixture = await startFixture({ opt_out: 'carrier' });
    fixture.carrier.text(person, businessNumber, ' stop ');
    fixture.carrier.text(person, businessNumber, 'STOP');
    const told = await fixture.customer.waitFor('/inbound', 2);
    expect(told.map((post) => post.form.OptOutType)).toEqual(['STOP', 'STOP']);
    await expect.poll(texts).toHaveLength(1);
    const refused = await fixture.send();
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([400, 21610]);
    expect((await fixture.send({ To: '+15550004321' })).status).toBe(201);

    fixture.carrier.text(person, businessNumber, 'START');
    expect((await fixture.send()).status).toBe(201);
    await expect.poll(texts).toHaveLength(2);
  });

  test.each([
    ['STOPALL', 'STOP', 1],
    ['unsubscribe', 'STOP', 1],
    ['END', 'STOP', 1],
    ['Quit', 'STOP', 1],
    ['CANCEL', 'STOP', 1],
    ['REVOKE', 'STOP', 1],
    ['OPTOUT', 'STOP', 1],
    ['UNSTOP', 'START', 1],
    ['HELP', 'HELP', 1],
    ['info', 'HELP', 1],
    ['YES', undefined, 0],
    ['stop it', undefined, 0],
    ['join', undefined, 0],
  ])('%s from someone not blocked is %s', async (body, type, answers) => {
    fixture = await startFixture({ opt_out: 'carrier' });
    fixture.carrier.text(person, businessNumber, body);
    const [post] = await fixture.customer.waitFor('/inbound', 1);
    expect(post?.form.OptOutType).toBe(type);
    expect(texts()).toHaveLength(answers);
  });

  test('YES opens again what STOP closed', async () => {
    fixture = await startFixture({ opt_out: 'carrier' });
    fixture.carrier.text(person, businessNumber, 'STOP');
    fixture.carrier.text(person, businessNumber, 'yes');
    expect((await fixture.send()).status).toBe(201);
  });
});

test('opt-out left to the customer: nothing is answered, marked or refused', async () => {
  fixture = await startFixture({ opt_out: 'customer' });
  fixture.carrier.text(person, businessNumber, 'STOP');
  const [post] = await fixture.customer.waitFor('/inbound', 1);
  expect(post?.form).not.toHaveProperty('OptOutType');
  expect(fixture.carrier.ledger.messages).toHaveLength(1);
  expect((await fixture.send()).status).toBe(201);
});
