import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AnyNode } from '@signalbox/nodes/define/define-node';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startApiHarness } from '../api/client.ts';
import { until } from '../support/harness.ts';
import { copyLibrary, type LibraryCopy, taughtNode } from './library-copy.ts';

const type = 'coin-toss';
let copy: LibraryCopy;
let library: readonly AnyNode[];

const isLibrary = (value: unknown): value is readonly AnyNode[] =>
  Array.isArray(value) && value.every((node) => typeof node === 'object' && node !== null && 'bind' in node);
const isFunction = (value: unknown): value is (...args: readonly unknown[]) => unknown => typeof value === 'function';

/** A function of the copied library. */
async function copied(path: string, name: string): Promise<(...args: readonly unknown[]) => unknown> {
  const value = (await copy.load(path))[name];
  if (!isFunction(value)) throw new Error(`${path} exports no function ${name}`);
  return value;
}

beforeAll(async () => {
  copy = copyLibrary();
  const { node, cases } = taughtNode();
  copy.write(`src/library/logic/${type}.ts`, node);
  copy.write(`src/library/logic/${type}.cases.ts`, cases);
  await copy.regenerate();
  const { catalogue } = await copy.load('src/library/catalogue.gen.ts');
  if (!isLibrary(catalogue)) throw new Error('the copied catalogue is none');
  library = catalogue;
});
afterAll(() => copy.remove());

test('the new node is its file, its cases and a line of the generated catalogue', () => {
  expect(copy.changed().sort()).toEqual([
    `nodes/src/library/catalogue.gen.ts`,
    `nodes/src/library/logic/${type}.cases.ts`,
    `nodes/src/library/logic/${type}.ts`,
  ]);
  expect(library.map((node) => node.type)).toContain(type);
});

test('it is complete by the check of the library', async () => {
  const checkNode = await copied('src/define/check-node.ts', 'checkNode');
  const { cases } = await copy.load(`src/library/logic/${type}.cases.ts`);
  const node = library.find((candidate) => candidate.type === type);
  expect(checkNode(node, cases)).toEqual([]);
});

test('its cases hold', async () => {
  const runCase = await copied('src/define/node-case.ts', 'runCase');
  const node = library.find((candidate) => candidate.type === type);
  const { cases } = await copy.load(`src/library/logic/${type}.cases.ts`);
  const decided = z
    .array(z.looseObject({ expect: z.looseObject({ decision: z.unknown() }) }))
    .parse(Array.isArray(cases) ? cases.filter((entry) => 'decision' in entry.expect) : null);
  expect(decided.length).toBeGreaterThan(0);
  for (const entry of decided) expect(await runCase(node, entry)).toMatchObject({ decision: entry.expect.decision });
});

test('the editor shows it in the palette and draws its form', async () => {
  const seen = await copy.inEditor(`
    import { palette, schemaOf } from './flow/library.ts';
    const node = palette.find(({ type }) => type === '${type}');
    console.log(JSON.stringify({ title: node?.title, group: node?.group, schema: schemaOf('${type}') }));
  `);
  expect(seen).toMatchObject({
    title: 'Coin toss',
    group: 'logic',
    schema: {
      properties: {
        percent: { minimum: 1, maximum: 99, default: 50, ui: { label: 'Share that goes left', control: 'number' } },
      },
    },
  });
});

function graph(percent: number): FlowGraph {
  return {
    schema_version: 1,
    steps: [
      { id: 'start', type: 'api-event', version: 1, config: { event: 'tossed' } },
      { id: 'toss', type, version: 1, config: { percent } },
      { id: 'left', type: 'record-consent', version: 1, config: { purpose: 'marketing', wording: 'Left.' } },
      { id: 'right', type: 'record-consent', version: 1, config: { purpose: 'transactional', wording: 'Right.' } },
    ],
    edges: [
      { from: 'start', outlet: 'next', to: 'toss' },
      { from: 'toss', outlet: 'left', to: 'left' },
      { from: 'toss', outlet: 'right', to: 'right' },
    ],
  };
}

test('validation knows its config', async () => {
  const validateFlow = await copied('src/flow/validate.ts', 'validateFlow');
  const problemsSchema = z.array(z.looseObject({ step_id: z.string().nullish(), severity: z.string() }));
  const blocking = (value: unknown) => problemsSchema.parse(value).filter((problem) => problem.severity !== 'warning');
  expect(blocking(validateFlow(graph(50), library, { liveKeywords: [] }))).toEqual([]);
  expect(blocking(validateFlow(graph(100), library, { liveKeywords: [] })).map((problem) => problem.step_id)).toEqual([
    'toss',
  ]);
});

test('the API lists it with its schema, and an engine runs it', async () => {
  const harness = await startApiHarness({ nodes: library, work: true });
  try {
    const listed = await harness.call('GET', '/api/v1/nodes');
    const nodes = z.object({ data: z.array(z.looseObject({ type: z.string() })) }).parse(listed.body).data;
    expect(nodes.find((node) => node.type === type)).toMatchObject({ title: 'Coin toss', group: 'logic' });
    expect(JSON.stringify(nodes.find((node) => node.type === type))).toContain('Share that goes left');
    const { flowId } = await harness.publish('Toss', graph(50));
    const people = await harness.addContacts(60);
    const batch = {
      workspace_id: harness.workspaceId,
      id: harness.engine.ids.uuid(),
      flow_id: flowId,
      state: 'running' as const,
      contact_ids: [...people].sort(),
      created_at: new Date(),
    };
    await harness.inTx((tx) => tx.insertInto('enrollment_batches').values(batch).execute());
    const consents = await until('everyone to have gone one way', async () => {
      const rows = await harness.inTx((tx) => tx.selectFrom('consents').select(['contact_id', 'purpose']).execute());
      return rows.length === people.length ? rows : null;
    });
    const left = consents.filter((row) => row.purpose === 'marketing').length;
    expect(new Set(consents.map((row) => row.contact_id)).size).toBe(people.length);
    expect(left).toBeGreaterThan(10);
    expect(left).toBeLessThan(50);
  } finally {
    await harness.close();
  }
});

/** Product files (no tests) that name a node type in quotes, by path from the root. */
function mentions(nodeType: string): string[] {
  const root = resolve(import.meta.dirname, '../..');
  const quoted = new RegExp(`['"\`/]${nodeType}['"\`.]`);
  return ['packages/nodes/src', 'packages/engine/src', 'packages/editor/src']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter(
      (path) =>
        /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && quoted.test(readFileSync(join(root, path), 'utf8')),
    )
    .sort();
}

test('a node type is named by its own file and the catalogue alone', () => {
  expect(mentions('api-event')).toEqual([
    'packages/nodes/src/library/catalogue.gen.ts',
    'packages/nodes/src/library/trigger/api-event.ts',
  ]);
});

test('the count of mentions sees a mention', () => {
  // The step functions of flows in code are typed by node, so their file names some.
  expect(mentions('update-contact')).toContain('packages/engine/src/workflows/steps.ts');
});
