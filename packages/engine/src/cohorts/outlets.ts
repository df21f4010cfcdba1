import { type LoadedStep, type LoadedVersion, stepAt } from '../versions/version-cache.ts';

/** An outlet's index. @throws Error where the node named one that the step does not have: a bug in the node. */
export function outletIndex(step: LoadedStep, id: string): number {
  const index = step.outlets.findIndex((outlet) => outlet.id === id);
  if (index < 0) throw new Error(`Node ${step.type} left by outlet ${id}, which the step does not have.`);
  return index;
}

/** The outlet at an index. @throws Error where the step has none such. */
export function outletAt(step: LoadedStep | null, index: number): LoadedStep['outlets'][number] {
  const outlet = step?.outlets[index];
  if (outlet === undefined) throw new Error(`No outlet ${index}.`);
  return outlet;
}

/** Node type and step id: what the operators' view shows. Never a marketer's label (protocol 10). */
export function labelOf(version: LoadedVersion, rank: number | null): string {
  if (rank === null) return 'end';
  const step = stepAt(version, rank);
  return `${step.type} ${step.id}`;
}
