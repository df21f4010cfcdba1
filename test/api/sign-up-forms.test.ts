import { ofAddress } from '@signalbox/engine/signups/join-pages';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
let programme = '';
let unasked = '';
let list = '';
beforeAll(async () => {
  api = await startApiHarness({ trustedProxies: 1 });
  const question = 'Our Shop: Reply YES to get weekly offers. Reply STOP to opt out, HELP for help.';
  programme = await made('/consent/programmes', { ...words, name: 'Offers', question });
  unasked = await made('/consent/programmes', { ...words, name: 'Tips' });
  list = await made('/contact-lists', { kind: 'list', name: 'From the website' });
});
afterAll(() => api.close());

const words = { brand: 'Our Shop', purpose: 'marketing', disclosure: 'Weekly offers by text from Our Shop.' };
const formSchema = z.looseObject({
  id: z.string(),
  url: z.string(),
  revision: z.number(),
  sign_ups: z.number(),
  consenting: z.number(),
});
const post = (path: string, body: object) => api.call('POST', `/api/v1${path}`, { body });
const made = async (path: string, body: object) =>
  z.looseObject({ id: z.string() }).parse((await post(path, body)).body).id;
const given = (more: object = {}) => ({
  name: 'Footer',
  programme_id: programme,
  title: 'Offers by text',
  frequency: 'Up to 4 texts a month',
  terms_url: 'https://example.com/terms',
  privacy_url: 'https://example.com/privacy',
  ...more,
});
const create = async (more: object = {}) => formSchema.parse((await post('/sign-up-forms', given(more))).body);
const read = async (id: string) => formSchema.parse((await api.call('GET', `/api/v1/sign-up-forms/${id}`)).body);
const change = (id: string, body: object) =>
  api.call('PATCH', `/api/v1/sign-up-forms/${id}`, { body, headers: { 'if-match': '*' } });

let addresses = 0;
type Sent = {
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
};
const pathOf = (url: string) => new URL(url).pathname;
const page = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  api.call('GET', path, { token: null, headers });
const ticketIn = (body: unknown) => /name="ticket" value="([^"]+)"/.exec(String(body))?.[1] ?? '';
const newAddress = () => `203.0.113.${++addresses}`;
const send = (path: string, ticket: string, { fields = {}, headers = {} }: Sent) =>
  api.call('POST', path, {
    token: null,
    headers: { 'x-forwarded-for': newAddress(), 'user-agent': 'Phone', ...headers },
    text: {
      type: 'application/x-www-form-urlencoded',
      text: new URLSearchParams({ ticket, agree: 'yes', ...fields }).toString(),
    },
  });
/** Opens the page, reads it for as long as somebody does, and sends it. */
async function signUp(path: string, phone: string, more: Sent = {}) {
  const key = `${path} ${more.headers?.['referer'] ?? ''}`;
  const known = tickets.get(key);
  const ticket = known ?? ticketIn((await page(path, more.headers)).body);
  tickets.set(key, ticket);
  if (known === undefined) await readIt();
  return send(path, ticket, { ...more, fields: { phone, ...more.fields } });
}
const readIt = () => new Promise((resolve) => setTimeout(resolve, 1_050));
const tickets = new Map<string, string>();
const ledger = async (phone: string) => {
  const file = String((await api.call('GET', '/api/v1/consents/export')).body);
  return file.split('\r\n').filter((line) => line.includes(phone));
};

describe('The page of a form', () => {
  test('shows what people agree to, and takes a sign-up once, with what they saw as its proof', async () => {
    const { id, url } = await create({ asks_name: true, list_ids: [list] });
    const opened = await page(pathOf(url));
    expect(opened.status).toBe(200);
    for (const part of [
      'recurring marketing texts from Our Shop',
      'Up to 4 texts a month.',
      'Message and data rates may apply.',
      'not a condition of any purchase',
      'Reply STOP to stop, HELP for help.',
      'Weekly offers by text from Our Shop.',
      'https://example.com/terms',
      'https://example.com/privacy',
    ])
      expect(opened.body).toContain(part);
    const sent = await signUp(pathOf(url), '(202) 555-0171', { fields: { first_name: 'Ada' } });
    expect([sent.status, String(sent.body).includes('a text is on its way')]).toEqual([200, true]);
    const again = await signUp(pathOf(url), '+12025550171', { fields: { first_name: 'Eve' } });
    expect([again.status, again.body]).toEqual([200, sent.body]);
    const [entry, ...more] = await ledger('+12025550171');
    expect(more).toEqual([]);
    for (const part of [
      'requested',
      'form',
      'Offers',
      'I agree to get recurring',
      'Footer',
      url,
      '203.0.113.',
      'Phone',
    ])
      expect(entry).toContain(part);
    expect(await read(id)).toMatchObject({ sign_ups: 1, consenting: 0 });
    const people = await api.call('GET', '/api/v1/contacts?search=2025550171');
    expect(people.body).toMatchObject({ data: [{ first_name: 'Ada' }] });
    expect((await api.call('GET', '/api/v1/contact-lists')).body).toMatchObject({ data: [{ size: 1 }] });
    const days = await api.call('GET', `/api/v1/sign-up-forms/${id}/days`);
    expect(
      z
        .object({ data: z.array(z.unknown()) })
        .parse(days.body)
        .data.at(-1),
    ).toMatchObject({ sign_ups: 1 });
  });

  test('grants at once where nobody is asked to confirm, and says the same of a number that is suppressed', async () => {
    const { id, url } = await create({ programme_id: unasked, double_opt_in: false });
    await post('/suppressions', { numbers: ['+12025550173'] });
    const free = await signUp(pathOf(url), '+12025550172');
    const suppressed = await signUp(pathOf(url), '+12025550173');
    expect([suppressed.status, suppressed.body]).toEqual([free.status, free.body]);
    expect(await ledger('+12025550172')).toHaveLength(1);
    expect(await read(id)).toMatchObject({ sign_ups: 2 });
    expect((await api.call('GET', '/api/v1/suppressions?search=2025550173')).body).toMatchObject({ data: [{}] });
  });

  test('shows texts as texts', async () => {
    const evil = '<script>alert(1)</script>"onload="x';
    const { url } = await create({ title: evil, text: evil, frequency: evil, name: evil });
    const { body, headers } = await page(pathOf(url));
    expect(body).not.toContain('<script');
    expect(body).not.toContain('"onload="');
    const refused = await signUp(pathOf(url), evil, { fields: { first_name: evil } });
    expect(refused.status).toBe(422);
    expect(refused.body).not.toContain('<script');
    expect(refused.body).not.toContain('"onload="');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
    );
  });

  test('stands in frames of the hosts that it names alone, and puts down on which', async () => {
    const { url } = await create({ hosts: ['WWW.example.com'] });
    const path = `${pathOf(url)}?frame=1`;
    const { headers } = await page(path);
    expect(headers.get('content-security-policy')).toContain('frame-ancestors https://www.example.com');
    expect(headers.get('x-frame-options')).toBeNull();
    await signUp(path, '+12025550174', { headers: { referer: 'https://www.example.com/offers' } });
    expect((await ledger('+12025550174'))[0]).toContain('https://www.example.com');
    await signUp(path, '+12025550175', { headers: { referer: 'https://evil.example/' } });
    expect((await ledger('+12025550175'))[0]).not.toContain('evil');
    const alone = await page(pathOf((await create()).url));
    expect(alone.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(alone.headers.get('x-frame-options')).toBe('DENY');
  });

  test('refuses what no person sends, and takes nothing from it', async () => {
    const { id, url } = await create();
    const path = pathOf(url);
    const ticket = ticketIn((await page(path)).body);
    const phone = '+12025550176';
    expect((await send(path, ticket, { fields: { phone } })).status).toBe(422);
    expect((await signUp(path, phone, { fields: { website: 'https://x.example' } })).status).toBe(200);
    expect((await signUp(path, phone, { fields: { agree: 'no' } })).status).toBe(422);
    expect((await signUp(path, '12')).status).toBe(422);
    expect((await signUp(path, `${phone}\u0000`)).status).toBe(422);
    const other = ticketIn((await page(pathOf((await create()).url))).body);
    await readIt();
    for (const forged of ['', 'x'.repeat(80), other, `${ticket.slice(0, -2)}AA`])
      expect((await send(path, forged, { fields: { phone } })).status).toBe(422);
    expect((await send(path, ticket, { fields: { phone }, headers: { origin: 'https://evil.example' } })).status).toBe(
      403,
    );
    expect((await send(path, ticket, { fields: { phone, more: 'x'.repeat(20_000) } })).status).toBe(413);
    expect(await read(id)).toMatchObject({ sign_ups: 0 });
    expect(await ledger(phone)).toEqual([]);
    expect((await send(path, ticket, { fields: { phone } })).status).toBe(200);
    expect(await read(id)).toMatchObject({ sign_ups: 1 });
  });

  test('shows other words before anybody agrees to them, and is closed where nobody could be asked', async () => {
    const { id, url } = await create();
    const path = pathOf(url);
    const ticket = ticketIn((await page(path)).body);
    await readIt();
    await change(id, { frequency: 'Every day' });
    const again = await send(path, ticket, { fields: { phone: '+12025550177' } });
    expect([again.status, String(again.body).includes('Every day.')]).toEqual([422, true]);
    await change(id, { enabled: false });
    expect((await page(path)).status).toBe(410);
    expect((await send(path, ticket, { fields: { phone: '+12025550177' } })).status).toBe(410);
    const late = await made('/consent/programmes', { ...words, name: 'Late', question: 'Reply YES. STOP to end.' });
    const asking = await create({ programme_id: late });
    await api.call('POST', `/api/v1/consent/programmes/${late}/versions`, {
      body: { disclosure: 'Other words' },
      headers: { 'if-match': '*' },
    });
    expect((await page(pathOf(asking.url))).status).toBe(410);
    expect((await page('/join/AAAAAAAAA')).status).toBe(404);
    expect((await page("/join/'%00")).status).toBe(404);
  });

  test('takes so many from one address', async () => {
    const { url } = await create();
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    const statuses = [];
    for (let turn = 0; turn <= ofAddress.atOnce; turn += 1)
      statuses.push((await send(pathOf(url), '', { headers })).status);
    expect(new Set(statuses.slice(0, -1))).toEqual(new Set([422]));
    expect(statuses.at(-1)).toBe(429);
    expect((await send(pathOf(url), '', {})).status).toBe(422);
  });
});

test.each([
  ['an unknown programme', { programme_id: 'prg_01jd4w7h8zqv3m5k2n9x6r0t4c' }, 'programme_id'],
  ['a question that there is not', { programme_id: '', double_opt_in: true }, 'double_opt_in'],
  ['a list that there is not', { list_ids: ['lst_01jd4w7h8zqv3m5k2n9x6r0t4c'] }, 'list_ids'],
  ['a host with a path', { hosts: ['example.com/x'] }, 'hosts'],
  ['an address that is a script', { terms_url: 'javascript:alert(1)' }, 'terms_url'],
  ['an address with a login', { privacy_url: 'https://a:b@example.com' }, 'privacy_url'],
  ['what cannot be stored', { title: 'a\u0000b' }, 'title'],
])('A form is refused with %s', async (_, more, field) => {
  const about = 'programme_id' in more && more.programme_id === '' ? { programme_id: unasked } : {};
  const answer = await post('/sign-up-forms', given({ ...more, ...about }));
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toContain(`"${field}"`);
});
