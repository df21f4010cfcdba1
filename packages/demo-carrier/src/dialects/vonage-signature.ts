import { createHash, createHmac } from 'node:crypto';

/** What the customer may choose: `md5hash` is of the text with the secret behind it, the others are HMACs. */
const hmacs: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'sha512']);

/**
 * Parameters with `sig` among them, in capitals where it is an HMAC, as Vonage writes it:
 * https://developer.vonage.com/en/getting-started/concepts/signing-messages
 */
export function signParameters(
  parameters: Readonly<Record<string, string>>,
  secret: string,
  method: string,
): Record<string, string> {
  const text = Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `&${name}=${value.replaceAll('&', '_').replaceAll('=', '_')}`)
    .join('');
  const sig = hmacs.has(method)
    ? createHmac(method, secret).update(text, 'utf8').digest('hex').toUpperCase()
    : createHash('md5').update(`${text}${secret}`, 'utf8').digest('hex');
  return { ...parameters, sig };
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token over a body: HS256 by the signature secret. */
export function signBody(body: string, secret: string, claims: Readonly<Record<string, unknown>>): string {
  const hash = createHash('sha256').update(body, 'utf8').digest('hex');
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ ...claims, payload_hash: hash })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
