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
