import { type Decision, fail } from '@signalbox/nodes/define/decision';
import { uniformHash } from '../runtime/hash.ts';
import type { LoadedStep } from '../versions/version-cache.ts';
import type { CohortRow } from './cohort-rows.ts';
import type { StepPorts } from './step-ports.ts';

export const maxHops = 1_000;

export type Decided = { readonly row: CohortRow; readonly decision: Decision; readonly thrown: boolean };

const yieldAfterMs = 10;

/**
 * Runs a step's node for every person. A throw is caught per person and becomes their failure (protocol 7).
 * Yields to the event loop every 10 ms, so that a large cohort does not hold up replies in the same process.
 */
export async function decide(options: {
  readonly step: LoadedStep;
  /** Of the version: what lasting draws are salted with. */
  readonly salt: string | null;
  readonly rows: readonly CohortRow[];
  readonly ports: StepPorts;
  readonly now: Date;
  readonly monotonic: () => number;
}): Promise<Decided[]> {
  const { step, rows, ports } = options;
  const decided = new Array<Decided | undefined>(rows.length);
  let settled = 0;
  let sliceStart = options.monotonic();
  const settle = (index: number, row: CohortRow, decision: Decision, thrown: boolean): void => {
    decided[index] = { row, decision, thrown };
    settled += 1;
    if (decision.kind === 'fail') ports.discard([row]);
  };
  for (const [index, row] of rows.entries()) {
    try {
      const outcome = row.hop >= maxHops ? fail({ code: 'loop', values: { hops: maxHops } }) : runNode(options, row);
      if (outcome instanceof Promise) {
        outcome.then(
          (decision) => settle(index, row, decision, false),
          (error: unknown) => settle(index, row, thrownDecision(error), true),
        );
      } else settle(index, row, outcome, false);
    } catch (error) {
      settle(index, row, thrownDecision(error), true);
    }
    if (options.monotonic() - sliceStart > yieldAfterMs) {
      await nextTick();
      sliceStart = options.monotonic();
    }
  }
  while (settled < rows.length) {
    if (ports.pending() > 0) await ports.flush();
    await nextTick();
  }
  return decided.filter((entry) => entry !== undefined);

  function runNode(context: typeof options, row: CohortRow): Decision | Promise<Decision> {
    return step.bound.run({
      contact: row.contact,
      event: row.event,
      now: context.now,
      zone: row.zone,
      random: {
        perVisit: () => uniformHash(row.id, step.id, row.hop),
        perContact: () => lastingDraw(context.salt, row.contact.id, step.id),
      },
      ports: ports.bind(row, step),
    });
  }
}

/** What one person draws at a step, whenever they come by; in two flows independently, where the version has a salt. */
function lastingDraw(salt: string | null, contactId: string, stepId: string): number {
  return salt === null ? uniformHash(contactId, stepId) : uniformHash(salt, contactId, stepId);
}

function thrownDecision(error: unknown): Decision {
  return fail({ code: 'node_threw', values: { error: error instanceof Error ? error.name : 'unknown' } });
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
