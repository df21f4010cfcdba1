const date = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

/** What `npx pnpm run token` prints. */
export const tokenTexts = {
  usage: 'Usage: npx pnpm run token [--scope read|full] [--days 1-3650] [--label TEXT]',
  notRunning: 'Signalbox is not running here. Start it with “npx pnpm start”, then run this again in another terminal.',
  noWorkspace: 'There is no workspace yet. Start Signalbox once with “npx pnpm start”.',
  about: (scope: string, expiresAt: Date) =>
    `\nScope ${scope}, until ${date.format(expiresAt)}. It is shown this once. For example:`,
  example: (url: string, token: string) => `  curl -H "Authorization: Bearer ${token}" ${url}/api/v1/flows`,
} as const;

/** What `npx pnpm run queue-weights` prints. */
export const queueWeightTexts = {
  usage: 'Usage: npx pnpm run queue-weights [--workspace ID --weight 1-100]',
  unknown: 'There is no such workspace. Run “npx pnpm run queue-weights” alone to see them all.',
  line: (id: string, weight: number, name: string) => `${id}  ${String(weight).padStart(3)}  ${name}`,
} as const;

/** What `npx pnpm run rewrap-secrets` prints. */
export const rewrapTexts = {
  usage:
    'Set DATABASE_URL, DATABASE_ROUTER_URL, SECRETS_KEY and, for what was encrypted with others, SECRETS_KEYS_ALSO. docs/operations.md says how keys are changed.',
  done: (changed: number, current: number) =>
    `Accounts, webhooks and keys of suppressions encrypted anew: ${changed}. Encrypted with this key before: ${current}.`,
  unreadable: (ids: readonly string[]) =>
    `None of the keys opens what these accounts, webhooks and workspaces hold; they stay as they are: ${ids.join(', ')}`,
} as const;
