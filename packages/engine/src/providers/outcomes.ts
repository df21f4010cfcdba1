import { timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { type OutgoingAnswer, OutgoingError } from '../http/outgoing.ts';
import type { Balance, Checked, ErrorClass, SendOutcome } from './provider.ts';

/** What every provider's file does alike. */

/** What a send came to: what `read` makes of the answer. Without one it is refused where nothing can have left, else nobody knows. */
export async function outcomeOfSend(
  ask: () => Promise<OutgoingAnswer>,
  read: (answer: OutgoingAnswer) => SendOutcome,
): Promise<SendOutcome> {
  try {
    return read(await ask());
  } catch (error) {
    if (!(error instanceof OutgoingError)) return { kind: 'ambiguous', code: 'network' };
    const { code, sent } = error;
    return sent ? { kind: 'ambiguous', code } : { kind: 'refused', errorClass: 'transient', code, retryAfterMs: null };
  }
}

/** Statuses below 500 of which nobody knows who gave up on what: they may come from something in between, once the request has gone through. */
const doubtfulStatuses: ReadonlySet<number> = new Set([408, 409, 425, 499]);

/** Whether a status refuses a request, so that it was certainly not acted on, where the provider documents no more than that 4xx does. */
export function refuses(status: number): boolean {
  return status >= 400 && status < 500 && !doubtfulStatuses.has(status);
}

/** Accepted, by an answer that says so with an id; without one nobody knows. */
export function acceptedBy({ status }: OutgoingAnswer, providerId: string | undefined): SendOutcome {
  return providerId === undefined
    ? { kind: 'ambiguous', code: `unreadable_${status}` }
    : { kind: 'accepted', providerId };
}

/** Refused by an answer, which may say when to come again. */
export function refusedBy(
  { status, header }: OutgoingAnswer,
  errorClass: ErrorClass,
  code: string = `http_${status}`,
): SendOutcome & { readonly kind: 'refused' } {
  return { kind: 'refused', errorClass, code, retryAfterMs: retryAfterMs(header('retry-after')) };
}

/** Refusals that say nothing more than their HTTP status. A path that does not exist is the one of an account that does not. */
export const refusalsByStatus: ReadonlyMap<number, ErrorClass> = new Map([
  [400, 'invalid_message'],
  [401, 'auth'],
  [402, 'funds'],
  [403, 'auth'],
  [404, 'auth'],
  [405, 'auth'],
  [413, 'invalid_message'],
  [429, 'throttled'],
]);

/** Milliseconds of a Retry-After in seconds, at most an hour; null for none, for zero and for a date. */
export function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  // Of none at all we know better than to come back at once.
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : null;
}

/** The document, or null for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What an answer of 200 holds. @throws Error for any other answer, with `whose` it was. */
export function documentOf<Document>(
  { status, text }: OutgoingAnswer,
  schema: z.ZodType<Document>,
  whose: string,
): Document {
  if (status !== 200) throw new Error(`${whose} answered ${status}.`);
  return schema.parse(JSON.parse(text));
}

/** The code of what went wrong; null where nothing did, which some say with zeros. */
export function errorCodeOf(code: string): string | null {
  const told = code.trim();
  return /^0*$/.test(told) ? null : told;
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

/** An amount as its provider writes it ("12.3456", "-0.5", 12.3) in millionths, rounded half away from zero. @throws Error for what is no amount. */
export function microUnits(amount: string | number): bigint {
  const [, sign, whole = '', fraction = '', exponent] =
    /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d{1,2}|-\d{3}))?\s*$/i.exec(String(amount)) ?? [];
  if (whole === '' && fraction === '') throw new Error('That is no amount of money.');
  const shift = 6 + Number(exponent ?? 0) - fraction.length;
  const digits = BigInt(whole + fraction);
  const scale = 10n ** BigInt(Math.abs(shift));
  const micro = shift >= 0 ? digits * scale : (digits + scale / 2n) / scale;
  return sign === '-' ? -micro : micro;
}

/** The class of an answer to a question about the account itself, by its HTTP status. */
function classOfStatus(status: number): ErrorClass {
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'funds';
  return status === 429 ? 'throttled' : 'transient';
}

/**
 * Asks a provider what is left in an account.
 *
 * @param read reads the balance out of an answer of 200; null where it tells none, and what is wrong where that is said under 200 as well. What
 * it throws means that the answer is not the provider's.
 */
export async function checkBalance(
  ask: () => Promise<OutgoingAnswer>,
  read: (text: string) => Balance | null | Extract<Checked, { readonly ok: false }>,
): Promise<Checked> {
  try {
    const { status, text } = await ask();
    if (status !== 200) return { ok: false, errorClass: classOfStatus(status), code: `http_${status}` };
    const told = read(text);
    return told !== null && 'ok' in told ? told : { ok: true, balance: told };
  } catch (error) {
    const code = error instanceof OutgoingError ? error.code : 'unreadable';
    return { ok: false, errorClass: 'transient', code };
  }
}
