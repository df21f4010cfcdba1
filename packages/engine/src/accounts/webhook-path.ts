/** Which account's webhooks; `key` is the part that nobody can guess, where its provider signs nothing. */
export type WebhookAddress = { readonly provider: string; readonly accountId: string; readonly key: string | null };

/** The path at which an account's provider brings texts, or receipts. */
export function webhookPath({ provider, accountId, key }: WebhookAddress, kind: 'sms' | 'status'): string {
  return `/webhooks/${provider}/${accountId}/${key === null ? '' : `${key}/`}${kind}`;
}
