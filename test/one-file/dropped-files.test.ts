import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Provider } from '@signalbox/engine/providers/provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkCatalogues } from '../../scripts/catalogues.ts';
import { startApiHarness } from '../api/client.ts';
import { phone } from '../support/harness.ts';

/** A gate rule, a provider, a sweep and a port of the nodes, each dropped into a copy of its folder: one file, one line of the catalogue, and it is there. */

const root = resolve(import.meta.dirname, '../..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-dropped-'));
  for (const name of ['nodes', 'engine']) {
    cpSync(join(root, 'packages', name, 'src'), join(folder, 'packages', name, 'src'), { recursive: true });
    cpSync(join(root, 'packages', name, 'package.json'), join(folder, 'packages', name, 'package.json'));
    symlinkSync(join(root, 'packages', name, 'node_modules'), join(folder, 'packages', name, 'node_modules'));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files of both packages that differ from the repository's. */
function changed(): string[] {
  return ['nodes', 'engine'].flatMap((name) =>
    readdirSync(join(folder, 'packages', name, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((path) => readFileSync(join(folder, path), 'utf8') !== original(path)),
  );
}

function original(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
}

const dropped = [
  {
    what: 'gate rule',
    path: 'packages/nodes/src/gate/no-one.ts',
    list: 'rules',
    source: `import { defineRule, refuse } from './define-rule.ts';
export const noOne = defineRule({
  name: 'no-one',
  says: 'Nobody is texted.',
  reasons: { nobody: 'Nobody is texted' },
  decide: () => refuse('nobody'),
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
  capabilities: { media: false, signed: true, answersOptOuts: false },
  limits: { textLength: 160, reference: 20 },
  webhooks: { methods: ['GET'], acknowledgement: { contentType: 'text/plain', body: 'Coo' } },
  connect: ({ credentials }) => ({
    send: async () => ({ kind: 'accepted', providerId: 'p1' }),
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
  {
    what: 'sweep',
    path: 'packages/engine/src/sweeps/dust.ts',
    list: 'sweeps',
    source: `import { defineSweep } from './define-sweep.ts';
/** Sweeps nothing. */
export const dust = defineSweep({ name: 'dust', every: 60_000, create: () => async () => 0 });
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
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ fields: { loft: 'north' }, senders })]);
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
    expect((await fly('GET', 'r1', 'lost'))[0]).toBe(400);
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
    for (const row of [a, b, c]) ports.bind(row).gifts.give('a cake');
    ports.discard([b]);
    await ports.write([a, b]);
    console.log(JSON.stringify(written));`,
  ]);
  expect(JSON.parse(said.stdout)).toEqual(['a got a cake']);
});
