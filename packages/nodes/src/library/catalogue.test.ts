import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkNode } from '../define/check-node.ts';
import { next, type Reason } from '../define/decision.ts';
import { type AnyNode, defineNode } from '../define/define-node.ts';
import { type NodeCase, runCase } from '../define/node-case.ts';
import type { Ports } from '../define/ports.ts';
import { blockingProblems, nodeProblem, problemTable } from '../define/problems.ts';
import { generalReasons } from '../define/reasons.ts';
import { catalogue, nodeByType } from './catalogue.gen.ts';

const twice = (codes: readonly string[]) => codes.filter((code, index) => codes.indexOf(code) < index);

async function casesOf(node: AnyNode): Promise<readonly NodeCase[] | null> {
  const file = new URL(`./${node.group}/${node.type}.cases.ts`, import.meta.url);
  if (!existsSync(file)) return null;
  const { cases }: { cases: readonly NodeCase[] } = await import(`./${node.group}/${node.type}.cases.ts`);
  return cases;
}

describe('the catalogue', () => {
  it('holds every type once', () => {
    expect(nodeByType.size).toBe(catalogue.length);
    const files = catalogue.map(({ group, type }) => `${group}/${type}.ts`);
    const found = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' });
    expect(files.sort()).toEqual(found.filter((file) => /^[a-z0-9-]+\/[a-z0-9-]+\.ts$/.test(file)).sort());
    expect(files.length).toBeGreaterThanOrEqual(11);
  });

  it('has every code of a reason or a problem once', () => {
    const reasons = [...Object.keys(generalReasons), ...catalogue.flatMap((node) => Object.keys(node.reasons ?? {}))];
    const problems = [...Object.keys(problemTable), ...catalogue.flatMap((node) => Object.keys(node.problems ?? {}))];
    expect(twice(reasons)).toEqual([]);
    expect(twice(problems)).toEqual([]);
    expect(twice([...problems, 'no_trigger'])).toEqual(['no_trigger']);
  });
});

for (const node of catalogue) {
  const cases = await casesOf(node);

  describe(`node ${node.type}`, () => {
    it('is complete', async () => {
      expect(await checkNode(node, cases)).toEqual([]);
    });

    for (const nodeCase of cases ?? []) {
      it(nodeCase.name, async () => {
        const expected = nodeCase.expect;
        if ('invalid' in expected) {
          const parsed = node.config.safeParse(nodeCase.config);
          expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toContain(expected.invalid.join('.'));
          return;
        }
        const bound = node.bind(nodeCase.config);
        const problems = bound.check();
        if ('problems' in expected) {
          expect(problems.map(({ code }) => code)).toEqual(expected.problems);
          return;
        }
        expect(blockingProblems(problems.map(({ code, ...at }) => nodeProblem(node, code, at)))).toEqual([]);
        const { decision, writes } = await runCase(node, nodeCase);
        expect(decision).toEqual(expected.decision);
        // A port that a case says nothing of is one that nothing was written to.
        const nothing = Object.fromEntries(Object.keys(writes).map((port) => [port, []]));
        expect(writes).toEqual({ ...nothing, ...expected.writes });
        if (expected.summary !== undefined) expect(bound.summary()).toBe(expected.summary);
        const outlets = bound.outlets().map(({ id }) => id);
        expect(outlets).toEqual(expect.arrayContaining(outletsOf(decision)));
      });
    }
  });
}

function outletsOf(decision: Awaited<ReturnType<typeof runCase>>['decision']): string[] {
  if (decision.kind === 'next' || decision.kind === 'sleep') return [decision.outlet];
  return 'outlets' in decision ? Object.values(decision.outlets) : [];
}

describe('the check of a node', () => {
  const good: NodeCase = { name: 'goes on', config: {}, expect: { decision: next('next') } };
  const bad: NodeCase = { name: 'refuses', config: null, expect: { invalid: [] } };
  const sample = defineNode({
    type: 'sample',
    version: 1,
    title: 'Sample',
    group: 'logic',
    icon: 'circle',
    docs: 'A node that does nothing at all.',
    effect: 'none',
    config: z.object({}),
    summary: () => 'Goes on',
    outlets: () => [{ id: 'next', label: 'Next' }],
    run: () => next('next'),
  });

  /** The sample, whose decision or check is none that its definition could state: what types refuse, the check has to find. */
  const saying = (reason: Reason): AnyNode => {
    const said: AnyNode = sample;
    return { ...said, bind: (config) => ({ ...said.bind(config), run: () => next('next', reason) }) };
  };
  const writing = (write: (ports: Ports) => unknown): AnyNode =>
    defineNode({
      ...sample,
      run: async ({ ports }) => {
        await write(ports);
        return next('next');
      },
    });
  const finding = (code: string): AnyNode => {
    const said: AnyNode = sample;
    return { ...said, bind: (config) => ({ ...said.bind(config), check: () => [{ code, path: [] }] }) };
  };

  it('passes a complete node', async () => {
    expect(await checkNode(sample, [good, bad])).toEqual([]);
  });

  const control = { label: 'Text', control: 'crayon' };
  const planted: ReadonlyArray<readonly [string, AnyNode, readonly NodeCase[] | null]> = [
    ['There is no table of cases.', sample, null],
    ['No case shows a refusal or a failure.', sample, [good]],
    ['The docs text is missing or too short.', { ...sample, docs: '' }, [good, bad]],
    ['The icon is not a lucide name in kebab-case.', { ...sample, icon: 'MessageCircle' }, [good, bad]],
    ['There is no summary for the case “goes on”.', defineNode({ ...sample, summary: () => '' }), [good, bad]],
    [
      'There are no outlets for the case “goes on”.',
      defineNode<typeof sample.config, 'next'>({ ...sample, outlets: () => [] }),
      [good, bad],
    ],
    ['Pausing outlets do not exist: later.', { ...sample, pausingOutlets: ['later'] }, [good, bad]],
    ['Triggers, and only they, say how people enter.', { ...sample, group: 'trigger' }, [good, bad]],
    ['The reason went_on of “goes on” has no text.', saying({ code: 'went_on' }), [good, bad]],
    [
      'The reason of “goes on” has gaps: Went to {place}',
      { ...saying({ code: 'went_on' }), reasons: { went_on: 'Went to {place}' } },
      [good, bad],
    ],
    [
      'No case gives the reason went_on, which has a text.',
      { ...sample, reasons: { went_on: 'Went on' } },
      [good, bad],
    ],
    ['The problem too_loud has no text.', finding('too_loud'), [good, bad]],
    [
      '“goes on” writes to the contact, and the effect is none.',
      writing(({ profile }) => profile.set('first_name', 'Sam')),
      [good, bad],
    ],
    [
      '“goes on” queues a message, and the effect is none.',
      writing(({ messages }) => messages.queue({ text: 'Hi', purpose: 'marketing', lane: 'journey' })),
      [good, bad],
    ],
    [
      'No case has the problem too_loud, which has a text.',
      { ...sample, problems: { too_loud: { severity: 'error', title: 'Too loud', fix: 'Lower your voice.' } } },
      [good, bad],
    ],
    ['The field text has no UI hints.', { ...sample, config: z.object({ text: z.string().optional() }) }, [good, bad]],
    [
      'UI hints are not as declared',
      {
        ...sample,
        config: z.object({
          text: z
            .string()
            .optional()
            .meta({ nested: { ui: control } }),
        }),
      },
      [good, bad],
    ],
  ];

  const either = [z.object({ words: z.string() }), z.object({ minutes: z.number() })] as const;
  const undrawn: ReadonlyArray<readonly [string, z.ZodType<object>]> = [
    ['one of several objects', z.union(either)],
    [
      'one of several objects, told apart by a field',
      z.discriminatedUnion('kind', [
        either[0].extend({ kind: z.literal('words') }),
        either[1].extend({ kind: z.literal('minutes') }),
      ]),
    ],
    ['an object and one of several', z.intersection(either[0], z.union(either))],
    ['a record', z.record(z.string(), z.string())],
    ['an object and whatever else is given', z.looseObject({})],
    ['an object and other texts', z.object({}).catchall(z.string())],
    ['one that is written elsewhere', z.lazy(() => either[0]).meta({ id: 'Elsewhere' })],
  ];

  it.each(undrawn)('finds a config whose fields the form would not show: %s', async (_name, config) => {
    const node: AnyNode = { ...sample, config };
    expect(await checkNode(node, [good, bad])).toContain(
      'The config is not one object with fields, so that no form can be drawn. Make it a z.object of every field.',
    );
  });

  for (const [problem, node, cases] of planted) {
    it(`finds a planted fault: ${problem}`, async () => {
      expect((await checkNode(node, cases)).join('\n')).toContain(problem);
    });
  }
});
