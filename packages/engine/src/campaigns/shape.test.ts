import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { describe, expect, test } from 'vitest';
import { firstGraph, hasStart, readShape, withLocalMoment, withMessage } from './shape.ts';

const message = { text: 'Hello', purpose: 'marketing' };
const graph = firstGraph(message);
const moment = { date: '2026-12-24', time: '10:00' };
const drawn: FlowGraph = {
  ...graph,
  steps: [...graph.steps, { id: 'later', type: 'wait', version: 1, config: { duration: { amount: 1, unit: 'days' } } }],
  edges: [
    { from: 'start', outlet: 'next', to: 'later' },
    { from: 'later', outlet: 'done', to: 'message' },
    { from: 'message', outlet: 'sent', to: 'done' },
  ],
};

describe('The flow of a campaign', () => {
  test('is shown whole as long as nobody draws it further', () => {
    expect(readShape(graph)).toEqual({ message, drawnFurther: false });
    expect(readShape(withLocalMoment(graph, moment) ?? graph)).toEqual({ message, drawnFurther: false });
    expect(readShape(drawn)).toEqual({ message, drawnFurther: true });
    expect(readShape({ ...graph, edges: graph.edges.toReversed() }).drawnFurther).toBe(false);
  });

  test('keeps what is drawn where its message changes', () => {
    const changed = withMessage(drawn, { text: 'Good day' });
    expect(changed?.edges).toEqual(drawn.edges);
    expect(changed?.steps.filter(({ id }) => id !== 'message')).toEqual(
      drawn.steps.filter(({ id }) => id !== 'message'),
    );
    expect(readShape(changed ?? graph).message).toEqual({ text: 'Good day' });
  });

  test('keeps what is drawn where people wait for a moment of their own, and where they do no more', () => {
    const waiting = withLocalMoment(drawn, moment);
    expect(waiting?.edges).toContainEqual({ from: 'when', outlet: 'done', to: 'later' });
    expect(waiting?.edges).toContainEqual({ from: 'start', outlet: 'next', to: 'when' });
    const later = withLocalMoment(waiting ?? drawn, { ...moment, time: '11:00' });
    expect(later?.steps.find(({ id }) => id === 'when')?.config).toMatchObject({ until_time: '11:00' });
    expect(later?.edges).toEqual(waiting?.edges);
    const back = withLocalMoment(later ?? drawn, null);
    expect(new Set(back?.edges)).toEqual(new Set(drawn.edges));
    expect(back?.steps).toEqual(drawn.steps);
  });

  test('says where a step that is to change is gone', () => {
    const bare = { ...graph, steps: graph.steps.filter(({ id }) => id === 'done'), edges: [] };
    expect(withMessage(bare, message)).toBeNull();
    expect(withLocalMoment(bare, moment)).toBeNull();
    expect(withLocalMoment(bare, null)).toEqual(bare);
    expect(readShape(bare)).toEqual({ message: null, drawnFurther: true });
    expect([hasStart(bare), hasStart(graph)]).toEqual([false, true]);
  });
});
