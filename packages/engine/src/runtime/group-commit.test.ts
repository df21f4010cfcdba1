import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

const tick = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

/** A group commit whose commits end when told to, and the groups that it made. */
function watched(options: { readonly windowMs?: number; readonly enough?: number; readonly most?: number } = {}) {
  const groups: number[][] = [];
  const running: Array<() => void> = [];
  const commit = createGroupCommit<number, number>({
    most: options.most ?? 10,
    windowMs: (sinceLastMs) => (sinceLastMs === Number.POSITIVE_INFINITY ? 0 : (options.windowMs ?? 0)),
    ...(options.enough === undefined ? {} : { enough: () => options.enough ?? 0 }),
    commit: async (_key, items) => {
      groups.push([...items]);
      await new Promise<void>((resolve) => running.push(resolve));
      return items.map((item) => (item < 0 ? new Error('A negative one.') : item * 2));
    },
  });
  const end = async (): Promise<void> => {
    running.shift()?.();
    await tick();
  };
  return { groups, end, add: (item: number) => commit.add('w', item), size: commit.size };
}

describe('a group commit', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('commits what comes alone at once, and what comes during a commit together', async () => {
    const { groups, end, add, size } = watched();
    const first = add(1);
    await tick();
    const others = [add(2), add(3)];
    await tick();
    expect(groups).toEqual([[1]]);
    await end();
    expect(groups).toEqual([[1], [2, 3]]);
    await end();
    expect(await Promise.all([first, ...others])).toEqual([2, 4, 6]);
    expect(size()).toBe(0);
  });

  test('waits for more, but not once enough are there', async () => {
    const { groups, end, add } = watched({ windowMs: 40, enough: 3 });
    void add(1);
    await tick();
    void add(2);
    await end();
    await vi.advanceTimersByTimeAsync(30);
    expect(groups).toEqual([[1]]);
    await vi.advanceTimersByTimeAsync(10);
    expect(groups).toEqual([[1], [2]]);
    void add(3);
    void add(4);
    await end();
    await vi.advanceTimersByTimeAsync(5);
    expect(groups).toHaveLength(2);
    void add(5);
    await tick();
    expect(groups.at(-1)).toEqual([3, 4, 5]);
  });

  test('never commits more than the most at once, and an error of one is its own', async () => {
    const { groups, end, add } = watched({ most: 2 });
    const all = [add(1), add(-1), add(3)].map((each) =>
      each.then(
        (value) => value,
        (error: unknown) => (error instanceof Error ? error.message : ''),
      ),
    );
    await tick();
    await end();
    await end();
    expect(groups).toEqual([[1, -1], [3]]);
    expect(await Promise.all(all)).toEqual([2, 'A negative one.', 6]);
  });
});
