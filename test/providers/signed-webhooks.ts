import twilio from 'twilio';
import { businessNumber, type Harness } from '../support/harness.ts';

/** The auth token of the harness's account. */
export const authToken = 'a-token-of-the-test-account';

/** Where texts to the harness's account come in. */
export function smsUrl(harness: Pick<Harness, 'url' | 'accountId'>): string {
  return `${harness.url}/webhooks/twilio/${harness.accountId}/sms`;
}

/** The form of a text from a person. */
export function inbound(from: string, body: string, sid: string): Record<string, string> {
  return { MessageSid: sid, From: from, To: businessNumber, Body: body, NumMedia: '0' };
}

export function sidOf(index: number): string {
  return `SM${String(index).padStart(32, '0')}`;
}

/** Posts a form, with a signature or none. Resolves to the status. */
export async function postForm(
  target: string,
  params: Readonly<Record<string, string>>,
  signature: string | null,
): Promise<number> {
  const response = await fetch(target, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(signature === null ? {} : { 'x-twilio-signature': signature }),
    },
    body: new URLSearchParams(params),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Posts a form to `target`, signed over the URL that the account's provider was given. */
export function postSigned(
  target: string,
  params: Readonly<Record<string, string>>,
  signedUrl: string = target,
): Promise<number> {
  return postForm(target, params, twilio.getExpectedTwilioSignature(authToken, signedUrl, params));
}
