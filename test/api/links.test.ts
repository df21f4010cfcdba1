import { request } from 'node:http';
import { guessesAtOnce } from '@signalbox/engine/links/guessing';
import { linkLifeMs } from '@signalbox/engine/links/shorten';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { linkCodeLength } from '@signalbox/nodes/text/links';
import { countSegments } from '@signalbox/nodes/text/segments';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { anywhere, setRules } from '../support/gate-rules.ts';
import { phone, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());
beforeEach(async () => {
  await setDomain(null);
});

const setDomain = (domain: string | null) =>
  api.inTx((tx) => tx.updateTable('workspaces').set({ link_domain: domain }).execute());

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

type Asked = { readonly host?: string; readonly agent?: string; readonly method?: string };
type Got = { readonly status: number; readonly location: string | undefined; readonly body: string };

/** Asks for an address of the engine by whatever host; nothing is followed. */
function ask(path: string, { host, agent = iphone, method = 'GET' }: Asked = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const headers = { ...(agent === '' ? {} : { 'user-agent': agent }), ...(host === undefined ? {} : { host }) };
    request(`${api.url}${path}`, { method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece) => {
        body += piece;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const sentSchema = z.object({ data: z.array(z.object({ id: z.string(), contact_id: z.string() })) });
const linkSchema = z.object({
  url: z.string(),
  target: z.string(),
  clicks: z.int(),
  first_clicked_at: z.string().nullable(),
  last_clicked_at: z.string().nullable(),
  expires_at: z.string(),
});
const detailSchema = z.object({
  text: z.string(),
  segments: z.int(),
  state: z.string(),
  contact_id: z.string(),
  links: z.array(linkSchema),
});
const targetsSchema = z.object({
  data: z.array(
    z.object({
      target: z.string(),
      messages: z.int(),
      people: z.int(),
      people_clicked: z.int(),
      clicks: z.int(),
      last_clicked_at: z.string().nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

let used = 0;
async function send(text: string, more: object = {}): Promise<string> {
  used += 1;
  const sent = await api.call('POST', '/api/v1/messages', {
    body: { messages: [{ to: phone(4_000 + used), text }], purpose: 'transactional', shorten_links: true, ...more },
  });
  return sentSchema.parse(sent.body).data[0]?.id ?? '';
}
const read = async (id: string) => detailSchema.parse((await api.call('GET', `/api/v1/messages/${id}`)).body);
const pathOf = (url: string | undefined) => new URL(url ?? '').pathname;
const clicksOf = (code: string) =>
  api.inTx((tx) =>
    tx
      .selectFrom('link_clicks')
      .select(['device', 'automatic'])
      .where('code', '=', code)
      .orderBy('automatic')
      .orderBy('device')
      .execute(),
  );

test('a text goes out with a short link for each of its links, and is counted as it goes out', async () => {
  const long = `https://example.com/${'x'.repeat(150)}?a=1&b=2`;
  const id = await send(`Sale: ${long}. Or www.example.org!`);
  const message = await read(id);
  expect(message.links.map(({ target }) => target)).toEqual([long, 'https://www.example.org/']);
  const short = new RegExp(`^Sale: ${api.url}/l/[0-9A-Za-z]{9}\\. Or ${api.url}/l/[0-9A-Za-z]{9}!$`);
  expect(message.text).toMatch(short);
  expect(message.segments).toBe(countSegments(message.text).segments);
  await until('the carrier to have it', () => api.carrier.ledger.messages.some(({ body }) => body === message.text));

  const plain = await read(await send(`Sale: ${long}`, { shorten_links: false }));
  expect([plain.text, plain.links]).toEqual([`Sale: ${long}`, []]);
  const preview = await api.call('POST', '/api/v1/messages/preview', {
    body: { to: phone(1), text: `Sale: ${long}`, shorten_links: true },
  });
  expect(preview.body).toMatchObject({ segments: 1 });
});

test('whoever follows it gets where it leads, and is counted; what looks at it by itself is not', async () => {
  const id = await send('See https://example.com/a?b=c#d');
  const path = pathOf((await read(id)).links[0]?.url);
  const code = path.slice(-linkCodeLength);
  for (const asked of [{ method: 'HEAD' }, { agent: 'WhatsApp/2.23' }, { agent: '' }]) {
    const { status, location } = await ask(path, asked);
    expect([status, location]).toEqual([302, 'https://example.com/a?b=c#d']);
  }
  expect((await ask(`${path}?url=https://evil.example/&next=//evil.example`)).location).toBe(
    'https://example.com/a?b=c#d',
  );
  expect((await ask(path)).status).toBe(302);
  const counted = await until('the click to be counted', async () => {
    const [link] = (await read(id)).links;
    return link !== undefined && link.clicks > 0 ? link : null;
  });
  expect(counted.clicks).toBe(1);
  expect(counted.first_clicked_at).toBe(counted.last_clicked_at);
  await until('what is no click to be marked', async () => (await clicksOf(code)).length === 3);
  expect(await clicksOf(code)).toEqual([
    { device: 'phone', automatic: false },
    { device: 'phone', automatic: true },
    { device: 'unknown', automatic: true },
  ]);
  const { contact_id } = await read(id);
  const events = await api.inTx((tx) =>
    tx.selectFrom('events').select(['type', 'data', 'cause']).where('type', '=', 'link.clicked').execute(),
  );
  expect(events).toEqual([
    {
      type: 'link.clicked',
      data: { url: 'https://example.com/a?b=c#d', device: 'phone', message_id: id },
      cause: 'link',
    },
  ]);
  const listed = targetsSchema.parse((await api.call('GET', `/api/v1/links?message_id=${id}`)).body);
  expect(listed.data).toEqual([
    {
      target: 'https://example.com/a?b=c#d',
      messages: 1,
      people: 1,
      people_clicked: 1,
      clicks: 1,
      last_clicked_at: counted.last_clicked_at,
    },
  ]);
  expect(contact_id).not.toBe('');
});

test('an unknown code, a spoilt one and one that has expired lead nowhere', async () => {
  const id = await send('See https://example.com/old');
  const path = pathOf((await read(id)).links[0]?.url);
  const code = path.slice(-linkCodeLength);
  const past = new Date(Date.now() - linkLifeMs);
  await api.inTx((tx) => tx.updateTable('links').set({ expires_at: past }).where('code', '=', code).execute());
  const gone = await ask(path);
  expect([gone.status, gone.location]).toEqual([410, undefined]);
  expect(gone.body).toContain('This link has expired');
  for (const spoilt of ['/l/AAAAAAAAA', '/l/x', `${path}x`, `/l/${encodeURIComponent('https://evil.example')}`]) {
    const { status, location, body } = await ask(spoilt);
    expect([spoilt, status, location]).toEqual([spoilt, 404, undefined]);
    expect(body).toContain('No such link');
  }
  expect(await clicksOf(code)).toEqual([]);
});

test('a link is gone a month after it has expired, and a click once it is older than clicks are kept; what is younger stays', async () => {
  const made = await Promise.all(['dead', 'past', 'live'].map((name) => send(`See https://example.com/${name}`)));
  const codes = await Promise.all(
    made.map(async (id) => pathOf((await read(id)).links[0]?.url).slice(-linkCodeLength)),
  );
  const [dead = '', past = '', live = ''] = codes;
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  const { workspaceId } = api;
  await api.inTx(async (tx) => {
    await tx
      .updateTable('links')
      .set({ expires_at: ago(31) })
      .where('code', '=', dead)
      .execute();
    await tx
      .updateTable('links')
      .set({ expires_at: ago(29) })
      .where('code', '=', past)
      .execute();
    for (const [code, days] of [
      [dead, 40],
      [live, 401],
      [live, 399],
    ] as const)
      await tx
        .insertInto('link_clicks')
        .values({
          workspace_id: workspaceId,
          id: api.engine.ids.uuid(),
          code,
          at: ago(days),
          device: 'phone',
          automatic: false,
        })
        .execute();
  });
  await api.engine.maintenance.turn('expired');
  const left = await api.inTx((tx) =>
    tx.selectFrom('links').select('code').where('code', 'in', codes).orderBy('code').execute(),
  );
  expect(left.map(({ code }) => code)).toEqual([past, live].sort());
  expect([(await clicksOf(dead)).length, (await clicksOf(live)).length]).toEqual([0, 1]);
  expect((await ask(`/l/${dead}`)).status).toBe(404);
});

test('a workspace’s domain has its own links at its root, and nobody’s else', async () => {
  const own = pathOf((await read(await send('See https://example.com/own'))).links[0]?.url);
  await setDomain('go.example.com');
  const [link] = (await read(await send('See https://example.com/there'))).links;
  expect(link?.url).toMatch(/^https:\/\/go\.example\.com\/[0-9A-Za-z]{9}$/);
  const path = pathOf(link?.url);
  const there = { host: 'go.example.com' };
  expect((await ask(path, there)).location).toBe('https://example.com/there');
  expect((await ask(path, { host: 'GO.example.com' })).location).toBe('https://example.com/there');
  expect((await ask('/AAAAAAAAA', there)).status).toBe(404);
  expect((await ask(`/l${path}`)).status).toBe(404);
  expect((await ask(path)).location).toBeUndefined();
  expect((await ask(own, there)).status).toBe(404);
  expect((await ask(path, { host: 'elsewhere.example.com' })).location).toBeUndefined();
  expect((await ask(own)).location).toBe('https://example.com/own');
  // Texts that are out go on working when the workspace takes another.
  await setDomain('new.example.com');
  expect((await ask(path, there)).location).toBe('https://example.com/there');
});

test('everyone in a flow gets a code of their own; the flow has its targets, page by page', async () => {
  const w = flow('Links');
  const start = w.step('start', apiEvent, { event: 'never' });
  start.to(
    'next',
    w.step('send', sendSms, {
      text: 'https://example.com/same and https://example.com/{{ contact.attributes.n }}',
      purpose: 'transactional',
      shorten_links: true,
    }),
  );
  const { flowId } = await api.publish('Links', w.graph());
  const contacts = await api.addContacts(3, 700);
  await api.inTx(async (tx) => {
    for (const [n, id] of contacts.entries())
      await tx
        .updateTable('contacts')
        .set({ attributes: JSON.stringify({ n }) })
        .where('id', '=', id)
        .execute();
  });
  await letIn(api, flowId, contacts);
  const rows = await until('everybody to be texted', async () => {
    const found = await api.inTx((tx) =>
      tx.selectFrom('links').select(['code', 'contact_id', 'target']).where('flow_id', '=', flowId).execute(),
    );
    return found.length === 6 ? found : null;
  });
  expect(new Set(rows.map(({ code }) => code)).size).toBe(6);
  const mine = rows.filter(({ contact_id }) => contact_id === contacts[1]);
  expect(mine.map(({ target }) => target).sort()).toEqual(['https://example.com/1', 'https://example.com/same']);
  for (const { code } of mine) await ask(`/l/${code}`);
  const { flow_id } = z
    .looseObject({ data: z.array(z.looseObject({ flow_id: z.string() })) })
    .transform(({ data }) => ({ flow_id: data[0]?.flow_id ?? '' }))
    .parse((await api.call('GET', '/api/v1/messages?search=/l/&direction=out&limit=1')).body);
  const list = async (cursor = '') =>
    targetsSchema.parse((await api.call('GET', `/api/v1/links?flow_id=${flow_id}&limit=3${cursor}`)).body);
  const page = await until('the clicks to be counted', async () => {
    const found = await list();
    return found.data.filter(({ clicks }) => clicks === 1).length === 2 ? found : null;
  });
  expect(page.data.map(({ target, people, people_clicked }) => [target, people, people_clicked])).toEqual([
    ['https://example.com/same', 3, 1],
    ['https://example.com/0', 1, 0],
    ['https://example.com/1', 1, 1],
  ]);
  const rest = await list(`&cursor=${page.next_cursor}`);
  expect(rest.data.map(({ target }) => target)).toEqual(['https://example.com/2']);
  expect(rest.next_cursor).toBeNull();
});

test('a click starts the flows that listen for it', async () => {
  const w = flow('Clicked');
  w.step('start', apiEvent, { event: 'link.clicked' }).to(
    'next',
    w.step('send', sendSms, { text: 'You saw {{ event.data.url }}', purpose: 'transactional' }),
  );
  await api.publish('Clicked', w.graph());
  const path = pathOf((await read(await send('See https://example.com/start'))).links[0]?.url);
  await ask(path);
  await until('an answer', () =>
    api.carrier.ledger.messages.some(({ body }) => body === 'You saw https://example.com/start'),
  );
});

test('rules about links are about where they lead, when a message is queued and when it goes out', async () => {
  const work = { workspaceId: api.workspaceId, now: new Date() };
  await api.inTx((tx) => setRules({ ...work, tx }, { ...anywhere, content: { hosts: ['example.com'] } }));
  await setDomain('go.elsewhere.example');
  const good = await send('See https://shop.example.com/a');
  const bad = await send('See https://evil.example/a');
  expect((await read(bad)).state).toBe('refused');
  await until('the good one to go out', async () => ['accepted', 'delivered'].includes((await read(good)).state));
  await api.inTx((tx) => setRules({ ...work, tx }, { content: {} }));
});

// The last one: whoever asks in this file has one address.
test('whoever tries codes is soon answered without asking the database, and the links that there are go on', async () => {
  await setDomain('go.example.com');
  const path = pathOf((await read(await send('See https://example.com/there'))).links[0]?.url);
  const there = { host: 'go.example.com' };
  const tries = Array.from({ length: guessesAtOnce + 30 }, (_, n) => `/${String(n).padStart(9, 'A')}`);
  const statuses: number[] = [];
  for (const code of tries) statuses.push((await ask(code, there)).status);
  expect(statuses.filter((status) => status === 404).length).toBeLessThanOrEqual(guessesAtOnce + 2);
  expect(statuses.at(-1)).toBe(429);
  await setDomain(null);
  expect((await ask('/l/AAAAAAAAA')).status).toBe(429);
  expect((await ask('/l/no-code')).status, 'what is no code costs nothing').toBe(404);
  expect((await ask('/AAAAAAAAA', { host: 'elsewhere.example.com' })).status, 'nor is it a link').not.toBe(429);
  // Once the two seconds for one more are over.
  await until('a question to be answered again', async () => (await ask(path, there)).status === 302);
});
