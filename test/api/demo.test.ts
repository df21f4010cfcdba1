import { openDemo } from '@signalbox/engine/demo/open-demo';
import { seedDemo } from '@signalbox/engine/demo/seed';
import { twilio } from '@signalbox/engine/providers/twilio';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { businessNumber, until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

const countsSchema = z.object({
  steps: z.record(
    z.string(),
    z.looseObject({ entered: z.number(), here: z.number(), left: z.number(), failed: z.number() }),
  ),
});
const listSchema = z.looseObject({
  data: z.array(z.looseObject({ id: z.string().optional(), is_sample: z.boolean().optional() })),
});
const sessionSchema = z.looseObject({
  demo: z.looseObject({ numbers: z.array(z.string()), suggested_phone: z.string(), has_sample_data: z.boolean() }),
});

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo', work: true });
});
afterAll(() => api.close());

const session = async () => sessionSchema.parse((await api.call('GET', '/api/v1/session')).body).demo;
const list = async (path: string) => listSchema.parse((await api.call('GET', `/api/v1${path}`)).body).data;
const providers = new Map([[twilio.type, twilio]]);
const demo = () => ({ carrierUrl: carrierUrl(), seedKey: 'seed' });
let carrier = '';
const carrierUrl = () => carrier;

describe('demo mode', () => {
  test('seeds a new workspace through the API and the carrier, once', async () => {
    // The harness comes with an account; a new workspace has none.
    const rows = await api.inTx((tx) =>
      tx.deleteFrom('accounts').where('workspace_id', '=', api.workspaceId).returning('base_url').execute(),
    );
    carrier = rows[0]?.base_url ?? '';
    const seed = () =>
      seedDemo({ engine: api.engine, demo: demo(), providers, workspaceId: api.workspaceId, url: api.url });
    await seed();
    expect(await session()).toEqual({
      numbers: [businessNumber],
      suggested_phone: '+12025550199',
      has_sample_data: true,
      carrier_url: carrierUrl(),
    });
    const contacts = await list('/contacts?limit=200');
    expect(contacts).toHaveLength(40);
    expect(contacts.every((contact) => contact.is_sample)).toBe(true);
    const flow = (await list('/flows')).find(({ name }) => name === 'Sample: say hello');
    expect(await list('/flows')).toHaveLength(5);
    expect(await list('/tests')).toMatchObject([
      { state: 'running', step_id: 'tone', seen: { verdict: { state: 'not_yet' } } },
      { state: 'decided', step_id: 'reminder', ended: { by: 'verdict', winner: 'offer' } },
    ]);
    const samples = async () => ({
      fields: (await list('/contact-fields')).map(({ key }) => key),
      prices: (await list('/prices')).length,
      programmes: (await list('/consent/programmes')).map(({ name }) => name),
      webhooks: (await list('/webhooks')).map(({ enabled }) => enabled),
    });
    expect(await samples()).toEqual({
      fields: ['membership', 'birthday', 'interests'],
      prices: 2,
      programmes: ['Sample: weekly tips'],
      webhooks: [false],
    });
    expect(await list('/contact-lists')).toMatchObject([{ name: 'Sample: newsletter', kind: 'list', size: 40 }]);
    const coffee = await until('the sample segments', async () => {
      const segments = await list('/segments');
      return segments.every(({ state }) => state === 'ready') ? segments : null;
    });
    expect(coffee).toMatchObject([{ name: 'Sample: likes coffee', size: 27 }, { state: 'ready' }]);
    expect(await list('/goals')).toMatchObject([
      { name: 'Sample: orders', last_30_days: { conversions: 9, without_value: 1, micro_units: '318150000' } },
      { name: 'Sample: tips followed' },
    ]);
    expect(await list('/code-pools')).toMatchObject([{ name: 'Sample: welcome', left: 50 }]);
    expect(await list('/campaigns')).toMatchObject([{ name: 'Sample: holiday offer', state: 'scheduled' }]);
    expect(contacts.at(-2)?.attributes).toEqual({
      membership: 'monthly',
      birthday: '1961-02-02',
      interests: ['coffee', 'tea'],
    });
    expect(await list('/message-templates')).toMatchObject([
      { name: 'Sample: first tip', newest: 2, changed: false, languages: ['en', 'es'] },
      { name: 'Sample: birthday', newest: 2, changed: false, languages: ['en', 'es'] },
      { name: 'Sample: sign-off', newest: 1, changed: false, key: 'sample_sign_off' },
    ]);
    await until('the sample conversations', async () => {
      const { steps } = countsSchema.parse((await api.call('GET', `/api/v1/flows/${flow?.id}/counts`)).body);
      return steps.done?.entered === 4 && steps.answer?.here === 1;
    });
    await until('somebody to follow a link', async () =>
      (await list('/links')).some(({ clicks }) => Number(clicks) > 0),
    );
    await seed();
    expect(await list('/contacts?limit=200')).toHaveLength(40);
    expect(await list('/accounts')).toHaveLength(1);
    const tokens = await api.inTx((tx) =>
      tx.selectFrom('access_tokens').select('label').where('label', '=', 'demo seed').execute(),
    );
    expect(tokens).toEqual([]);
  });

  test('the phone reaches its own part of the carrier, with a session only', async () => {
    const phone = '/demo/phone/phones/+12025550199/messages';
    expect((await api.call('GET', phone, { token: null })).status).toBe(401);
    expect((await api.call('POST', phone, { token: api.read, body: { to: businessNumber, body: 'Hi' } })).status).toBe(
      403,
    );
    const sent = await api.call('POST', phone, { body: { to: businessNumber, body: 'hello' } });
    expect(sent.status).toBe(201);
    await until('an answer on the phone', async () =>
      z
        .object({ data: z.array(z.looseObject({ direction: z.string() })) })
        .parse((await api.call('GET', phone)).body)
        .data.some((row) => row.direction === 'incoming'),
    );
    for (const path of [
      '/demo/phone/ledger',
      '/demo/phone/accounts',
      '/demo/phone/phones/../ledger',
      '/demo/phone/phones/..%2fledger/messages/x',
    ]) {
      expect([path, (await api.call('GET', path)).status]).toEqual([path, 404]);
    }
  });

  test('changing who answers STOP tells the carrier', async () => {
    const account = (await list('/accounts'))[0];
    const path = `/api/v1/accounts/${account?.id}`;
    const patch = async (how: string) => {
      const etag = (await api.call('GET', path)).headers.get('etag') ?? '';
      return api.call('PATCH', path, { body: { opt_out_handling: how }, headers: { 'if-match': etag } });
    };
    const told = async () =>
      z
        .object({ data: z.array(z.looseObject({ number: z.string(), opt_out: z.string() })) })
        .parse((await api.call('GET', '/demo/phone/numbers')).body).data[0]?.opt_out;
    expect([(await patch('carrier')).status, await told()]).toEqual([200, 'carrier']);
    expect([(await patch('signalbox')).status, await told()]).toEqual([200, 'customer']);
  });

  test('one request removes the sample data and nothing else', async () => {
    const made = await api.call('POST', '/api/v1/contacts', { body: { phone: '+12025550160', first_name: 'Real' } });
    expect(made.status).toBe(201);
    expect((await api.call('POST', '/api/v1/demo/remove-sample-data')).status).toBe(204);
    expect(await session()).toMatchObject({ numbers: [businessNumber], has_sample_data: false });
    const left = await list('/contacts?limit=200');
    // The one just added, and the one who texted from the phone on the screen.
    expect(left).toHaveLength(2);
    expect(await list('/flows')).toEqual([]);
    for (const path of [
      '/prices',
      '/webhooks',
      '/links',
      '/contact-fields',
      '/contact-lists',
      '/segments',
      '/campaigns',
      '/message-templates',
    ])
      expect([path, await list(path)]).toEqual([path, []]);
    expect(await list('/consent/programmes')).toMatchObject([{ name: 'Sample: weekly tips', archived: true }]);
    expect((await api.call('GET', '/api/v1/opening-hours')).body).toMatchObject({ hours: [], is_open: true });
    const orphans = await sql<{ n: number }>`
      SELECT (SELECT count(*) FROM enrollments)::int + (SELECT count(*) FROM enrollment_history)::int + (SELECT count(*) FROM enrollment_path)::int
        + (SELECT count(*) FROM flow_count_totals)::int + (SELECT count(*) FROM flow_count_deltas)::int
        + (SELECT count(*) FROM flow_count_days)::int AS n`;
    expect(await api.inTx(async (tx) => (await orphans.execute(tx)).rows[0]?.n)).toBe(0);
    expect((await api.call('POST', '/api/v1/demo/remove-sample-data')).status).toBe(204);
  });
});

test('where no provider has a sample account, whatever the carrier speaks, there is nothing to make samples with', async () => {
  const other = await startApiHarness({ api: 'demo' });
  try {
    await other.inTx((tx) => tx.deleteFrom('accounts').execute());
    const { engine, workspaceId, url } = other;
    const silent = new Map([
      [twilio.type, { ...twilio, demo: null }],
      ['earlier', { ...twilio, type: 'earlier', demo: { known: () => ({}) } }],
    ]);
    const seeded = seedDemo({ engine, demo: demo(), providers: silent, workspaceId, url });
    await expect(seeded).rejects.toThrow('No provider has a sample account.');
  } finally {
    await other.close();
  }
});

test('a carrier that does not answer at a start is told, and the start goes on', async () => {
  const other = await startApiHarness({ api: 'demo' });
  try {
    const warnings: string[] = [];
    const dead = { carrierUrl: 'http://127.0.0.1:9', seedKey: 'seed' };
    const open = () =>
      openDemo(
        { engine: other.engine, demo: dead, providers, warn: (text) => warnings.push(text) },
        { workspaces: [other.workspaceId], seed: { workspaceId: other.workspaceId, url: 'http://127.0.0.1:9' } },
      );
    await open();
    await other.inTx((tx) => tx.updateTable('accounts').set({ is_sample: true }).execute());
    await open();
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('The sample data is not complete.');
  } finally {
    await other.close();
  }
});

describe('outside demo mode', () => {
  test('there is no phone, no removal, and no account on this machine', async () => {
    const plain = await startApiHarness();
    try {
      expect((await plain.call('GET', '/demo/phone/numbers')).status).toBe(404);
      expect((await plain.call('POST', '/api/v1/demo/remove-sample-data')).status).toBe(404);
      expect((await plain.call('GET', '/api/v1/session')).body).toMatchObject({ demo: null });
      const account = (base_url: string) =>
        plain.call('POST', '/api/v1/accounts', {
          body: {
            provider: 'twilio',
            name: 'A',
            account_sid: `AC${'1'.repeat(32)}`,
            auth_token: 'x'.repeat(32),
            base_url,
            senders: [{ address: '+12025550101', kind: 'long_code' }],
          },
        });
      for (const address of [
        'http://127.0.0.1:9',
        'https://internal.example.com',
        'http://api.twilio.com',
        'https://api.twilio.com.example.com',
        'http://[::1]:80',
      ]) {
        expect([address, (await account(address)).status]).toEqual([address, 422]);
      }
      const made = await account('https://api.twilio.com');
      expect([made.status, JSON.stringify(made.body).includes('x'.repeat(32))]).toEqual([201, false]);
      const seeded = await plain.call('POST', '/api/v1/contacts', {
        body: { phone: '+12025550170' },
        headers: { 'x-signalbox-seed': 'seed' },
      });
      expect(seeded.body).toMatchObject({ is_sample: false });
    } finally {
      await plain.close();
    }
  });
});
