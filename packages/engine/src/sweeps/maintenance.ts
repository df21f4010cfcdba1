import { createLoops } from '../runtime/loops.ts';
import { sweeps } from './catalogue.gen.ts';
import type { Sweep, SweepDeps, Turn } from './define-sweep.ts';

/** The one loop of all sweeps. */
export type Maintenance = {
  /** Makes one turn of a sweep; resolves to how much it handled. @throws Error for a name that no sweep has. */
  readonly turn: (name: string, turn?: Turn) => Promise<number>;
  readonly start: () => void;
  /** There is something to do: every sweep is looked at without waiting for its next turn. */
  readonly nudge: () => void;
  readonly stop: () => Promise<void>;
};

/** The sweeps by their names. @throws Error for two of one name: only one of them would ever have its turns. */
export function sweepsByName(all: readonly Sweep[]): ReadonlyMap<string, Sweep> {
  const named = new Map<string, Sweep>();
  for (const sweep of all) {
    if (named.has(sweep.name)) throw new Error(`Two sweeps are called ${sweep.name}.`);
    named.set(sweep.name, sweep);
  }
  return named;
}

/**
 * @param all the sweeps; those of the folder unless a test hands in others.
 * @throws Error for two sweeps of one name.
 */
export function createMaintenance(deps: SweepDeps, all: readonly Sweep[] = sweeps): Maintenance {
  const turns = new Map([...sweepsByName(all)].map(([name, { create }]) => [name, create(deps)]));
  const loops = createLoops((name, error) =>
    deps.log.error({ err: error, sweep: name }, 'a sweep failed and will run again'),
  );
  const turn = async (name: string, how: Turn = { all: false }): Promise<number> => {
    const made = turns.get(name);
    if (made === undefined) throw new Error(`There is no sweep ${name}.`);
    return made(how);
  };
  return {
    turn,
    start(): void {
      for (const { name, every, again } of all) {
        // The first turn looks at everything: whoever ran before may have left it lying.
        let first = true;
        loops.run(name, every === 'quick' ? deps.everyMs : every, async () => {
          const handled = await turn(name, { all: first });
          first = false;
          return again?.(handled) ?? false;
        });
      }
    },
    nudge: loops.nudge,
    stop: loops.stop,
  };
}
