import type { LoadedStep, LoadedVersion } from '../versions/version-cache.ts';
import { isReadable, stepAt } from '../versions/version-cache.ts';
import type { CohortRow } from './cohort-rows.ts';
import type { Decided } from './decide.ts';
import { outletIndex } from './outlets.ts';
import { cohortsPerCall } from './run-contract.ts';
import { mostWakeUps, wakeUps } from './wake-ups.ts';

/** What one step decided within a call, and the people of it who go on to a later stage of the same call. */
export type Stage = {
  readonly step: LoadedStep;
  readonly decided: readonly Decided[];
  readonly firstCohort: number;
  readonly ahead: Set<string>;
};

/**
 * Runs ahead through steps that have no effect (docs/decisions/0008). People who leave one at once are decided for at the next
 * step in the same call, so a check, a branch and the send after them are one transaction. Only forward, in the published order,
 * so branches that meet again merge; never into a step that writes contacts, whose locks come first; never past a step that has
 * effects. A step whose people fail for one common reason is left to a call of its own, which holds it.
 *
 * @param options.decide runs a step's node for people; `discard` takes back what it collected for them.
 * @returns the stages in order; the first is the one handed in.
 */
export async function runAhead(options: {
  readonly version: LoadedVersion;
  readonly first: { readonly step: LoadedStep; readonly decided: readonly Decided[]; readonly firstCohort: number };
  readonly decide: (step: LoadedStep, rows: readonly CohortRow[]) => Promise<Decided[]>;
  readonly now: Date;
  readonly refuses: (decided: readonly Decided[]) => boolean;
  readonly discard: (row: CohortRow) => void;
}): Promise<Stage[]> {
  const { version } = options;
  const stages: Stage[] = [{ ...options.first, ahead: new Set() }];
  const pending = new Map<number, Array<{ readonly row: CohortRow; readonly from: Stage }>>();
  let used = room(options.first.step, options.first.decided, options.now);

  const goOn = (stage: Stage): void => {
    if (stage.step.node.effect !== 'none') return;
    for (const { row, decision } of stage.decided) {
      if (decision.kind !== 'next') continue;
      const to = stage.step.outlets[outletIndex(stage.step, decision.outlet)]?.to ?? null;
      if (to === null || to <= stage.step.rank) continue;
      const target = stepAt(version, to);
      if (!isReadable(target) || target.node.effect === 'contact') continue;
      stage.ahead.add(row.id);
      const people = pending.get(to) ?? [];
      people.push({ row: { ...row, hop: row.hop + (row.asleep === null ? 1 : 2), asleep: null }, from: stage });
      pending.set(to, people);
    }
  };

  for (let stage = stages[0]; stage !== undefined; ) {
    goOn(stage);
    if (pending.size === 0) break;
    const rank = Math.min(...pending.keys());
    const people = pending.get(rank) ?? [];
    pending.delete(rank);
    const step = stepAt(version, rank);
    const decided = await options.decide(
      step,
      people.map((person) => person.row),
    );
    const needed = room(step, decided, options.now);
    if (used + needed > cohortsPerCall || options.refuses(decided)) {
      for (const { row, from } of people) {
        from.ahead.delete(row.id);
        options.discard(row);
      }
      stage = { step, decided: [], firstCohort: 0, ahead: new Set() };
      continue;
    }
    stage = { step, decided, firstCohort: options.first.firstCohort + used, ahead: new Set() };
    used += needed;
    stages.push(stage);
  }
  return stages;
}

/** Cohort ids that a step hands out: one for each outlet, and one for each wake-up that its run keeps. */
function room(step: LoadedStep, decided: readonly Decided[], now: Date): number {
  return step.outlets.length + Math.min(mostWakeUps, wakeUps(decided, now).size);
}
