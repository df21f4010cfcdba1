import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** A provider does not know an account by its credentials: nothing goes out through it. Over once it takes a message, or they are changed. */
export const providerCredentialsRefused = defineNotice({
  kind: 'provider_credentials_refused',
  severity: 'error',
  values: z.object({ account: z.string(), code: z.string() }),
  title: ({ account }) => `The provider refuses the credentials of “${account}”`,
  action: ({ code }) =>
    `Nothing goes out through this account. Check its credentials here, and the account at the provider (${code}).`,
  remedy: (subject) => ({ label: 'Open account', path: `/settings/providers/${subject}` }),
});
