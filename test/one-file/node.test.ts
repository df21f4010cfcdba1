import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import type { AnyNode } from '@signalbox/nodes/define/define-node';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startApiHarness } from '../api/client.ts';
import { letIn } from '../support/code-runs.ts';
import { until } from '../support/harness.ts';
import { copyLibrary, type LibraryCopy, taughtNode } from './library-copy.ts';
import { naming, quoted } from './naming.ts';

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

/** The files that the tutorial has written, by path from `packages`. */
const taughtFiles = [`nodes/src/library/logic/${type}.cases.ts`, `nodes/src/library/logic/${type}.ts`];

/** Does what CONTRIBUTING.md teaches, in a copy. */
function follow(at: LibraryCopy): void {
  const { node, cases } = taughtNode();
  at.write(`src/library/logic/${type}.ts`, node);
  at.write(`src/library/logic/${type}.cases.ts`, cases);
  at.regenerate();
}

beforeAll(async () => {
  // Whoever followed the tutorial may have kept what they wrote.
  copy = copyLibrary(taughtFiles);
  follow(copy);
  const copied = (await copy.load('src/library/catalogue.gen.ts')).catalogue;
  if (!isLibrary(copied)) throw new Error('the copied catalogue is none');
  library = copied;
});
afterAll(() => copy.remove());

test('the new node is its file, its cases and a line of the generated catalogue', () => {
  expect(copy.changed().sort()).toEqual([`nodes/src/library/catalogue.gen.ts`, ...taughtFiles]);
  expect(library.map((node) => node.type)).toContain(type);
});

test('and is so once more in a repository in which somebody followed the tutorial before', () => {
  const again = copyLibrary(taughtFiles, copy.folder);
  try {
    expect(again.changed()).toEqual([]);
    follow(again);
    expect(again.changed().sort()).toEqual(copy.changed().sort());
  } finally {
    again.remove();
  }
});

test('it is complete by the check of the library', async () => {
  const checkNode = await copied('src/define/check-node.ts', 'checkNode');
  const { cases } = await copy.load(`src/library/logic/${type}.cases.ts`);
  const node = library.find((candidate) => candidate.type === type);
  expect(await checkNode(node, cases)).toEqual([]);
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

test('the editor shows it in the palette and has the schema of its form', async () => {
  const seen = await copy.inPackage(
    'editor',
    `
    import { palette, schemaOf } from './flow-model/library.ts';
    const node = palette.find(({ type }) => type === '${type}');
    console.log(JSON.stringify({ title: node?.title, group: node?.group, schema: schemaOf('${type}') }));
  `,
  );
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

/** The form of a node as the editor draws it, as HTML. */
async function form(nodeType: string, values: object): Promise<string> {
  const html = await copy.rendered(`
    import { renderToStaticMarkup } from 'react-dom/server';
    import { schemaOf } from './flow-model/library.ts';
    import { SchemaForm } from './forms/schema-form.tsx';
    const problems = [{ severity: 'error', title: 'Planted problem', action: '', path: ['percent'] }];
    const html = renderToStaticMarkup(
      <SchemaForm id="f" schema={schemaOf('${nodeType}')} values={${JSON.stringify(values)}} problems={problems} disabled={false} onChange={() => undefined} />,
    );
    console.log(JSON.stringify(html));
  `);
  return z.string().parse(html);
}

test('the editor draws its form: label, number field, bounds, what holds by default, and problems at the field', async () => {
  const html = await form(type, {});
  expect(html).toMatch(/<label for="f-percent"[^>]*>Share that goes left<\/label>/);
  const input = /<input[^>]*id="f-percent"[^>]*>/.exec(html)?.[0] ?? '';
  for (const part of ['type="number"', 'min="1"', 'max="99"', 'value="50"', 'aria-invalid="true"'])
    expect(input).toContain(part);
  expect(html).toContain('Planted problem');
  expect(html.match(/data-field=/g)).toHaveLength(1);
}, 60_000);

test('what is drawn is the node’s own: another label, bound and default give another form', async () => {
  const { node } = taughtNode();
  const changed = node
    .replace("label: 'Share that goes left'", "label: 'Planted label'")
    .replace('.max(99).default(50)', '.max(42).default(7)');
  copy.write(`src/library/logic/${type}.ts`, changed);
  try {
    const html = await form(type, {});
    expect(html).toContain('Planted label');
    expect(html).not.toContain('Share that goes left');
    expect(html).toMatch(/<input[^>]*max="42"[^>]*value="7"[^>]*>/);
  } finally {
    copy.write(`src/library/logic/${type}.ts`, node);
  }
}, 60_000);

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
  expect(blocking(validateFlow(graph(50), library, { takenKeys: [] }))).toEqual([]);
  expect(blocking(validateFlow(graph(100), library, { takenKeys: [] })).map((problem) => problem.step_id)).toEqual([
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

/** A flow in code that tosses the coin; what follows `wrong` is what its types refuse. */
const tossing = (wrong = '') => `import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition } from '@signalbox/engine/workflows/steps';

export const definition = {
  name: 'Tossing',
  description: '',
  steps: {
    'the-coin': { type: 'coin-toss', config: { percent: 40 } },
    winners: { type: 'record-consent', config: { purpose: 'marketing', wording: 'Left.' } },
    losers: { type: 'record-consent', config: { purpose: 'transactional', wording: 'Right.' } },
  },
} as const satisfies CodeFlowDefinition;

export async function tossing(input: CodeRunInput): Promise<void> {
  const { people, steps, finish } = beginRun(definition, input);
  const { left, right } = await steps.coinToss(people, { step: 'the-coin' });
  await steps.recordConsent(left, { step: 'winners' });
  await steps.recordConsent(right, { step: 'losers' });
${wrong}  await finish();
}
`;

test('a flow in code has a step function of it, with its ways out and its config, from the node’s types alone', async () => {
  copy.writeFlow('tossing.workflow.ts', tossing());
  const misspelt = tossing(`  const { heads } = await steps.coinToss(people, { step: 'the-coin' });
  await steps.coinToss(people, { step: 'winners' });
  await steps.coinFlip(heads, { step: 'the-coin' });
`);
  const halved = `const step = { type: 'coin-toss', config: { percent: 'half' } } as const;
export const other = { name: 'Halved', description: '', steps: { step } } as const satisfies CodeFlowDefinition;
`;
  const wrong = copy.writeFlow('wrong.workflow.ts', `${misspelt}${halved}`);
  try {
    const errors = await copy.flowErrors();
    const lines = errors.filter((line) => !line.startsWith(' ')).map((line) => /^[^,]+/.exec(line)?.[0]);
    expect(lines).toEqual([19, 20, 21, 25].map((line) => `workflows/wrong.workflow.ts(${line}`));
  } finally {
    rmSync(wrong);
  }
}, 180_000);

test('an engine runs it in a flow in code: everybody by one of its ways out', async () => {
  const file = copy.writeFlow('tossing.workflow.ts', tossing());
  const harness = await startApiHarness({ nodes: library, work: true, workflows: [file] });
  try {
    const found = await loadCodeFlows(dirname(file));
    expect(found.broken).toEqual([]);
    expect(await registerCodeFlows(harness.engine, harness.workspaceId, found, 'live')).toEqual([]);
    const { id } = await harness.inTx((tx) => tx.selectFrom('flows').select('id').executeTakeFirstOrThrow());
    const people = await harness.addContacts(60);
    await letIn(harness, id, people);
    const consents = await until('everyone to have gone one way', async () => {
      const rows = await harness.inTx((tx) => tx.selectFrom('consents').select(['contact_id', 'purpose']).execute());
      return rows.length === people.length ? rows : null;
    });
    expect(new Set(consents.map((row) => row.contact_id)).size).toBe(people.length);
    expect(new Set(consents.map((row) => row.purpose)).size).toBe(2);
  } finally {
    await harness.close();
  }
}, 120_000);

const ownRoot = resolve(import.meta.dirname, '../..');

/** Product files whose code names a node type in quotes. */
const mentions = (root: string, nodeType: string): string[] => naming(root, quoted(nodeType));

/** Files that name node types because they are made of nodes: flows that come with us, and how runs of earlier builds are read. */
const madeOfNodes = [
  'packages/editor/src/campaigns/message-node.ts',
  'packages/editor/src/flows/starters.ts',
  'packages/editor/src/replies/simple-flow.ts',
  'packages/engine/src/campaigns/shape.ts',
  'packages/engine/src/flows/example-flow.ts',
  'packages/engine/src/demo/sample-flow.ts',
  'packages/engine/src/demo/sample-replies.ts',
  'packages/engine/src/demo/sample-tests.ts',
  'packages/engine/src/workflows/outlets-before.ts',
];

test('a new node type is named by its own file and the catalogue alone', () => {
  expect(mentions(copy.folder, type).filter((path) => !madeOfNodes.includes(path))).toEqual([
    'packages/nodes/src/library/catalogue.gen.ts',
    `packages/nodes/src/library/logic/${type}.ts`,
  ]);
});

/** A type of one word is a word of the language too; those of several stand for nothing else. */
const existing = catalogue
  .filter((node) => node.type.includes('-'))
  .map((node) => ({ type: node.type, group: node.group }));

test.each(existing)('$type is named by its own file, the catalogue and flows alone', ({ type: known, group }) => {
  expect(mentions(ownRoot, known).filter((path) => !madeOfNodes.includes(path))).toEqual([
    'packages/nodes/src/library/catalogue.gen.ts',
    `packages/nodes/src/library/${group}/${known}.ts`,
  ]);
});

test('the count of mentions sees a mention, in any room', () => {
  expect(existing.length).toBeGreaterThan(5);
  const planted = 'packages/editor/src/planted.ts';
  writeFileSync(join(copy.folder, planted), `export const planted = type === '${type}';\n`);
  try {
    expect(mentions(copy.folder, type)).toContain(planted);
  } finally {
    rmSync(join(copy.folder, planted));
  }
});
