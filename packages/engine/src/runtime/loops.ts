/** Background loops of one owner: each does its work, pauses, and does it again until all are stopped. */
export type Loops = {
  /** Runs `work` now, and every `everyMs` after it ended; at once again where it resolves to true. */
  readonly run: (name: string, everyMs: number, work: () => Promise<boolean>) => void;
  /** Ends every pause. */
  readonly nudge: () => void;
  /** Resolves once what runs has ended; nothing begins after it. */
  readonly stop: () => Promise<void>;
};

/** @param onError hears of work that failed; it is tried again after the pause. */
export function createLoops(onError: (name: string, error: unknown) => void): Loops {
  const running: Promise<void>[] = [];
  const sleepers = new Set<() => void>();
  let stopped = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      sleepers.add(done);
    });

  const loop = async (name: string, everyMs: number, work: () => Promise<boolean>): Promise<void> => {
    while (!stopped) {
      let again = false;
      try {
        again = await work();
      } catch (error) {
        onError(name, error);
      }
      if (!stopped && !again) await pause(everyMs);
    }
  };

  const nudge = (): void => {
    for (const wake of [...sleepers]) wake();
  };

  return {
    run(name, everyMs, work) {
      running.push(loop(name, everyMs, work));
    },
    nudge,
    async stop() {
      stopped = true;
      nudge();
      await Promise.allSettled(running);
    },
  };
}
