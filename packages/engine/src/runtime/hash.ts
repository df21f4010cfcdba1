import { createHash } from 'node:crypto';

/** A uniform number in [0, 1) from the SHA-256 of the parts: the same parts always draw the same number. */
export function uniformHash(...parts: ReadonlyArray<string | number>): number {
  const digest = createHash('sha256').update(parts.join('\u0000')).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
