import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { accountSid, bodyOf, businessNumber, type Fixture, person, startFixture } from './carrier-fixture.ts';
import { createCarrier } from './server.ts';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

test('accounts are set at run time; a nonsensical one is refused with the field', async () => {
  fixture = await startFixture();
  const sid = `AC${'c'.repeat(32)}`;
  const body = { auth_token: 't', opt_out: 'carrier', numbers: [{ number: '+15550002000', sms_url: null }] };
  expect((await fixture.control('PUT', `/accounts/${sid}`, body)).status).toBe(200);
  const listed = await bodyOf(await fixture.control('GET', '/accounts'));
  expect(listed.data).toHaveLength(2);
  expect(JSON.stringify(listed)).not.toContain('auth_token');
  const numbers = await bodyOf(await fixture.control('GET', '/numbers'));
  expect(numbers.data).toContainEqual(expect.objectContaining({ number: '+15550002000', opt_out: 'carrier' }));
  const bad = await fixture.control('PUT', `/accounts/${sid}`, { ...body, numbers: [{ number: '+x' }] });
  expect([bad.status, (await bodyOf(bad)).detail]).toEqual([400, expect.stringContaining('numbers[0].number')]);
  expect((await fixture.control('DELETE', `/accounts/${sid}`)).status).toBe(204);
});

test('an account texts from a name too, under which the phone shows it', async () => {
  fixture = await startFixture({ numbers: [{ number: 'Our shop' }] });
  expect((await fixture.send({ From: 'Our shop' })).status).toBe(201);
  await expect.poll(() => fixture?.carrier.underway()).toBe(0);
  const shown = await bodyOf(await fixture.control('GET', `/phones/${person}/messages`));
  expect(shown.data).toMatchObject([{ from: 'Our shop', direction: 'incoming' }]);
  expect((await fixture.send({ From: 'Their shop' })).status).toBe(400);
});

test('the ledger is paged, counted, searched for repeats and emptied', async () => {
  fixture = await startFixture();
  for (let index = 0; index < 5; index += 1) await fixture.send({ Body: index < 2 ? 'same' : `text ${index}` });
  fixture.carrier.text(person, businessNumber, 'same');
  await expect.poll(() => fixture?.carrier.underway()).toBe(0);
  const first = await bodyOf(await fixture.control('GET', '/ledger?limit=4'));
  const rest = await bodyOf(await fixture.control('GET', `/ledger?after=${first.next_after}&limit=4`));
  expect([first.data.length, rest.data.length, rest.next_after]).toEqual([4, 2, null]);
  expect(rest.counts).toMatchObject({
    accepted: 5,
    inbound: 1,
    receipts: 10,
    inbound_posts: 1,
    by_status: { delivered: 5 },
  });
  const repeats = await bodyOf(await fixture.control('GET', '/ledger/repeats'));
  expect(repeats.data).toEqual([
    expect.objectContaining({ body: 'same', to: person, sids: [expect.any(String), expect.any(String)] }),
  ]);
  expect((await fixture.control('DELETE', '/ledger')).status).toBe(204);
  expect((await bodyOf(await fixture.control('GET', '/ledger'))).data).toEqual([]);
});

test('settings and faults are changed at run time', async () => {
  fixture = await startFixture();
  const changed = await fixture.control('PATCH', '/settings', { latency_ms: 5, receipts: { outcome: 'failed' } });
  expect(await bodyOf(changed)).toMatchObject({ latency_ms: 5, receipts: { outcome: 'failed', delay_ms: 0 } });
  const made = await bodyOf(await fixture.control('POST', '/faults', { kind: 'refuse', count: 1 }));
  expect((await fixture.send()).status).toBe(429);
  const listed = await bodyOf(await fixture.control('GET', '/faults'));
  expect(listed.data).toEqual([expect.objectContaining({ id: made.id, hits: 1 })]);
  expect((await fixture.control('DELETE', `/faults/${made.id}`)).status).toBe(204);
  expect((await fixture.control('POST', '/faults', { kind: 'flood' })).status).toBe(400);
  expect((await fixture.control('DELETE', '/faults/absent')).status).toBe(404);
});

test('a web page of another site, or another host name, cannot reach the controls', async () => {
  fixture = await startFixture();
  const url = new URL(`${fixture.url}/_carrier/numbers`);
  const statusWith = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(url, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once('error', reject)
        .end();
    });
  expect(await statusWith({ origin: 'https://example.com' })).toBe(403);
  expect(await statusWith({ host: 'rebound.example.com' })).toBe(403);
  expect(await statusWith({ origin: url.origin })).toBe(200);
});

test('a phone shows what was texted from it and what reached it', async () => {
  fixture = await startFixture();
  const path = `/phones/${encodeURIComponent(person)}`;
  const sent = await fixture.control('POST', `${path}/messages`, { to: businessNumber, body: 'join' });
  expect(sent.status).toBe(201);
  await fixture.send({ Body: 'Welcome' });
  await fixture.customer.waitFor('/status', 2);
  const shown = await bodyOf(await fixture.control('GET', `${path}/messages`));
  expect(shown.data).toEqual([
    expect.objectContaining({ direction: 'outgoing', body: 'join', status: 'received' }),
    expect.objectContaining({ direction: 'incoming', body: 'Welcome', status: 'delivered', segments: 1 }),
  ]);
  const phones = await bodyOf(await fixture.control('GET', '/phones'));
  expect(phones.data).toEqual([{ phone: person, messages: 2, last: expect.objectContaining({ body: 'Welcome' }) }]);
  const page = await bodyOf(await fixture.control('GET', `${path}/messages?limit=1`));
  expect(page.data).toHaveLength(1);
  const earlier = await bodyOf(await fixture.control('GET', `${path}/messages?limit=1&before=${page.next_before}`));
  expect(earlier.data[0]?.body).toBe('join');
  expect((await fixture.control('POST', `${path}/messages`, { to: '+15550009999', body: 'x' })).status).toBe(404);
  expect((await fixture.control('GET', '/phones/nobody/messages')).status).toBe(400);
});

/** Reads server-sent events until so many have come. */
async function readEvents(answer: Response, count: number): Promise<{ id: string; event: string; body: string }[]> {
  const events: { id: string; event: string; body: string }[] = [];
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text.slice(0, end))?.[1];
      const data = field('data');
      if (data !== undefined)
        events.push({ id: field('id') ?? '', event: field('event') ?? '', body: JSON.parse(data).body });
      text = text.slice(end + 2);
    }
    if (events.length >= count) break;
  }
  return events;
}

test('a phone’s events arrive as they happen and can be taken up again', async () => {
  fixture = await startFixture();
  const path = `/phones/${encodeURIComponent(person)}/events`;
  const live = await fixture.control('GET', path);
  expect(live.headers.get('content-type')).toContain('text/event-stream');
  const reading = readEvents(live, 3);
  fixture.carrier.text(person, businessNumber, 'join');
  await fixture.customer.waitFor('/inbound', 1);
  await fixture.send({ Body: 'Welcome' });
  const events = await reading;
  expect(events.map(({ event, body }) => [event, body])).toEqual([
    ['message', 'join'],
    ['message', 'Welcome'],
    ['status', 'Welcome'],
  ]);
  const again = await fetch(`${fixture.url}/_carrier${path}`, { headers: { 'last-event-id': events[0]?.id ?? '' } });
  expect(await readEvents(again, 2)).toEqual(events.slice(1));
});

test('the ledger, the accounts and opt-outs outlive the process; unfinished messages go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-carrier-'));
  const ledgerFile = join(folder, 'ledger.jsonl');
  fixture = await startFixture({ opt_out: 'carrier' }, { ledgerFile, receipts: { delay_ms: 60_000 } });
  const sent = await bodyOf(await fixture.send({ Body: 'kept' }));
  fixture.carrier.text('+15550004321', businessNumber, 'STOP');
  await fixture.close();

  const again = createCarrier({ ledgerFile, receipts: { delay_ms: 0 }, retryDelaysMs: [] });
  const url = await again.listen(0);
  expect(again.ledger.messages.map((message) => message.body).slice(0, 2)).toEqual(['kept', 'STOP']);
  await expect.poll(() => again.ledger.get(sent.sid)?.status).toBe('delivered');
  const refused = await fetch(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:secret`).toString('base64')}` },
    body: new URLSearchParams({ To: '+15550004321', From: businessNumber, Body: 'x' }),
  });
  expect((await bodyOf(refused)).code).toBe(21610);
  await again.close();
  fixture = undefined;
  rmSync(folder, { recursive: true });
});
