/** When a loop of claims looks again. */
export type Look = {
  /** Something was queued. */
  readonly nudge: () => void;
  /** What it found before may be otherwise now. */
  readonly again: () => void;
  /** What it waits for may have come. */
  readonly wake: () => void;
  /** It looks now: what is told from here on is new. */
  readonly begin: () => void;
  readonly isNudged: () => boolean;
  /** Until it is to look again, `enough`, or so long; for ever where `ms` is null. */
  readonly idle: (ms: number | null, enough: () => boolean) => Promise<void>;
};

/** @param isOver ends every waiting. */
export function createLook(isOver: () => boolean): Look {
  let nudged = true;
  let changed = false;
  let wake: () => void = () => undefined;
  return {
    nudge() {
      nudged = true;
      wake();
    },
    again() {
      changed = true;
      wake();
    },
    wake: () => wake(),
    begin() {
      nudged = false;
      changed = false;
    },
    isNudged: () => nudged,
    idle: (ms, enough) => {
      const isEnough = (): boolean => nudged || changed || isOver() || enough();
      if (isEnough()) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = ms === null ? null : setTimeout(done, ms);
        function done(): void {
          if (timer !== null) clearTimeout(timer);
          wake = () => undefined;
          resolve();
        }
        wake = () => {
          if (isEnough()) done();
        };
      });
    },
  };
}
