import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sameText } from './outcomes.ts';
import type { WebhookRequest } from './provider.ts';
import { claimsOf } from './signed-token.ts';

const hashes: ReadonlyMap<string, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);
const claimsSchema = z.object({
  iss: z.literal('MessageBird'),
  nbf: z.number(),
  exp: z.number(),
  jti: z.string().min(1),
  url_hash: z.string(),
  payload_hash: z.string().optional(),
});
/** By how much the clocks may differ, as MessageBird's own clients have it. */
const toleranceSeconds = 5;

/**
 * Whether MessageBird signed a request: a token that holds the hashes of the whole address and of the body, which is good for a minute.
 * https://developers.messagebird.com/api/#verifying-http-requests
 */
export function isSignedByMessageBird(request: WebhookRequest, signingKey: string): boolean {
  const token = request.header('messagebird-signature-jwt') ?? '';
  const claims = claimsSchema.safeParse(claimsOf(token, signingKey, hashes)).data;
  if (claims === undefined) return false;
  const at = request.receivedAt.getTime() / 1_000;
  if (at + toleranceSeconds < claims.nbf || at - toleranceSeconds >= claims.exp) return false;
  if (!sameText(claims.url_hash, sha256(request.url))) return false;
  return request.rawBytes.length === 0
    ? claims.payload_hash === undefined
    : sameText(claims.payload_hash ?? '', sha256(request.rawBytes));
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
