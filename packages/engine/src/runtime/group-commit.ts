/**
 * Joins items that arrive close together into one call of `commit`, by key. Alone, an item is committed at once; while a
 * commit of the same key runs, the next ones gather. `windowMs` may make a group wait for more (protocol 15).
 */
export type GroupCommit<Item, Result> = {
  readonly add: (key: string, item: Item) => Promise<Result>;
  /** Items gathered or being committed. */
  readonly size: () => number;
};

/** What a commit says of one item: its result, why it failed alone, or the promise of its result. */
export type Answer<Result> = Result | Error | Promise<Result>;

export function createGroupCommit<Item, Result>(options: {
  /** Answers in the order of the items; an Error as answer rejects that item alone. One that is still to come keeps no other item waiting. */
  readonly commit: (key: string, items: readonly Item[]) => Promise<ReadonlyArray<Answer<Result>>>;
  readonly most: number;
  /** How long a group waits for more, given how long ago the key's last commit was (ms; Infinity for none) and how many it held. */
  readonly windowMs?: (sinceLastMs: number, lastSize: number) => number;
  /** So many do not wait for more; `most` unless given. */
  readonly enough?: () => number;
}): GroupCommit<Item, Result> {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };
  type Group = {
    waiting: Waiting[];
    running: boolean;
    lastAt: number;
    lastSize: number;
    /** Called with each that comes while the group waits for more. */
    came: () => void;
  };
  const groups = new Map<string, Group>();
  let size = 0;

  const run = async (key: string): Promise<void> => {
    const group = groups.get(key);
    if (group === undefined || group.running || group.waiting.length === 0) return;
    group.running = true;
    try {
      while (group.waiting.length > 0) {
        const window = options.windowMs?.(performance.now() - group.lastAt, group.lastSize) ?? 0;
        if (window > 0) await gather(group, window, Math.min(options.most, options.enough?.() ?? options.most));
        const batch = group.waiting.splice(0, options.most);
        await settle(key, batch);
        group.lastAt = performance.now();
        group.lastSize = batch.length;
      }
    } finally {
      group.running = false;
    }
  };

  /** Until so many are there, or so long. */
  const gather = (group: Group, ms: number, enough: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        group.came = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      group.came = () => {
        if (group.waiting.length >= enough) done();
      };
      group.came();
    });

  const settle = async (key: string, batch: readonly Waiting[]): Promise<void> => {
    try {
      const results = await options.commit(
        key,
        batch.map((entry) => entry.item),
      );
      for (const [index, entry] of batch.entries()) {
        const result = results[index];
        if (result instanceof Promise) result.then(entry.resolve, entry.reject);
        else if (result === undefined || result instanceof Error)
          entry.reject(result ?? new Error('A group commit left an answer out.'));
        else entry.resolve(result);
      }
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
  };

  return {
    add: (key, item) =>
      new Promise<Result>((resolve, reject) => {
        const done = <Value>(end: (value: Value) => void) => {
          return (value: Value): void => {
            size -= 1;
            end(value);
          };
        };
        const group = groups.get(key) ?? {
          waiting: [],
          running: false,
          lastAt: Number.NEGATIVE_INFINITY,
          lastSize: 0,
          came: () => undefined,
        };
        groups.set(key, group);
        group.waiting.push({ item, resolve: done(resolve), reject: done(reject) });
        size += 1;
        group.came();
        queueMicrotask(() => void run(key));
      }),
    size: () => size,
  };
}
