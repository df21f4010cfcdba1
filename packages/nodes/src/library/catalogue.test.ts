import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkNode } from '../define/check-node.ts';
import { next } from '../define/decision.ts';
import { type AnyNode, defineNode } from '../define/define-node.ts';
import { type NodeCase, runCase } from '../define/node-case.ts';
import { catalogue, nodeByType } from './catalogue.gen.ts';

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
});

for (const node of catalogue) {
  const cases = await casesOf(node);

  describe(`node ${node.type}`, () => {
    it('is complete', () => {
      expect(checkNode(node, cases)).toEqual([]);
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
        const problems = bound.problems();
        if ('problems' in expected) {
          expect(problems.map(({ code }) => code)).toEqual(expected.problems);
          return;
        }
        expect(problems.filter(({ severity }) => severity !== 'warning')).toEqual([]);
        const { decision, writes } = await runCase(node, nodeCase);
        expect(decision).toEqual(expected.decision);
        expect(writes).toEqual({ consent: [], messages: [], profile: [], ...expected.writes });
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

  it('passes a complete node', () => {
    expect(checkNode(sample, [good, bad])).toEqual([]);
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

  for (const [problem, node, cases] of planted) {
    it(`finds a planted fault: ${problem}`, () => {
      expect(checkNode(node, cases).join('\n')).toContain(problem);
    });
  }
});
