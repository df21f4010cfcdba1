import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createToken, hashToken, removeToken } from '../access/tokens.ts';
import { externalIdOf } from '../accounts/credentials.ts';
import { inWorkspace } from '../db/database.ts';
import type { DemoMode, Services } from '../http/env.ts';
import type { Provider } from '../providers/provider.ts';
import { sampleCampaign } from './sample-campaign.ts';
import { sampleFlow } from './sample-flow.ts';
import { sampleAutoResponse, sampleCommand } from './sample-replies.ts';
import { type SampleTemplate, sampleBirthday, sampleSnippet, sampleTip } from './sample-templates.ts';
import { fillSampleTests, sampleTestFlow } from './sample-tests.ts';

/** Of the hundred numbers reserved for fiction: 00 is the business, 10 to 49 are sample people, 50 is of somebody who was deleted, 99 is left for the phone on the screen. */
const numberOf = (index: number): string => `+1202555${String(100 + index).padStart(4, '0')}`;
const businessNumber = numberOf(0);
const people = Array.from({ length: 40 }, (_, index) => numberOf(10 + index));
const timeZones = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'];

/** What is known of the sample people beside their names. */
const sampleFields = [
  { label: 'Membership', type: 'choice', options: ['monthly', 'yearly'] },
  { label: 'Birthday', type: 'date' },
  { label: 'Interests', type: 'list', options: ['coffee', 'tea'] },
];

const sampleSegments = [
  { name: 'Sample: likes coffee', condition: { field: 'contact.attributes.interests', op: 'is', value: 'coffee' } },
  {
    name: 'Sample: texted us this month, and may be offered something',
    condition: {
      all: [
        { field: 'messages.received', op: 'happened', within_days: 30 },
        { field: 'consent.marketing', op: 'is', value: 'granted' },
      ],
    },
  },
];

/** What sample people ordered, and how many days ago; the last order says no amount. */
const sampleOrders = [
  { person: 0, daysAgo: 19, total: 24.5 },
  { person: 3, daysAgo: 16, total: 61 },
  { person: 1, daysAgo: 12, total: 18.9 },
  { person: 7, daysAgo: 12, total: 42 },
  { person: 2, daysAgo: 8, total: 24.5 },
  { person: 12, daysAgo: 5, total: 99 },
  { person: 3, daysAgo: 4, total: 33.25 },
  { person: 20, daysAgo: 3, total: 15 },
  { person: 5, daysAgo: 2, total: 'see the invoice' },
];
const dayMs = 86_400_000;

/** What the first sample people answer; the fifth has not answered yet. */
const answers = ['Yes', 'yes please', 'No', 'YES', null];

export type Seed = {
  readonly engine: Pick<Services, 'db' | 'clock' | 'log'>;
  readonly demo: DemoMode;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly workspaceId: string;
  readonly url: string;
};

type Call = <T>(
  method: string,
  path: string,
  schema: z.ZodType<T>,
  options?: { type?: string; body?: string; key?: string; match?: string },
) => Promise<T>;

const flowSchema = z.object({ id: z.string(), state: z.string(), revision: z.number() });
const listSchema = z.object({ data: z.array(z.unknown()) });
const phoneSchema = z.object({ data: z.array(z.object({ direction: z.string(), body: z.string() })) });
/** What follows the link of a sample text calls itself. */
const phoneAgent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

/**
 * Fills a new demo workspace through the public API and the demo carrier: contacts, live flows, what its screens show, an account, and a few
 * people who text HELLO. Does nothing where an account exists, which is what it makes last but one, so one that was interrupted begins again.
 * The conversations go on after it resolves.
 *
 * @throws Error where the API refuses, or the carrier speaks the API of no provider.
 */
export async function seedDemo({ engine, demo, providers, workspaceId, url }: Seed): Promise<void> {
  const now = engine.clock.now();
  const { token } = await inWorkspace(engine.db, workspaceId, (tx) =>
    createToken({ tx, workspaceId }, { kind: 'bearer', scope: 'full', label: 'demo seed', now, lifeMs: 600_000 }),
  );
  const call: Call = async (method, path, schema, options = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-signalbox-seed': demo.seedKey,
        ...(options.body === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...(options.match === undefined ? {} : { 'if-match': options.match }),
      },
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    if (!response.ok)
      throw new Error(`The seed's ${method} ${path} was answered ${response.status}: ${await response.text()}`);
    return schema.parse(await response.json());
  };

  try {
    const accounts = await call('GET', '/accounts', listSchema);
    if (accounts.data.length > 0) return;
    for (const field of sampleFields)
      await call('POST', '/contact-fields', z.unknown(), {
        body: JSON.stringify(field),
        key: `demo-seed-field-${field.label}`,
      });
    const lines = people.map((phone, index) => {
      const day = String(1 + (index % 28)).padStart(2, '0');
      const birthday = `${1960 + index}-${String(1 + (index % 12)).padStart(2, '0')}-${day}`;
      const interests = index % 3 === 0 ? 'coffee' : index % 3 === 1 ? 'coffee; tea' : '';
      const membership = index % 4 === 0 ? 'yearly' : 'monthly';
      const zone = timeZones[index % timeZones.length];
      return `${phone},Sample contact ${index + 1},${zone},${index % 5 === 1 ? 'es' : ''},${membership},${birthday},${interests}`;
    });
    await call('POST', '/contacts/import', z.unknown(), {
      type: 'text/csv',
      body: ['phone,first_name,time_zone,language,membership,birthday,interests', ...lines].join('\n'),
    });
    const left = await call('POST', '/contacts', z.object({ id: z.string() }), {
      body: JSON.stringify({ phone: numberOf(50), first_name: 'Sample contact 41' }),
      key: 'demo-seed-deleted',
    });
    await call('POST', '/contacts/delete', z.unknown(), { body: JSON.stringify({ contact_ids: [left.id] }) });
    const everybody = await call('POST', '/contact-lists', z.object({ id: z.string() }), {
      body: JSON.stringify({ name: 'Sample: newsletter', kind: 'list' }),
      key: 'demo-seed-list',
    });
    const members = z.object({ changed: z.number() });
    await call('POST', `/contact-lists/${everybody.id}/members`, members, {
      body: JSON.stringify({ action: 'add', filter: { search: 'Sample contact' } }),
    });
    for (const [at, segment] of sampleSegments.entries())
      await call('POST', '/segments', z.unknown(), {
        body: JSON.stringify(segment),
        key: `demo-seed-segment-${at}`,
      });
    await seedGoal(call, now);
    await seedCodes(call);
    // Whoever tries this out at night is not to wait for the morning: nobody real is texted.
    await call('PATCH', '/gate/rules/quiet-hours', z.unknown(), {
      body: JSON.stringify({ settings: { law: false } }),
      match: '*',
    });
    const { provider, identity, fields, known } = sampleAccount(providers);
    await seedSettings(call, provider);
    const flowOf = async (body: unknown, key: string) => {
      const made = await call('POST', '/flows', flowSchema, { body: JSON.stringify(body), key });
      return call('GET', `/flows/${made.id}`, flowSchema);
    };
    const live = async (body: unknown, key: string) => {
      const flow = await flowOf(body, key);
      if (flow.state === 'draft')
        await call('POST', `/flows/${flow.id}/publish`, flowSchema, { match: `"${flow.revision}"` });
    };
    await flowOf(sampleAutoResponse, 'demo-seed-auto-response');
    await live(sampleCommand, 'demo-seed-command');
    await seedTemplate(call, sampleSnippet);
    await seedTemplate(call, sampleBirthday);
    await live(sampleFlow(await seedTemplate(call, sampleTip)), 'demo-seed-flow');
    await live(sampleTestFlow(), 'demo-seed-tests');
    await inWorkspace(engine.db, workspaceId, (tx) => fillSampleTests({ tx, workspaceId, now: engine.clock.now() }));
    const account = await call('POST', '/accounts', z.object({ webhook_url: z.string() }), {
      body: JSON.stringify({
        provider,
        name: 'Demo carrier',
        ...fields,
        base_url: demo.carrierUrl,
        opt_out_handling: 'signalbox',
        senders: [{ address: businessNumber, kind: 'long_code' }],
        brand: 'Sample shop',
      }),
    });
    await carrier(demo, 'PUT', `/accounts/${identity}`, {
      dialect: provider,
      credentials: known,
      friendly_name: 'Demo carrier',
      opt_out: 'customer',
      numbers: [{ number: businessNumber, sms_url: account.webhook_url }],
    });
    await seedCampaign(call, sampleCampaign(everybody.id, now));
  } finally {
    await inWorkspace(engine.db, workspaceId, (tx) => removeToken({ tx, workspaceId }, hashToken(token)));
  }
  void Promise.all(answers.map((answer, index) => talk(demo, url, people[index] ?? '', answer))).catch(
    (error: unknown) => engine.log.warn({ err: error }, 'the sample conversations broke off'),
  );
}

/** A pool of codes that no text gives away yet. */
async function seedCodes(call: Call): Promise<void> {
  const pool = await call('POST', '/code-pools', z.object({ id: z.string() }), {
    body: JSON.stringify({ name: 'Sample: welcome', key: 'sample_welcome', low_at: 20 }),
    key: 'demo-seed-pool',
  });
  await call('POST', `/code-pools/${pool.id}/codes`, z.unknown(), {
    body: JSON.stringify({ pattern: 'HELLO-######', count: 50 }),
    key: 'demo-seed-codes',
  });
}

/** Goals, and people who reached one in the weeks before. */
async function seedGoal(call: Call, now: Date): Promise<void> {
  const found = await call(
    'GET',
    '/contacts?limit=200',
    z.object({ data: z.array(z.object({ id: z.string(), phone: z.string() })) }),
  );
  const idOf = new Map(found.data.map(({ id, phone }) => [phone, id]));
  await call('POST', '/goals', z.unknown(), {
    body: JSON.stringify({ name: 'Sample: orders', event: 'order.placed', value_field: 'total' }),
    key: 'demo-seed-goal',
  });
  await call('POST', '/goals', z.unknown(), {
    body: JSON.stringify({ name: 'Sample: tips followed', event: 'link.clicked' }),
    key: 'demo-seed-goal-clicks',
  });
  for (const [at, { person, daysAgo, total }] of sampleOrders.entries())
    await call('POST', '/events', z.unknown(), {
      body: JSON.stringify({
        type: 'order.placed',
        contact_id: idOf.get(people[person] ?? ''),
        data: { total },
        occurred_at: new Date(now.getTime() - daysAgo * dayMs).toISOString(),
      }),
      key: `demo-seed-order-${at}`,
    });
}

/** Prices of the carrier, a programme with its words, opening hours, and a webhook that is off until somebody has an address for it. */
async function seedSettings(call: Call, provider: string): Promise<void> {
  const body = (value: unknown) => ({ body: JSON.stringify(value) });
  await call('POST', '/prices', z.unknown(), {
    ...body({
      prices: [
        { provider, prefix: '+1', micro_units: '7900' },
        { provider, prefix: '+61', micro_units: '51500' },
      ],
    }),
    key: 'demo-seed-prices',
  });
  const programme = await call('POST', '/consent/programmes', z.object({ id: z.string() }), {
    ...body({
      name: 'Sample: weekly tips',
      brand: 'Sample shop',
      purpose: 'marketing',
      description: 'What people agree to who text HELLO.',
      disclosure:
        'Text HELLO to hear from our sample shop, up to 4 texts a month. Msg & data rates may apply. Text STOP to end.',
      question:
        'Sample shop: Reply YES to get up to 4 texts a month. Msg & data rates may apply. Reply STOP to end, HELP for help.',
    }),
    key: 'demo-seed-programme',
  });
  await call('POST', '/sign-up-forms', z.unknown(), {
    ...body({
      name: 'Sample: website',
      programme_id: programme.id,
      title: 'Tips from our sample shop',
      text: 'One short text with something useful, now and then.',
      frequency: 'Up to 4 texts a month',
      terms_url: 'https://example.com/terms',
      privacy_url: 'https://example.com/privacy',
      asks_name: true,
    }),
    key: 'demo-seed-sign-up-form',
  });
  await call('PATCH', '/opening-hours', z.unknown(), {
    ...body({ hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }], holidays: true }),
    match: '*',
  });
  const webhook = await call('POST', '/webhooks', z.object({ id: z.string(), enabled: z.boolean() }), {
    ...body({
      url: 'https://example.com/hooks/signalbox',
      description: 'Sample: off until you have an address for it',
      types: ['message.received', 'consent.revoked'],
    }),
    key: 'demo-seed-webhook',
  });
  await call('PATCH', `/webhooks/${webhook.id}`, z.unknown(), { ...body({ enabled: false }), match: '*' });
}

/** A campaign that is launched, and waits for its moment. */
async function seedCampaign(call: Call, campaign: object): Promise<void> {
  const made = await call('POST', '/campaigns', z.object({ id: z.string(), state: z.string(), revision: z.number() }), {
    body: JSON.stringify(campaign),
    key: 'demo-seed-campaign',
  });
  await call('POST', `/campaigns/${made.id}/launch`, z.unknown(), {
    match: `"${made.revision}"`,
    key: 'demo-seed-campaign-launch',
  });
}

/** A template with its versions, by the id that steps name it by. */
async function seedTemplate(call: Call, { versions, ...template }: SampleTemplate): Promise<string> {
  const slug = template.name.toLowerCase().replace(/[^a-z]+/g, '-');
  const [first] = versions;
  const made = await call('POST', '/message-templates', z.object({ id: z.string() }), {
    body: JSON.stringify({ ...template, content: first?.content }),
    key: `demo-seed-template-${slug}`,
  });
  const path = `/message-templates/${made.id}`;
  for (const [at, { content, note }] of versions.entries()) {
    const key = `demo-seed-version-${slug}-${at + 1}`;
    if (at > 0)
      await call('PATCH', path, z.unknown(), { body: JSON.stringify({ content }), match: '*', key: `${key}-text` });
    await call('POST', `${path}/publish`, z.unknown(), { body: JSON.stringify({ note }), match: '*', key });
  }
  return made.id;
}

/** A made-up account at the provider that has one. @throws Error where none has. */
function sampleAccount(providers: ReadonlyMap<string, Provider>) {
  for (const { type, account, demo } of providers.values()) {
    if (demo?.sample === undefined) continue;
    const sample = Object.entries(demo.sample((bytes) => randomBytes(bytes).toString('hex')));
    const fields = Object.fromEntries(sample.map(([name, value]) => [name, String(value)]));
    return { provider: type, identity: externalIdOf({ account }, fields), fields, known: demo.known(fields) };
  }
  throw new Error('No provider has a sample account.');
}

async function carrier(demo: DemoMode, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${demo.carrierUrl}/_carrier${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`The demo carrier answered ${method} ${path} with ${response.status}.`);
  return response.json();
}

/** Someone texts HELLO and, once greeted, answers, and follows the link that comes. */
async function talk(demo: DemoMode, url: string, phone: string, answer: string | null): Promise<void> {
  const text = (body: string) => carrier(demo, 'POST', `/phones/${phone}/messages`, { to: businessNumber, body });
  await text('Hello');
  if (answer === null) return;
  if ((await texted(demo, phone, /./)) === null) return;
  await text(answer);
  const [link] = (await texted(demo, phone, /\/l\/\w+/, 10)) ?? [];
  if (link !== undefined) await fetch(`${url}${link}`, { redirect: 'manual', headers: { 'user-agent': phoneAgent } });
}

/** Waits for a text to a phone that has this in it; null where none comes. */
async function texted(demo: DemoMode, phone: string, what: RegExp, attempts = 60): Promise<RegExpExecArray | null> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await delay(500);
    const shown = phoneSchema.parse(await carrier(demo, 'GET', `/phones/${phone}/messages`));
    for (const { direction, body } of shown.data) {
      const found = direction === 'incoming' ? what.exec(body) : null;
      if (found !== null) return found;
    }
  }
  return null;
}
