import { createHmac } from 'node:crypto';

/**
 * Signs a form POST as Twilio does: base64 of HMAC-SHA1 over the full URL followed by every name and value,
 * sorted by name.
 */
export function signForm(authToken: string, url: string, form: Readonly<Record<string, string>>): string {
  let text = url;
  for (const name of Object.keys(form).sort()) text += name + (form[name] ?? '');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}
