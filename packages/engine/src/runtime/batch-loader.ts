/** Reads gathered over a cohort and fetched together when the driver flushes; every reader gets its own answer. */
export type BatchLoader<Key, Value> = {
  readonly load: (key: Key) => Promise<Value>;
  readonly pending: () => number;
  readonly flush: () => Promise<void>;
};

/** `fetch` answers in the order of its keys. */
export function createBatchLoader<Key, Value>(
  fetch: (keys: readonly Key[]) => Promise<readonly Value[]>,
): BatchLoader<Key, Value> {
  let waiting: Array<{ key: Key; resolve: (value: Value) => void; reject: (error: unknown) => void }> = [];
  return {
    load: (key) => new Promise((resolve, reject) => waiting.push({ key, resolve, reject })),
    pending: () => waiting.length,
    async flush() {
      const batch = waiting;
      waiting = [];
      if (batch.length === 0) return;
      try {
        const values = await fetch(batch.map((entry) => entry.key));
        batch.forEach((entry, index) => {
          const value = values[index];
          if (value === undefined) entry.reject(new Error('A batch read left an answer out.'));
          else entry.resolve(value);
        });
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    },
  };
}
