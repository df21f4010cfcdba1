import { createMailer } from '@signalbox/engine/http/mailer';
import { balanceLow } from '@signalbox/engine/notices/balance-low';
import { raiseNotices, resolveNotices } from '@signalbox/engine/notices/store';
import type { Clock } from '@signalbox/engine/runtime/clock';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { captureLog } from '../providers/captured-log.ts';
import { type SmtpRelay, startSmtpRelay } from '../support/smtp-relay.ts';

let api: ApiHarness;
let relay: SmtpRelay;
const { logger, lines } = captureLog();
const from = 'Signalbox <signalbox@example.com>';
/** Lives as long as the clock goes. */
let token = '';
let at = Date.now();
const clock: Clock = { now: () => new Date(at), monotonic: () => performance.now() };
const minute = 60_000;

beforeAll(async () => {
  relay = await startSmtpRelay();
  api = await startApiHarness({ clock, log: logger, mailer: createMailer({ url: relay.url, from }) });
  token = await api.token('full', 'bearer', 100 * 86_400_000);
});
afterAll(async () => {
  await api.close();
  await relay.close();
});

const colleagues = ['ann@example.com', 'bo@example.com'];
const tell = async (notice_emails: readonly string[]) => {
  const headers = { 'if-match': '*' };
  const answer = await api.call('PATCH', '/api/v1/workspace', {
    body: { name: 'Our shop', notice_emails },
    headers,
    token,
  });
  expect(answer.status).toBe(200);
};
let made = 0;
const raise = (count = 1) =>
  api.inTx((tx) =>
    raiseNotices(
      api.engine,
      { tx, workspaceId: api.workspaceId, now: clock.now() },
      balanceLow,
      Array.from({ length: count }, () => ({
        subject: `acc_${++made}`,
        values: { account: `Shop ${made}`, micro_units: '1500000', currency: 'USD' },
      })),
    ),
  );
const turn = () => api.engine.maintenance.turn('notice-mails');
const stored = () =>
  api.inTx((tx) => tx.selectFrom('notices').select(['mail_at', 'mailed_at', 'mail_attempts']).orderBy('id').execute());

beforeEach(async () => {
  await api.inTx((tx) => tx.deleteFrom('notices').execute());
  relay.mails.splice(0);
  lines.splice(0);
  await tell(colleagues);
});

test('a notice is mailed once to everybody who is to be told, with what to do and where', async () => {
  await raise();
  expect(await turn()).toBe(1);
  expect(await turn()).toBe(0);
  const [mail, ...others] = relay.mails;
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ from: 'signalbox@example.com', to: colleagues, login: 'user secret' });
  expect(mail?.headers.get('subject')).toBe('Our shop: “Shop 1” has $1.50 left');
  expect(mail?.text).toContain('Top it up at the provider');
  expect(mail?.text).toContain(`Open account: ${api.url}/settings/providers/acc_1`);
  expect(mail?.text).toContain(`${api.url}/settings/notices`);
  const list = z
    .object({ data: z.array(z.looseObject({ mailed_at: z.string().nullable() })) })
    .parse((await api.call('GET', '/api/v1/notices', { token })).body);
  expect(list.data.map(({ mailed_at }) => mailed_at)).toEqual([new Date(at).toISOString()]);
});

test('several at once are one mail', async () => {
  await raise(3);
  expect(await turn()).toBe(3);
  expect(relay.mails.map(({ headers }) => headers.get('subject'))).toEqual(['Our shop: 3 notices']);
  const { text = '' } = relay.mails[0] ?? {};
  expect(text.match(/has \$1\.50 left/g)).toHaveLength(3);
});

test('what a relay refuses or loses is tried again, later each time, and the log names nobody', async () => {
  await raise();
  relay.next('refuse');
  await turn();
  expect(await turn(), 'not before its time').toBe(0);
  at += minute;
  relay.next('go');
  await turn();
  at += minute;
  expect(await turn(), 'twice as long after the second').toBe(0);
  at += minute;
  expect(await turn()).toBe(1);
  expect(relay.mails).toHaveLength(1);
  expect(JSON.stringify(lines)).toContain('_451');
  expect(JSON.stringify(lines)).not.toMatch(/@example\.com/);
});

test('one that the relay has and nobody knows it has is mailed again, as the same mail', async () => {
  await raise();
  relay.next('take and go');
  await turn();
  at += minute;
  await turn();
  const ids = relay.mails.map(({ headers }) => headers.get('message-id'));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('no two processes mail the same at once', async () => {
  await raise();
  expect((await Promise.all([turn(), turn(), turn()])).sort()).toEqual([0, 0, 1]);
  expect(relay.mails).toHaveLength(1);
});

test('nobody is mailed about what is over or more than a day old, nor where nobody wants to be', async () => {
  await raise();
  await api.inTx((tx) =>
    resolveNotices({ tx, workspaceId: api.workspaceId, now: clock.now() }, balanceLow, [`acc_${made}`]),
  );
  expect(await turn()).toBe(0);
  await raise();
  at += 25 * 60 * minute;
  expect(await turn()).toBe(0);
  await tell([]);
  await raise();
  expect(await turn()).toBe(0);
  await tell(colleagues);
  expect(await turn(), 'whoever comes later is told of what comes later').toBe(0);
  expect(relay.mails).toEqual([]);
  expect((await stored()).map(({ mail_at, mailed_at }) => [mail_at, mailed_at])).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
});

test('whom to tell is a list of addresses, each once, and what is none is said at its place', async () => {
  await tell(['ann@example.com', 'ann@example.com']);
  const read = await api.call('GET', '/api/v1/workspace', { token });
  expect(read.body).toMatchObject({ notice_emails: ['ann@example.com'], sends_mail: true });
  const body = { notice_emails: ['ann@example.com', 'bo'] };
  const refused = await api.call('PATCH', '/api/v1/workspace', { body, headers: { 'if-match': '*' }, token });
  expect([refused.status, refused.body]).toMatchObject([422, { errors: [{ path: ['notice_emails', 1] }] }]);
});

test('a test mail goes to whoever asks, and a relay that refuses is quoted to them and to no log', async () => {
  const send = (body: object) => api.call('POST', '/api/v1/notices/test-mail', { body, token });
  const sent = await send({ to: 'cy@example.com' });
  expect([sent.status, sent.body]).toEqual([200, { ok: true, code: null, said: null, missing: [] }]);
  expect(relay.mails).toMatchObject([{ to: ['cy@example.com'] }]);
  expect(relay.mails[0]?.headers.get('subject')).toBe('Our shop: a test mail');
  relay.next('refuse');
  const refused = await send({ to: 'cy@example.com' });
  expect(refused.body).toEqual({ ok: false, code: 'EMESSAGE_451', said: '451 Not now, cy@example.com', missing: [] });
  expect(JSON.stringify(lines)).not.toContain('cy@example.com');
  expect((await send({ to: 'nobody' })).status).toBe(422);
});

test('what a relay said is in no field of the error that a log would write', async () => {
  relay.next('refuse');
  const mail = { id: 'x', to: ['cy@example.com'], subject: 'Hello', text: 'Hello' };
  const error = await createMailer({ url: relay.url, from })
    .send(mail)
    .catch((each: unknown) => each);
  expect(error).toMatchObject({ said: '451 Not now, cy@example.com' });
  logger.error({ err: error }, 'mails');
  expect(JSON.stringify(lines)).toContain('EMESSAGE_451');
  expect(JSON.stringify(lines)).not.toContain('cy@example.com');
});

test('without a relay it says which settings are missing', async () => {
  const without = await startApiHarness();
  try {
    const answer = await without.call('POST', '/api/v1/notices/test-mail', { body: { to: 'cy@example.com' } });
    expect(answer.body).toMatchObject({ ok: false, code: null, missing: ['SMTP_URL', 'MAIL_FROM'] });
  } finally {
    await without.close();
  }
});

test('a password is not handed to a relay elsewhere that has no encryption', async () => {
  // Known by another name, this machine is elsewhere.
  const url = relay.url.replace('127.0.0.1', '[::ffff:127.0.0.1]');
  const mail = { id: 'x', to: colleagues, subject: 'Hello', text: 'Hello' };
  await expect(createMailer({ url, from }).send(mail)).rejects.toThrow(/ETLS/);
  await createMailer({ url: url.replace('user:secret@', ''), from }).send(mail);
  expect(relay.mails.map(({ login }) => login)).toEqual([null]);
});
