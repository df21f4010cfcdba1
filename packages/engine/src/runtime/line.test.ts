import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLine } from './line.ts';

test('as many as there are places go in, the others in the order in which they came; a place is given back once', async () => {
  const line = createLine(2);
  const inside: string[] = [];
  const leave = new Map<string, () => void>();
  for (const name of ['a', 'b', 'c', 'd'])
    void line.enter().then((gone) => {
      inside.push(name);
      leave.set(name, gone);
    });
  await nextTurn();
  expect(inside).toEqual(['a', 'b']);
  leave.get('b')?.();
  leave.get('b')?.();
  await nextTurn();
  expect(inside).toEqual(['a', 'b', 'c']);
  leave.get('a')?.();
  await nextTurn();
  expect(inside).toEqual(['a', 'b', 'c', 'd']);
});
