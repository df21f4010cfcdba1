import { createHash } from 'node:crypto';

/** Characters of an attempt's id. */
const whole = 36;
/** Crockford's base32 in small letters: nothing in it is taken for something else, whatever a provider does to its case. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** Whether a provider echoes references, and has no room for an attempt's id. */
export const needsShortReference = (room: number): boolean => room > 0 && room < whole;

/**
 * What travels with an attempt in the field that the provider echoes: the attempt's id, or where there is no room for it, up to 20
 * characters (96 bits) that stand for it. A short one is written down with the attempt as the provider's id of it, by which receipts find it.
 */
export function referenceFor(attemptId: string, room: number): string {
  if (!needsShortReference(room)) return attemptId;
  const bits = BigInt(`0x${createHash('sha256').update(attemptId).digest('hex').slice(0, 24)}`);
  return Array.from({ length: 20 }, (_, place) => letters[Number((bits >> BigInt(5 * place)) & 31n)])
    .join('')
    .slice(0, room);
}
