import type { FailPointName, FailPoints } from '@signalbox/engine/runtime/fail-points';

/** Thrown by an armed fail point: stands for the process ending there. */
class Crash extends Error {
  override readonly name = 'Crash';
}

export type Hold = {
  /** Resolves when somebody waits at the point. */
  readonly reached: Promise<void>;
  readonly letGo: () => void;
};

export type Strike = { readonly times?: number; readonly skip?: number; readonly error?: Error };

export type ArmedFailPoints = FailPoints & {
  /** The next `times` visits of `name` crash, after `skip` of them passed; with `error` where something else is to go wrong there. */
  readonly arm: (name: FailPointName, options?: Strike) => void;
  /** A visit of `name` waits until it is let go, after `skip` of them passed. */
  readonly hold: (name: FailPointName, options?: { readonly skip?: number }) => Hold;
  /** Lets go whoever waits and forgets what was armed. */
  readonly clear: () => void;
  readonly crashes: () => number;
  readonly visits: (name: FailPointName) => number;
};

type Armed = { skip: number; times: number; readonly error: Error | null };
type Holding = { skip: number; readonly arrive: () => void; readonly gone: Promise<void> };

export function createFailPoints(): ArmedFailPoints {
  const armed = new Map<FailPointName, Armed>();
  const visits = new Map<FailPointName, number>();
  const holds = new Map<FailPointName, Holding[]>();
  const releases = new Set<() => void>();
  let crashes = 0;

  const strike = (name: FailPointName): void => {
    const plan = armed.get(name);
    if (plan === undefined) return;
    if (plan.skip > 0) {
      plan.skip -= 1;
      return;
    }
    plan.times -= 1;
    if (plan.times === 0) armed.delete(name);
    if (plan.error !== null) throw plan.error;
    crashes += 1;
    throw new Crash(name);
  };

  return {
    visits: (name) => visits.get(name) ?? 0,
    crashes: () => crashes,
    arm: (name, { times = 1, skip = 0, error } = {}) => void armed.set(name, { skip, times, error: error ?? null }),
    hold(name, { skip = 0 } = {}) {
      const reached = Promise.withResolvers<void>();
      const gone = Promise.withResolvers<void>();
      holds.set(name, [...(holds.get(name) ?? []), { skip, arrive: reached.resolve, gone: gone.promise }]);
      releases.add(gone.resolve);
      return { reached: reached.promise, letGo: gone.resolve };
    },
    clear() {
      armed.clear();
      holds.clear();
      for (const release of releases) release();
      releases.clear();
    },
    reach(name) {
      visits.set(name, (visits.get(name) ?? 0) + 1);
      strike(name);
      const [next, ...later] = holds.get(name) ?? [];
      if (next === undefined) return undefined;
      if (next.skip > 0) {
        next.skip -= 1;
        return undefined;
      }
      holds.set(name, later);
      next.arrive();
      return next.gone;
    },
  };
}
