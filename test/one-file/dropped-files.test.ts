import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { shown } from '@signalbox/engine/http/ids';
import type { Provider } from '@signalbox/engine/providers/provider';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { findFreePort } from '@signalbox/launcher/ports';
import type { Purpose } from '@signalbox/nodes/define/ports';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { rules } from '@signalbox/nodes/gate/catalogue.gen';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkCatalogues } from '../../scripts/catalogues.ts';
import { startApiHarness } from '../api/client.ts';
import { type EngineProcess, startEngineProcess } from '../support/engine-process.ts';
import { phone, until } from '../support/harness.ts';
import { senderOf } from '../support/senders.ts';
import { copyLibrary, type LibraryCopy } from './library-copy.ts';

/** A gate rule, a provider, a sweep, a kind of notice and a port of the nodes, each dropped into a copy of its folder: one file, one line of the catalogue, and it is there. */

let copy: LibraryCopy;
let folder = '';

beforeAll(() => {
  copy = copyLibrary();
  folder = copy.folder;
});
afterAll(() => copy.remove());

/** Files of the packages that differ from the repository's. */
const changed = (): string[] => copy.changed().map((path) => `packages/${path}`);

const dropped = [
  {
    what: 'gate rule',
    path: 'packages/nodes/src/gate/no-one.ts',
    list: 'rules',
    source: `import { defineRule, refuse, send } from './define-rule.ts';
export const noOne = defineRule({
  name: 'no-one',
  says: 'Nobody gets a transactional text.',
  reasons: { nobody: 'Nobody gets a {purpose} text' },
  decide: ({ purpose }) => (purpose === 'transactional' ? refuse('nobody', { purpose }) : send),
});
`,
    asked: { name: 'no-one' },
  },
  {
    what: 'provider',
    path: 'packages/engine/src/providers/pigeon.ts',
    list: 'providers',
    source: `import { z } from 'zod';
import { defineProvider } from './provider.ts';
export const pigeon = defineProvider({
  type: 'pigeon',
  title: 'Pigeon',
  baseUrl: 'https://pigeon.example.com',
  account: {
    fields: z.object({ loft: z.string(), ring: z.string() }),
    identity: 'loft',
    secrets: ['ring'],
    example: { loft: 'north', ring: 'r1' },
  },
  senders: ['long_code'],
  capabilities: { media: false, signed: true, answersOptOuts: false, polls: false },
  limits: { textLength: { gsm7: 160, ucs2: 70 }, reference: 20 },
  webhooks: { methods: ['GET'], acknowledgement: { contentType: 'text/plain', body: 'Coo' } },
  connect: ({ credentials }) => ({
    send: async () => ({ kind: 'accepted', providerId: 'p1' }),
    check: async () => ({ ok: true, balance: null }),
    verify: ({ query }) => query.get('ring') === credentials.ring,
    read: ({ query }) => query.get('flight') === 'lost' ? [{ kind: 'unknown' }] : [
      {
        kind: 'text',
        providerId: query.get('flight') ?? '',
        from: query.get('from') ?? '',
        to: query.get('to') ?? '',
        body: query.get('note') ?? '',
        media: [],
        carrierWord: null,
      },
    ],
  }),
});
`,
    asked: { type: 'pigeon' },
  },
  // Before the sweeps, which read the kinds that there are.
  {
    what: 'notice',
    path: 'packages/engine/src/notices/moon-full.ts',
    list: 'noticeKinds',
    source: `import { z } from 'zod';
import { defineNotice } from './define-notice.ts';
export const moonFull = defineNotice({
  kind: 'moon_full',
  severity: 'warning',
  values: z.object({ nights: z.number() }),
  title: ({ nights }) => \`The moon is full for \${nights} nights\`,
  action: () => 'Draw the curtains.',
  remedy: () => ({ label: 'Open curtains', path: '/settings' }),
});
`,
    asked: { kind: 'moon_full' },
  },
  {
    what: 'sweep',
    path: 'packages/engine/src/sweeps/dust.ts',
    list: 'sweeps',
    source: `import { defineSweep } from './define-sweep.ts';
/** Says when it swept. */
export const dust = defineSweep({
  name: 'dust',
  every: 100,
  create: ({ log }) => async ({ all }) => {
    log.warn({ all }, 'dust swept');
    return 0;
  },
});
`,
    asked: { name: 'dust' },
  },
];

test.each(dropped)(
  'a new $what is its file and a line of the generated catalogue',
  async ({ path, list, source, asked }) => {
    const before = changed();
    writeFileSync(join(folder, path), source);
    expect(checkCatalogues(folder, true)).toEqual([]);
    const catalogue = join(dirname(path), 'catalogue.gen.ts');
    expect(
      changed()
        .filter((each) => !before.includes(each))
        .sort(),
    ).toEqual([catalogue, path].sort());
    const module: unknown = await import(pathToFileURL(join(folder, catalogue)).href);
    const listed = z.record(z.string(), z.unknown()).parse(module)[list];
    expect(listed).toEqual(expect.arrayContaining([expect.objectContaining(asked)]));
  },
);

test('a gate rule that was dropped in decides where no other rule minds, and its words are shown', async () => {
  const said = await copy.inPackage(
    'engine',
    `import { rules } from '@signalbox/nodes/gate/catalogue.gen';
    import { askGate } from '@signalbox/nodes/gate/gate';
    import { sampleFacts } from '@signalbox/nodes/gate/gate-case';
    import { showReason } from './http/reasons.ts';
    const facts = { ...sampleFacts, purpose: 'transactional' };
    const verdict = askGate(facts, null);
    console.log(JSON.stringify({
      verdict,
      shown: showReason(verdict.reason),
      minding: rules.filter((rule) => rule.decide(facts).kind !== 'send').map((rule) => rule.name),
      others: rules.length,
      without: askGate(facts, null, rules.filter((rule) => rule.name !== 'no-one')),
      marketing: askGate(sampleFacts, null),
    }));`,
  );
  const reason = { code: 'nobody', values: { purpose: 'transactional' } };
  expect(said).toEqual({
    verdict: { kind: 'refuse', reason },
    shown: { ...reason, text: 'Nobody gets a transactional text' },
    minding: ['no-one'],
    others: rules.length + 1,
    without: { kind: 'send' },
    marketing: { kind: 'send' },
  });
});

const sending: FlowGraph = {
  schema_version: 1,
  steps: [
    { id: 'start', type: 'api-event', version: 1, config: { event: 'ordered' } },
    { id: 'receipt', type: 'send-sms', version: 1, config: { text: 'It is on its way.', purpose: 'transactional' } },
  ],
  edges: [{ from: 'start', outlet: 'next', to: 'receipt' }],
};

const enrollments = z.object({ data: z.array(z.object({ id: z.string(), state: z.string() })) });
const walked = z.object({
  path: z.array(z.object({ step_id: z.string().nullable(), reason: z.object({ text: z.string() }).nullable() })),
});
const shownMessages = z.object({
  data: z.array(z.object({ state: z.string(), reason: z.looseObject({ text: z.string() }).nullable() })),
});

test('a notice of a kind that was dropped in reads as its file says', async () => {
  const said = await copy.inPackage(
    'engine',
    `import { showNotice } from './notices/show-notice.ts';
    const row = { id: '01a22b51-95f1-7001-8707-4d6c633e88a5', kind: 'moon_full', subject: '', severity: 'warning', raised_at: new Date(0) };
    const open = { resolved_at: null, read_at: null, mailed_at: null };
    console.log(JSON.stringify(showNotice({ ...row, ...open, detail: { nights: 3 } })));`,
  );
  expect(said).toMatchObject({ title: 'The moon is full for 3 nights', remedy: { path: '/settings' } });
});

test('an engine asks the rule when it queues and when it claims, and its one loop runs the sweep', async () => {
  const harness = await startApiHarness();
  const { engine, workspaceId } = harness;
  const port = String(await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const { flowId } = await harness.publish('Receipts', sending);
  const [entering = '', ...queuedFor] = await harness.addContacts(3);
  const now = new Date();
  const purposes: readonly Purpose[] = ['transactional', 'marketing'];
  await harness.inTx(async (tx) => {
    const consents = queuedFor.map((id) => ({ workspace_id: workspaceId, contact_id: id, since: now }));
    await tx
      .insertInto('consents')
      .values(consents.map((each) => ({ ...each, purpose: 'marketing', state: 'granted' })))
      .execute();
    const numbers = await tx.selectFrom('contacts').select(['id', 'phone']).where('id', 'in', queuedFor).execute();
    // Queued by a build without the rule: it is asked again by whoever claims them.
    const sender = await senderOf({ tx, workspaceId });
    await queueMessages(
      { tx, workspaceId, now },
      { flowId: null },
      queuedFor.map((contactId, index) => ({
        id: engine.ids.uuid(),
        contactId,
        number: numbers.find(({ id }) => id === contactId)?.phone ?? '',
        sender,
        routeId: null,
        enrollmentId: null,
        hop: null,
        draft: { text: 'Hello', purpose: purposes[index] ?? 'marketing', lane: 'transactional' },
        later: null,
        exemption: null,
      })),
    );
    const batch = { id: engine.ids.uuid(), flow_id: flowId, state: 'running' as const, contact_ids: [entering] };
    await tx
      .insertInto('enrollment_batches')
      .values({ ...batch, workspace_id: workspaceId, created_at: now })
      .execute();
  });
  const data = join(folder, 'data');
  mkdirSync(data);
  let ran: EngineProcess | null = null;
  try {
    const process = await startEngineProcess(
      {
        ...harness.processEnv(data),
        SIGNALBOX_CACHE: join(folder, 'cache'),
        ROLES: 'api,worker',
        LOG_LEVEL: 'warn',
        PORT: port,
        PUBLIC_URL: url,
      },
      { program: join(folder, 'packages/engine/src/main/main.ts') },
    );
    ran = process;
    const read = async (path: string): Promise<unknown> => {
      const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${harness.full}` } });
      return answer.json();
    };
    const refusal = 'Nobody gets a transactional text';
    const enrollment = await until('the step to be over', async () => {
      const { data } = enrollments.parse(await read(`/flows/${shown('flow', flowId)}/enrollments`));
      return data.find(({ state }) => state === 'finished');
    });
    const { path } = walked.parse(await read(`/enrollments/${enrollment.id}`));
    expect(path.map(({ step_id, reason }) => [step_id, reason?.text])).toContainEqual(['receipt', refusal]);
    const settled = async (contactId: string) => {
      const answer = shownMessages.parse(await read(`/contacts/${shown('contact', contactId)}/messages`));
      return answer.data.map(({ state, reason }) => [state, reason?.text ?? null]);
    };
    const [refused = '', sent = ''] = queuedFor;
    await until('what was queued to be refused', async () => (await settled(refused))[0]?.[0] === 'refused');
    expect(await settled(refused)).toEqual([['refused', refusal]]);
    await until('what the rule does not mind to go out', async () =>
      ['accepted', 'delivered'].includes((await settled(sent))[0]?.[0] ?? ''),
    );
    expect(await settled(entering), 'nothing was queued for whom the rule refused').toEqual([]);
    const turns = () =>
      process.lines
        .filter((line) => line.includes('dust swept'))
        .map((line) => z.object({ all: z.boolean() }).parse(JSON.parse(line)).all);
    await until('the dropped-in sweep to have had its turns', () => turns().length >= 3);
    expect(turns().slice(0, 3)).toEqual([true, false, false]);
  } finally {
    await ran?.kill();
    await harness.close();
  }
}, 120_000);

const isProviders = (value: unknown): value is readonly Provider[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null && 'connect' in each);

test('a provider that was dropped in gets an account by its own fields, and its webhooks are served', async () => {
  const module: { readonly providers?: unknown } = await import(
    pathToFileURL(join(folder, 'packages/engine/src/providers/catalogue.gen.ts')).href
  );
  if (!isProviders(module.providers)) throw new Error('the copied catalogue is none');
  const moreProviders = module.providers.filter(({ type }) => type === 'pigeon');
  const harness = await startApiHarness({ moreProviders });
  try {
    const listed = await harness.call('GET', '/api/v1/providers');
    expect(JSON.stringify(listed.body)).toContain('"type":"pigeon","title":"Pigeon"');
    const senders = [{ address: '+12025550161', kind: 'long_code' }];
    const body = { provider: 'pigeon', name: 'Loft', loft: 'north', ring: 'r1', senders };
    const made = await harness.call('POST', '/api/v1/accounts', { body });
    expect([made.status, made.body]).toMatchObject([201, { fields: { loft: 'north' }, senders }]);
    const { webhook_url } = z.object({ webhook_url: z.string() }).parse(made.body);
    const fly = async (method: string, ring: string, flight = 'f1') => {
      const query = new URLSearchParams({ flight, from: phone(1), to: '+12025550161', note: 'Hello', ring });
      const answer = await fetch(`${webhook_url}?${query}`, { method });
      return [answer.status, await answer.text()];
    };
    const texts = () =>
      harness.inTx((tx) => tx.selectFrom('messages').select(['provider_id', 'number', 'body']).execute());
    expect((await fly('GET', 'r2'))[0]).toBe(403);
    expect((await fly('POST', 'r1'))[0]).toBe(405);
    expect(await texts()).toEqual([]);
    expect(await fly('GET', 'r1')).toEqual([200, 'Coo']);
    expect(await fly('GET', 'r1')).toEqual([200, 'Coo']);
    expect(await texts()).toEqual([{ provider_id: 'f1', number: phone(1), body: 'Hello' }]);
    // What it does not understand is kept for a person, with what its query said.
    expect(await fly('GET', 'r1', 'lost')).toEqual([200, 'Coo']);
    const kept = await harness.inTx((tx) => tx.selectFrom('unmatched_webhooks').select('body').execute());
    expect(kept).toEqual([{ body: expect.stringMatching(/flight=lost&.*note=Hello/) }]);
  } finally {
    await harness.close();
  }
});

test('a new port of the nodes is served by its file and its lines of the generated catalogue', async () => {
  const effects = 'packages/engine/src/cohorts/effects';
  const before = changed();
  writeFileSync(
    join(folder, effects, 'gifts.ts'),
    `import { defineEffect } from './define-effect.ts';
/** Counts what is given away. */
export const gifts = defineEffect<{ give(what: string): void }>(() => {
  const given = new Map<string, string>();
  return {
    bind: (row) => ({ give: (what) => void given.set(row.id, what) }),
    reads: [],
    write: async (enrollments) => {
      written.push(...[...given].filter(([id]) => enrollments.has(id)).map(([id, what]) => id + ' got ' + what));
    },
    discard: (id) => void given.delete(id),
  };
});
export const written: string[] = [];
`,
  );
  expect(checkCatalogues(folder, true)).toEqual([]);
  expect(
    changed()
      .filter((each) => !before.includes(each))
      .sort(),
  ).toEqual([`${effects}/catalogue.gen.ts`, `${effects}/gifts.ts`]);
  const said = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { openStepPorts } from '${pathToFileURL(join(folder, 'packages/engine/src/cohorts/step-ports.ts')).href}';
    import { written } from '${pathToFileURL(join(folder, effects, 'gifts.ts')).href}';
    const ports = openStepPorts({ tx: null, ids: null, onQueued() {} });
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id, contact: {} }));
    for (const row of [a, b, c]) ports.bind(row, { id: 'party' }).gifts.give('a cake');
    ports.discard([b]);
    await ports.write([a, b]);
    console.log(JSON.stringify(written));`,
  ]);
  expect(JSON.parse(said.stdout)).toEqual(['a got a cake']);
});
