import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { parseJson, sameText } from './outcomes.ts';
import type { WebhookRequest } from './provider.ts';
import { claimsOf } from './signed-token.ts';
import type { Account } from './vonage-account.ts';

/**
 * How long a signature is believed after it was made. What could not be brought here is brought again for a day, and no document says
 * that it is signed anew: a STOP must not be lost to an outage of ours. A text or receipt that is played again within the day does nothing,
 * as its id is known.
 */
const believedMs = 25 * 3_600_000;
/** How far ahead its maker's clock may be. */
const aheadMs = 5 * 60_000;

const isFresh = (seconds: number, receivedAt: Date): boolean => {
  const ageMs = receivedAt.getTime() - seconds * 1_000;
  return ageMs <= believedMs && ageMs >= -aheadMs;
};

/** What a request of the SMS API tells, each name once; null for what it cannot have been. */
export type Parameters = ReadonlyMap<string, string>;

const jsonSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** The parameters of a request: of the query, the form or the document, whichever its method and kind say, and of nothing besides. */
export function parametersOf({ method, query, rawBody, header }: WebhookRequest): Parameters | null {
  const parameters = new Map<string, string>();
  const isJson = /\bjson\b/i.test(header('content-type') ?? '') || rawBody.trimStart().startsWith('{');
  if (method === 'POST' && isJson) {
    const parsed = jsonSchema.safeParse(parseJson(rawBody));
    if (!parsed.success) return null;
    for (const [name, value] of Object.entries(parsed.data)) if (value !== null) parameters.set(name, String(value));
    return parameters;
  }
  for (const [name, value] of method === 'GET' ? query : new URLSearchParams(rawBody)) {
    // Signed once: of two, nobody knows which.
    if (parameters.has(name)) return null;
    parameters.set(name, value);
  }
  return parameters;
}

/**
 * The signature over parameters, in hexadecimal digits of small letters: https://developer.vonage.com/en/getting-started/concepts/signing-messages.
 * Vonage's own package for Node does it another way, which fits nothing that Vonage sends.
 */
export function signatureOf(
  parameters: Parameters,
  secret: string,
  method: Account['credentials']['signature_method'],
): string {
  let signed = '';
  for (const name of [...parameters.keys()].sort())
    if (name !== 'sig') signed += `&${name}=${(parameters.get(name) ?? '').replace(/[&=]/g, '_')}`;
  return method === 'md5hash'
    ? createHash('md5')
        .update(signed + secret)
        .digest('hex')
    : createHmac(method, secret).update(signed).digest('hex');
}

/** True for a request that the SMS API signed, lately. */
export function verifyParameters({ credentials }: Account, request: WebhookRequest): boolean {
  const parameters = parametersOf(request);
  const given = parameters?.get('sig');
  const timestamp = parameters?.get('timestamp') ?? '';
  if (parameters === null || given === undefined) return false;
  // In names nothing is replaced, so that one with a `&` in it could stand for two.
  if ([...parameters.keys()].some((name) => /[&=]/.test(name))) return false;
  const { signature_secret: secret, signature_method: method } = credentials;
  return (
    sameText(given.toLowerCase(), signatureOf(parameters, secret, method)) &&
    /^\d{9,11}$/.test(timestamp) &&
    isFresh(Number(timestamp), request.receivedAt)
  );
}

/** A token may not choose. */
const hashes: ReadonlyMap<string, string> = new Map([['HS256', 'sha256']]);
const claimsSchema = z.object({
  iat: z.number(),
  exp: z.number().optional(),
  api_key: z.string().optional(),
  payload_hash: z.string().optional(),
});

/**
 * True for a request that comes with a token of the Messages API, made lately and for this body:
 * https://developer.vonage.com/en/getting-started/concepts/webhooks
 */
export function verifyToken({ credentials }: Account, request: WebhookRequest): boolean {
  const [, token = ''] = /^Bearer +([\w.-]+)$/i.exec(request.header('authorization') ?? '') ?? [];
  const claims = claimsSchema.safeParse(claimsOf(token, credentials.signature_secret, hashes));
  if (!claims.success) return false;
  const { iat, exp, api_key: key, payload_hash: hash } = claims.data;
  if (!isFresh(iat, request.receivedAt) || (exp !== undefined && exp * 1_000 < request.receivedAt.getTime()))
    return false;
  if (key !== undefined && key !== credentials.api_key) return false;
  // Whether it is always there is unconfirmed: a body that the token does not speak of is nobody's.
  if (hash === undefined) return request.rawBytes.length === 0;
  return sameText(hash.toLowerCase(), createHash('sha256').update(request.rawBytes).digest('hex'));
}
