/** Days begin first this long before they do in UTC. */
const firstMidnightMs = 14 * 3_600_000;

/** Whether a rule that holds from a day on (`YYYY-MM-DD`) does: its first day begins where days begin first. */
export function hasBegun(since: string, now: Date): boolean {
  return Date.parse(since) <= now.getTime() + firstMidnightMs;
}
