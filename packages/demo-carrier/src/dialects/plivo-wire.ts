import { createHmac } from 'node:crypto';
import { parse } from 'node:querystring';
import type { Callback } from './define-dialect.ts';

/** A moment as Plivo writes it, in UTC: "2026-01-05 09:00:00.123000". */
export function plivoTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}000`;
}

/**
 * Signs a POST by the third scheme: base64 of HMAC-SHA256 over the address with its parameters by name, a point, the form's names and values
 * by name, a point and the nonce.
 */
export function signV3(authToken: string, url: string, form: Readonly<Record<string, string>>, nonce: string): string {
  const [address = '', query = ''] = url.split('?', 2);
  const names = (fields: object) => Object.keys(fields).sort();
  const asked = parse(query);
  const parameters = names(asked)
    .flatMap((name) =>
      [asked[name] ?? '']
        .flat()
        .sort()
        .map((value) => `${name}=${value}`),
    )
    .join('&');
  const fields = names(form)
    .map((name) => name + (form[name] ?? ''))
    .join('');
  const text = `${address}?${parameters === '' ? '' : `${parameters}.`}${fields}.${nonce}`;
  return createHmac('sha256', authToken).update(text, 'utf8').digest('base64');
}

/** Signs by the second scheme: base64 of HMAC-SHA256 over the address without its parameters and the nonce. */
export function signV2(authToken: string, url: string, nonce: string): string {
  const address = new URL(url);
  return createHmac('sha256', authToken).update(`${address.origin}${address.pathname}${nonce}`).digest('base64');
}

/** A form to a customer, signed by the scheme that its account goes by. */
export function signedPost(
  { auth_token: authToken = '', signature: version = 'V3' }: Readonly<Record<string, string>>,
  url: string,
  form: Readonly<Record<string, string>>,
  nonce: string,
): Callback {
  const signature = version === 'V2' ? signV2(authToken, url, nonce) : signV3(authToken, url, form, nonce);
  const header = `x-plivo-signature-${version.toLowerCase()}`;
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      [header]: signature,
      [header.replace('signature', 'signature-ma')]: signature,
      [`${header}-nonce`]: nonce,
      'user-agent': 'Plivo',
    },
    body: new URLSearchParams(form).toString(),
  };
}
