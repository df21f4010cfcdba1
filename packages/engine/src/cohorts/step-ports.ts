import type { Ports } from '@signalbox/nodes/define/ports';
import type { CohortRow } from './cohort-rows.ts';
import { bindEffects, openEffects } from './effects/catalogue.gen.ts';
import type { AtStep, EffectContext, OpenEffect } from './effects/define-effect.ts';
import type { HeldReason } from './hold.ts';

/** The ports of one step call: reads are batched over the cohort, writes are collected. */
export type StepPorts = {
  /** The ports bound to one person at a step. */
  readonly bind: (row: CohortRow, at: AtStep) => Ports;
  /** Reads that wait to be made. */
  readonly pending: () => number;
  readonly flush: () => Promise<void>;
  /** Writes what was collected for these people: a fixed number of statements for each port. */
  readonly write: (people: readonly CohortRow[]) => Promise<void>;
  /** Forgets what was collected for these people. */
  readonly discard: (people: readonly CohortRow[]) => void;
  /** Why a port has somebody held where they are; null for those who go on. */
  readonly reasonToHold: (row: CohortRow) => HeldReason | null;
  /** To be called once what was written is committed. */
  readonly committed: () => void;
};

/** Opens every port for one step call. */
export function openStepPorts(context: EffectContext): StepPorts {
  const opened = openEffects(context);
  const effects: ReadonlyArray<Omit<OpenEffect<unknown>, 'bind'>> = Object.values(opened);
  const reads = effects.flatMap((effect) => effect.reads);
  return {
    bind: (row, at) => bindEffects(opened, row, at),
    pending: () => reads.reduce((sum, read) => sum + read.pending(), 0),
    /** One after another: a transaction has one connection. */
    flush: async () => {
      for (const read of reads) await read.flush();
    },
    write: async (people) => {
      const enrollments = new Set(people.map((row) => row.id));
      for (const effect of effects) await effect.write?.(enrollments);
    },
    discard: (people) => {
      for (const effect of effects) for (const row of people) effect.discard?.(row.id);
    },
    reasonToHold: (row) => {
      for (const { toHold } of effects) {
        const reason = toHold?.get(row.id);
        if (reason !== undefined) return reason;
      }
      return null;
    },
    committed: () => {
      for (const effect of effects) effect.committed?.();
    },
  };
}
