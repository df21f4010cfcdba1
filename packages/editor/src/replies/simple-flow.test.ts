import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { validateFlow } from '@signalbox/nodes/flow/validate';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { expect, test } from 'vitest';
import { newStep } from '../flow-model/library.ts';
import { newSimpleFlow, readSimpleFlow, schemaWith, toSimpleGraph } from './simple-flow.ts';

const filled = () => {
  const simple = newSimpleFlow('keyword');
  return {
    ...simple,
    trigger: { ...simple.trigger, config: { ...simple.trigger.config, keywords: ['HOURS'] } },
    send: { ...simple.send, config: { ...simple.send.config, text: 'From 9 to 5.' } },
  };
};

test('what a form writes is an ordinary flow without a problem, and is read again as it was written', () => {
  const simple = filled();
  const graph = toSimpleGraph(simple);
  expect(validateFlow(graph, catalogue)).toEqual([]);
  expect(readSimpleFlow(graph, 'keyword')).toEqual(simple);
  const open = toSimpleGraph({ ...simple, end: null });
  expect(readSimpleFlow(open, 'keyword')).toEqual({ ...simple, end: null });
});

test('a flow that does more is none for a form', () => {
  const graph = toSimpleGraph(filled());
  const wait = newStep('wait', 'x');
  const second = newStep('send-sms', 'y');
  const others: FlowGraph[] = [
    { ...graph, steps: [...graph.steps, wait] },
    { ...graph, steps: [...graph.steps, second] },
    { ...graph, edges: graph.edges.slice(1) },
    {
      ...graph,
      edges: [...graph.edges, { from: graph.steps[1]?.id ?? '', outlet: 'not_sent', to: graph.steps[1]?.id ?? '' }],
    },
  ];
  for (const other of others) expect(readSimpleFlow(other, 'keyword')).toBeNull();
  expect(readSimpleFlow(graph, 'any-text')).toBeNull();
});

test('a form shows some fields alone', () => {
  expect(Object.keys(schemaWith('send-sms', (field) => field === 'text').properties ?? {})).toEqual(['text']);
});
