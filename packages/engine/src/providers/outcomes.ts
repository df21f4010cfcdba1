import { timingSafeEqual } from 'node:crypto';
import { OutgoingError } from '../http/outgoing.ts';
import type { SendOutcome } from './provider.ts';

/** What every provider's file does alike. */

/** What a send came to that got no answer: refused where nothing can have left, else nobody knows. */
export function outcomeOfFailure(error: unknown): SendOutcome {
  if (!(error instanceof OutgoingError)) return { kind: 'ambiguous', code: 'network' };
  const { code, sent } = error;
  return sent ? { kind: 'ambiguous', code } : { kind: 'refused', errorClass: 'transient', code, retryAfterMs: null };
}

/** Milliseconds of a Retry-After in seconds, at most an hour; null for none and for a date. */
export function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : null;
}

/** The document, or null for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The Authorization header of HTTP Basic (RFC 7617). */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Compares a signature in a time that tells nothing of where it differs. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
