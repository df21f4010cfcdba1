import { LRUCache } from 'lru-cache';
import { type Db, inWorkspace, through } from '../db/database.ts';
import type { OutgoingClient } from '../http/outgoing.ts';
import type { Connection, Provider } from '../providers/provider.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import type { SecretBox } from './secret-box.ts';
import { guardOf, loginPlace, type WebhookGuard } from './webhook-guard.ts';

/** An account with its opened credentials, connected to its provider. */
export type Account = {
  readonly id: string;
  readonly workspaceId: string;
  readonly provider: Provider;
  readonly externalId: string;
  readonly credentials: Credentials;
  /** Origin of the provider's API, without a trailing slash. */
  readonly baseUrl: string;
  /** What the addresses of its webhooks hold that nobody can guess; null where the provider signs its requests. */
  readonly webhookKey: string | null;
  /** What they must bring besides. */
  readonly webhookGuard: WebhookGuard;
  readonly connection: Connection;
  /** Connected with the credentials that these replaced, and how long what is signed with them is believed; null where none were replaced of late. */
  readonly previous: { readonly connection: Connection; readonly until: Date } | null;
};

/** This build has no provider of the account's type. */
export class ProviderMissingError extends Error {
  override readonly name = 'ProviderMissingError';
}

/** Accounts with their opened secrets, kept for a minute. */
export type AccountStore = {
  /** @throws Error where the workspace has no such account, or it cannot be opened; ProviderMissingError. */
  readonly get: (workspaceId: string, accountId: string) => Promise<Account>;
  /** The workspace of an account, for webhooks; null where there is none. */
  readonly workspaceOf: (accountId: string) => Promise<string | null>;
  readonly forget: (accountId: string) => void;
};

export function createAccountStore(deps: {
  readonly db: Db;
  readonly box: SecretBox;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly http: OutgoingClient;
}): AccountStore {
  const { db, box, providers, http } = deps;
  // Promises are kept, so that a burst after a minute opens an account once.
  const accounts = new LRUCache<string, Promise<Account>>({ max: 1_000, ttl: 60_000 });
  const workspaces = new LRUCache<string, string>({ max: 1_000, ttl: 60_000 });
  // Somebody who tries ids costs the database one look-up each few seconds; an account of another process is found that soon.
  const unknown = new LRUCache<string, true>({ max: 10_000, ttl: 5_000 });
  const open = async (workspaceId: string, accountId: string): Promise<Account> => {
    // The first text to an account must not wait for what everything else is doing.
    const row = await inWorkspace(through(db, 'webhooks'), workspaceId, (tx) =>
      tx
        .selectFrom('accounts')
        .select([
          'provider',
          'external_id',
          'base_url',
          'secret',
          'webhook_key',
          'webhook_login',
          'webhook_networks',
          'previous_secret',
          'previous_until',
        ])
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', accountId)
        .executeTakeFirstOrThrow(),
    );
    const provider = providers.get(row.provider);
    if (provider === undefined) throw new ProviderMissingError(`This build has no provider ${row.provider}.`);
    const opened = (secret: Buffer) =>
      readCredentials(provider, row.external_id, box.open(workspaceId, accountId, secret));
    const credentials = opened(row.secret);
    const baseUrl = row.base_url.replace(/\/$/, '');
    // In demo mode all of a provider's APIs are the carrier.
    const origins = Object.fromEntries(
      Object.entries(provider.origins ?? {}).map(([name, origin]) => [
        name,
        baseUrl === provider.baseUrl ? origin : baseUrl,
      ]),
    );
    return {
      id: accountId,
      workspaceId,
      provider,
      externalId: row.external_id,
      credentials,
      baseUrl,
      webhookKey: row.webhook_key,
      webhookGuard: guardOf(
        row.webhook_login === null ? null : box.open(workspaceId, loginPlace(accountId), row.webhook_login),
        row.webhook_networks,
      ),
      connection: provider.connect({ credentials, baseUrl, origins }, http),
      previous:
        row.previous_secret === null || row.previous_until === null
          ? null
          : {
              connection: provider.connect({ credentials: opened(row.previous_secret), baseUrl, origins }, http),
              until: row.previous_until,
            },
    };
  };
  return {
    get(workspaceId, accountId) {
      const key = `${workspaceId}/${accountId}`;
      const known = accounts.get(key);
      if (known !== undefined) return known;
      const opened = open(workspaceId, accountId);
      accounts.set(key, opened);
      opened.catch(() => accounts.delete(key));
      return opened;
    },
    async workspaceOf(accountId) {
      const known = workspaces.get(accountId);
      if (known !== undefined) return known;
      if (unknown.has(accountId)) return null;
      const row = await db.access
        .selectFrom('accounts')
        .select('workspace_id')
        .where('id', '=', accountId)
        .executeTakeFirst();
      if (row === undefined) {
        unknown.set(accountId, true);
        return null;
      }
      workspaces.set(accountId, row.workspace_id);
      return row.workspace_id;
    },
    forget(accountId) {
      workspaces.delete(accountId);
      unknown.delete(accountId);
      for (const key of accounts.keys()) if (key.endsWith(`/${accountId}`)) accounts.delete(key);
    },
  };
}
