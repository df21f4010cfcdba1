import type { Decided } from './decide.ts';

/** More failures of one unexpected kind than this, or over half of a cohort, hold the step instead (protocol 7). */
const mostFailures = 20;
const smallestAudience = 10;

/** A bug in a node must not burn an audience: the code that too many unexpected failures share, or null. */
export function commonFailure(decided: readonly Decided[]): string | null {
  if (decided.length < smallestAudience) return null;
  const codes = new Map<string, number>();
  for (const { decision } of decided) {
    if (decision.kind === 'fail') codes.set(decision.reason.code, (codes.get(decision.reason.code) ?? 0) + 1);
  }
  for (const [code, failures] of codes) if (code !== 'loop' && isCommon(failures, decided.length)) return code;
  return null;
}

/** Whether so many of these people failed that the step is at fault. */
export function isCommon(failures: number, people: number): boolean {
  return people >= smallestAudience && (failures > mostFailures || failures > people / 2);
}
