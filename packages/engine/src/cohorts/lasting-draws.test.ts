import { next } from '@signalbox/nodes/define/decision';
import { type AnyNode, defineNode } from '@signalbox/nodes/define/define-node';
import { inMemoryPorts } from '@signalbox/nodes/define/in-memory-ports';
import { flow } from '@signalbox/nodes/flow/builder';
import { compileFlow } from '@signalbox/nodes/flow/compile';
import type { CompiledFlow } from '@signalbox/nodes/flow/compile-types';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { toVersion } from '../versions/version-cache.ts';
import { personAt, stepOf } from './cohort-case.ts';
import { decide } from './decide.ts';
import type { StepPorts } from './step-ports.ts';

const coin = defineNode({
  type: 'coin',
  version: 1,
  title: 'Coin',
  group: 'logic',
  icon: 'coins',
  docs: 'Sends half of the people one way.',
  effect: 'none',
  config: z.object({}),
  summary: () => 'Half go left',
  outlets: () => [
    { id: 'left', label: 'Left' },
    { id: 'right', label: 'Right' },
  ],
  run: ({ random }) => next(random.perContact() < 0.5 ? 'left' : 'right'),
});
const nodes: readonly AnyNode[] = [...catalogue, coin];
const now = new Date('2026-03-02T15:00:00Z');
const people = Array.from({ length: 1_000 }, (_, n) => personAt(`p${n}`));

const ports: StepPorts = {
  bind: () => inMemoryPorts({ now }).ports,
  pending: () => 0,
  flush: async () => undefined,
  write: async () => undefined,
  discard: () => undefined,
  reasonToHold: () => null,
  committed: () => undefined,
};

function tossed(): CompiledFlow {
  const w = flow('Toss');
  w.step('start', apiEvent, { event: 'tossed' }).to('next', w.step('toss', coin, {}));
  return compileFlow(w.graph(), nodes);
}

/** Which way everybody goes in a version of this flow. */
async function sides(flowId: string, compiled: CompiledFlow, hop = 3): Promise<string[]> {
  const version = toVersion({ id: 'v', flowId, number: 1 }, compiled, new Map(nodes.map((node) => [node.type, node])));
  const decided = await decide({
    step: stepOf(version, 'toss'),
    salt: version.salt,
    rows: people.map((row) => ({ ...row, hop })),
    ports,
    now,
    monotonic: () => 0,
  });
  return decided.map(({ decision }) => (decision.kind === 'next' ? decision.outlet : decision.kind));
}

const alike = (one: readonly string[], other: readonly string[]) =>
  one.filter((side, index) => side === other[index]).length / one.length;

test('a person goes the same way at every visit to a step of one flow', async () => {
  expect(await sides('one', tossed(), 9)).toEqual(await sides('one', tossed()));
});

test('which way a person goes in one flow says nothing about another: the steps may have the same name', async () => {
  const [one, two] = [await sides('one', tossed()), await sides('two', tossed())];
  for (const flowSides of [one, two]) {
    const left = flowSides.filter((side) => side === 'left').length;
    expect(left).toBeGreaterThan(430);
    expect(left).toBeLessThan(570);
  }
  expect(alike(one, two)).toBeGreaterThan(0.43);
  expect(alike(one, two)).toBeLessThan(0.57);
});

test('in a version that was published before, everybody stays on their side', async () => {
  const { steps } = tossed();
  const old = await sides('one', { steps });
  expect(old.slice(0, 12).join(' ')).toBe('right left right right left right right right right right right right');
  expect(await sides('two', { steps })).toEqual(old);
  expect(alike(old, await sides('one', tossed()))).toBeLessThan(0.57);
});
