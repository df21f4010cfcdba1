const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** How long after a failed request the next one is made: ten requests over three days and three hours. */
export const retryDelaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** Up to so much of a delay is added or left out, so that what failed together does not come back together. */
const jitter = 0.1;
/** The longest that a receiver may ask to be left alone. */
const longestAskedMs = 24 * hour;

/**
 * Milliseconds until the next request after the `tries`-th failed; null where none follows.
 *
 * @param random from 0 to 1.
 * @param askedMs what the receiver asked for with Retry-After: never earlier than that.
 */
export function nextTryMs(tries: number, random: number, askedMs: number | null): number | null {
  const delay = retryDelaysMs[tries - 1];
  if (delay === undefined) return null;
  const jittered = delay * (1 - jitter + 2 * jitter * random);
  return Math.round(Math.max(jittered, Math.min(askedMs ?? 0, longestAskedMs)));
}

/** What Retry-After asks for, as seconds or as a moment, in milliseconds; null where it asks for nothing that can be read. */
export function readRetryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * second;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
