import type { SecretBox } from '../accounts/secret-box.ts';
import type { RouteDeps } from '../http/env.ts';

/** What the routes of webhooks are made with. */
export type WebhookDeps = RouteDeps & {
  readonly box: SecretBox;
  /** Let webhooks be at http addresses, on this machine and in private networks. */
  readonly webhooksAnywhere: boolean;
};
