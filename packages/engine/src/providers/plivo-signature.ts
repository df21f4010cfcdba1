import { createHmac } from 'node:crypto';
import { parse } from 'node:querystring';
import type { Form } from './forms.ts';
import { sameText } from './outcomes.ts';
import type { WebhookRequest } from './provider.ts';

/** The schemes that Plivo signs by. What it sends may carry both: an account believes one of them alone. */
export const schemes = ['V3', 'V2'] as const;
type Scheme = (typeof schemes)[number];

/**
 * Whether Plivo signed a request, with the token of the account itself or of the main account above it. The third scheme covers everything:
 * https://docs.plivo.com/docs/voice/xml/request/validation. The second covers the address without its query, and none of what is told:
 * https://docs.plivo.com/docs/messaging/concepts/signature-validation
 */
export function isSignedByPlivo(
  request: WebhookRequest,
  form: Form,
  { auth_token: authToken, signature: scheme }: { readonly auth_token: string; readonly signature: Scheme },
): boolean {
  const version = scheme.toLowerCase();
  const nonce = request.header(`x-plivo-signature-${version}-nonce`) ?? '';
  const text = scheme === 'V2' ? addressOf(request) : signedText(request, form);
  if (nonce === '' || text === null) return false;
  const signed = scheme === 'V2' ? text + nonce : `${text}.${nonce}`;
  const expected = createHmac('sha256', authToken).update(signed, 'utf8').digest('base64');
  return [`x-plivo-signature-${version}`, `x-plivo-signature-ma-${version}`]
    .flatMap((name) => (request.header(name) ?? '').split(','))
    .some((given) => sameText(given.trim(), expected));
}

/** Where a request came to, without its query. */
function addressOf({ url }: WebhookRequest): string {
  return url.replace(/\?.*$/s, '');
}

/** What the third scheme signs but for the nonce; null for a method that Plivo does not use. */
function signedText(request: WebhookRequest, form: Form): string | null {
  const { method, url } = request;
  const address = addressOf(request);
  const query = sorted(Object.entries(parse(url.slice(address.length + 1))), '=').join('&');
  if (method === 'GET') return query === '' ? address : `${address}?${query}`;
  if (method !== 'POST') return null;
  const fields = sorted([...form], '').join('');
  if (form.size === 0) return query === '' ? address : `${address}?${query}`;
  return query === '' ? `${address}?${fields}` : `${address}?${query}.${fields}`;
}

/** Each name with each of its values, both in order. */
function sorted(
  fields: ReadonlyArray<readonly [string, string | readonly string[] | undefined]>,
  between: string,
): string[] {
  return [...fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value = '']) =>
      (typeof value === 'string' ? [value] : [...value].sort()).map((each) => name + between + each),
    );
}
