import { describe, expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';
import { isolateFailures } from './isolate-failures.ts';

class Final extends Error {}
class Outage extends Error {}

/** A commit that fails for named items, as often as said, and writes down what it stored. */
function createStore(failures: Readonly<Record<string, { error: Error; times: number }>>) {
  const left = new Map(Object.entries(failures).map(([item, { times }]) => [item, times]));
  const stored: string[] = [];
  const waits: Array<() => void> = [];
  const group = createGroupCommit<string, string>({
    most: 10,
    commit: isolateFailures<string, string>({
      commit: async (_key, items) => {
        for (const item of items) {
          const times = left.get(item) ?? 0;
          if (times === 0) continue;
          left.set(item, times - 1);
          throw failures[item]?.error ?? new Error(item);
        }
        stored.push(...items);
        return items.map((item) => `${item} stored`);
      },
      isFinal: (error) => error instanceof Final,
      isOutage: (error) => error instanceof Outage,
      onRetry: () => undefined,
      wait: () => new Promise((resolve) => waits.push(resolve)),
    }),
  });
  return { group, stored, waits };
}

describe('one bad item', () => {
  it('takes no other along, and is refused at once where trying again is of no use', async () => {
    const { group, stored, waits } = createStore({ bad: { error: new Final('bad'), times: 99 } });
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((item) => group.add('w', item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(stored).toEqual(['a', 'b', 'c']);
    expect(waits).toEqual([]);
    expect(group.size()).toBe(0);
  });

  it('keeps no other waiting while it is tried again', async () => {
    const { group, stored, waits } = createStore({ slow: { error: new Error('slow'), times: 2 } });
    const slow = group.add('w', 'slow');
    expect(await group.add('w', 'next')).toBe('next stored');
    expect(await group.add('w', 'later')).toBe('later stored');
    expect(stored).toEqual(['next', 'later']);
    expect(group.size()).toBe(1);
    expect(waits).toHaveLength(1);
    for (const goOn of waits) goOn();
    expect(await slow).toBe('slow stored');
    expect(group.size()).toBe(0);
  });

  it('an outage is waited out by all of a batch together', async () => {
    const { group, stored, waits } = createStore({ b: { error: new Outage('away'), times: 1 } });
    const all = Promise.all(['a', 'b'].map((item) => group.add('w', item)));
    while (waits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(stored).toEqual([]);
    for (const goOn of waits) goOn();
    expect(await all).toEqual(['a stored', 'b stored']);
  });

  it('is given up after the last try', async () => {
    const { group, waits } = createStore({ bad: { error: new Error('bad'), times: 99 } });
    const bad = group.add('w', 'bad').catch((error: unknown) => error);
    for (let tried = 1; tried < 4; tried += 1) {
      while (waits.length === 0) await new Promise((resolve) => setImmediate(resolve));
      waits.shift()?.();
    }
    expect(await bad).toBeInstanceOf(Error);
  });
});
