import type { FailPointName, FailPoints } from '@signalbox/engine/runtime/fail-points';

/** Thrown by an armed fail point: stands for the process ending there. */
class Crash extends Error {
  override readonly name = 'Crash';
}

export type ArmedFailPoints = FailPoints & {
  /** The next `times` visits of `name` crash. */
  readonly arm: (name: FailPointName, times?: number) => void;
  /** The next visit of `name` waits until the returned function is called; `reached` resolves when somebody waits. */
  readonly hold: (name: FailPointName) => { readonly reached: Promise<void>; readonly letGo: () => void };
  readonly crashes: () => number;
  readonly visits: ReadonlyMap<FailPointName, number>;
};

export function createFailPoints(): ArmedFailPoints {
  const armed = new Map<FailPointName, number>();
  const visits = new Map<FailPointName, number>();
  const holds = new Map<FailPointName, () => Promise<void>>();
  let crashes = 0;
  return {
    visits,
    crashes: () => crashes,
    arm: (name, times = 1) => void armed.set(name, times),
    hold(name) {
      let letGo: () => void = () => undefined;
      let arrive: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const gone = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      holds.set(name, () => {
        holds.delete(name);
        arrive();
        return gone;
      });
      return { reached, letGo };
    },
    reach(name) {
      visits.set(name, (visits.get(name) ?? 0) + 1);
      const left = armed.get(name) ?? 0;
      if (left > 0) {
        armed.set(name, left - 1);
        crashes += 1;
        throw new Crash(name);
      }
      return holds.get(name)?.();
    },
  };
}
