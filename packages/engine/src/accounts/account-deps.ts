import type { RouteDeps } from '../http/env.ts';
import type { Provider } from '../providers/provider.ts';
import type { SecretBox } from './secret-box.ts';
import type { AccountStore } from './store.ts';

/** What the routes of accounts are made with. */
export type AccountDeps = RouteDeps<{ readonly accounts: AccountStore }> & {
  readonly box: SecretBox;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Called after an account was changed: whoever keeps a copy of it follows. */
  readonly onAccountChanged: (account: AccountChange) => Promise<void>;
};

/** An account that was changed. */
export type AccountChange = { readonly workspaceId: string; readonly accountId: string; readonly baseUrl: string };
