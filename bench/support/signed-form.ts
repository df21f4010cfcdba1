import { createHmac } from 'node:crypto';

/** The signature that Twilio puts on a form: HMAC-SHA1 over the address and the sorted parameters. */
export function signature(authToken: string, url: string, params: Readonly<Record<string, string>>): string {
  const data = Object.keys(params)
    .sort()
    .reduce((text, key) => `${text}${key}${params[key] ?? ''}`, url);
  return createHmac('sha1', authToken).update(data, 'utf8').digest('base64');
}
