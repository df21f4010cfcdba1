/** How long another tab is given to answer, where tabs have to be asked. */
const answersWithin = 300;

/** Which tabs of this browser are there, by the names that they have claimed. */
export type Presence = {
  /** Takes a name for as long as the tab is there. False where another tab has it. */
  readonly claim: (name: string) => Promise<boolean>;
  /** The names of other tabs. `certain`: one that is not among them is gone; else it may only be too sound asleep to answer. */
  readonly others: () => Promise<{ readonly names: ReadonlySet<string>; readonly certain: boolean }>;
};

/** The tabs of this browser, as its locks tell; on pages that came by plain HTTP there are none, and the tabs ask each other. */
export function createPresence(prefix: string): Presence {
  return navigator.locks === undefined ? asking(prefix) : locking(prefix, navigator.locks);
}

function locking(prefix: string, locks: LockManager): Presence {
  const lockOf = (name: string): string => `${prefix}-${name}`;
  return {
    claim: (name) =>
      new Promise((resolve) => {
        void locks
          .request(lockOf(name), { ifAvailable: true }, (lock) => {
            resolve(lock !== null);
            // Held for as long as the tab is there.
            return lock === null ? undefined : new Promise(() => undefined);
          })
          .catch(() => resolve(true));
      }),
    async others() {
      const { held = [] } = await locks.query();
      const names = held.flatMap((lock) =>
        lock.name?.startsWith(lockOf('')) ? [lock.name.slice(prefix.length + 1)] : [],
      );
      return { names: new Set(names), certain: true };
    },
  };
}

type Word = { readonly kind: 'who' } | { readonly kind: 'here'; readonly name: string };

function isWord(value: unknown): value is Word {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return value.kind === 'who' || (value.kind === 'here' && 'name' in value && typeof value.name === 'string');
}

function asking(prefix: string): Presence {
  const channel = new BroadcastChannel(prefix);
  let own: string | null = null;
  const heard = new Set<(name: string) => void>();
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isWord(data)) return;
    if (data.kind === 'here') for (const hear of heard) hear(data.name);
    else if (own !== null) channel.postMessage({ kind: 'here', name: own } satisfies Word);
  });
  /** Asks who is there; `until` ends the wait early. */
  function ask(until: (name: string) => boolean): Promise<Set<string>> {
    const names = new Set<string>();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        heard.delete(hear);
        resolve(names);
      };
      const hear = (name: string) => {
        names.add(name);
        if (until(name)) done();
      };
      const timer = setTimeout(done, answersWithin);
      heard.add(hear);
      channel.postMessage({ kind: 'who' } satisfies Word);
    });
  }
  return {
    async claim(name) {
      own = name;
      const free = !(await ask((other) => other === name)).has(name);
      if (!free) own = null;
      return free;
    },
    others: async () => ({ names: await ask(() => false), certain: false }),
  };
}
