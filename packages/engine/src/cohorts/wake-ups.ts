import type { Decided } from './decide.ts';

/** Waits up to this long are one timer of their run; longer ones park (protocol 14). */
export const longestTimerMs = 3_600_000;
/** More wake-ups than this in one step keep no run. */
export const mostWakeUps = 16;
const minuteMs = 60_000;

/** The wake-up times within an hour, each with its place in their order. */
export function wakeUps(decided: readonly Decided[], now: Date): Map<number, number> {
  const times = new Set<number>();
  for (const { decision } of decided) {
    if (
      decision.kind === 'sleep' &&
      decision.until.getTime() > now.getTime() &&
      decision.until.getTime() - now.getTime() <= longestTimerMs
    ) {
      times.add(decision.until.getTime());
    }
  }
  return new Map([...times].sort((a, b) => a - b).map((time, index) => [time, index]));
}

/** A moment of people who are parked: the sweep that looks for them comes by the minute. */
export function ceilMinute(time: Date): Date {
  return new Date(Math.ceil(time.getTime() / minuteMs) * minuteMs);
}
