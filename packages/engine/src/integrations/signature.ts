import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A secret to sign with: 256 bits, as Standard Webhooks writes them. */
export function newSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/** The headers of Standard Webhooks over the very bytes that are sent, with a signature of each secret. */
export function signedHeaders(
  message: { readonly id: string; readonly at: Date; readonly body: string },
  secrets: readonly string[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${message.id}.${timestamp}.${message.body}`).digest('base64')}`;
  });
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
