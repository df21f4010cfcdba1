import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { parseJson, sameText } from './outcomes.ts';

const headerSchema = z.object({ alg: z.string(), crit: z.never().optional() });

/**
 * The claims of a JSON Web Token (RFC 7519) that was signed with this secret; null for any other. A token may choose among the algorithms that
 * its provider uses, by the hash of each, and no further: `none` least of all.
 */
export function claimsOf(token: string, secret: string, hashes: ReadonlyMap<string, string>): unknown {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const hash = hashes.get(headerSchema.safeParse(decoded(header)).data?.alg ?? '');
  if (hash === undefined || more.length > 0) return null;
  const expected = createHmac(hash, secret).update(`${header}.${payload}`).digest('base64url');
  return sameText(signature, expected) ? decoded(payload) : null;
}

function decoded(part: string): unknown {
  return parseJson(Buffer.from(part, 'base64url').toString());
}
