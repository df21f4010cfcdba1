import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Db, inWorkspace } from '../db/database.ts';
import type { ProviderAccount } from '../providers/provider.ts';

/** AES-256-GCM with a key outside the database; the associated data binds a ciphertext to its workspace and row. */
export type SecretBox = {
  readonly seal: (workspaceId: string, rowId: string, plain: string) => Buffer;
  /** @throws Error where the key or the place is another. */
  readonly open: (workspaceId: string, rowId: string, sealed: Buffer) => string;
};

const keyVersion = 1;

/** @param key 32 bytes. @throws Error for a key of another length. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== 32) throw new Error('SECRETS_KEY must be 32 bytes in base64.');
  const bind = (workspaceId: string, rowId: string) =>
    Buffer.from(`${workspaceId}|accounts|secret|${rowId}|${keyVersion}`);
  return {
    seal(workspaceId, rowId, plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bind(workspaceId, rowId));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(keyVersion), nonce, cipher.getAuthTag(), sealed]);
    },
    open(workspaceId, rowId, sealed) {
      if (sealed[0] !== keyVersion) throw new Error('The secret was sealed with another key version.');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13)).setAAD(bind(workspaceId, rowId));
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
    },
  };
}

export type Account = ProviderAccount & { readonly workspaceId: string; readonly provider: string };

/** Accounts with their opened secrets, kept for a minute. */
export type AccountStore = {
  /** @throws Error where the workspace has no such account. */
  readonly get: (workspaceId: string, accountId: string) => Promise<Account>;
  /** The workspace of an account, for webhooks; null where there is none. */
  readonly workspaceOf: (accountId: string) => Promise<string | null>;
  readonly forget: (accountId: string) => void;
};

export function createAccountStore(db: Db, box: SecretBox): AccountStore {
  // Promises are kept, so that a burst after a minute opens an account once.
  const accounts = new LRUCache<string, Promise<Account>>({ max: 1_000, ttl: 60_000 });
  const workspaces = new LRUCache<string, string>({ max: 1_000, ttl: 60_000 });
  // Somebody who tries ids costs the database one look-up each few seconds; an account of another process is found that soon.
  const unknown = new LRUCache<string, true>({ max: 10_000, ttl: 5_000 });
  const open = async (workspaceId: string, accountId: string): Promise<Account> => {
    const row = await inWorkspace(db, workspaceId, (tx) =>
      tx
        .selectFrom('accounts')
        .select(['provider', 'external_id', 'base_url', 'secret'])
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', accountId)
        .executeTakeFirstOrThrow(),
    );
    return {
      id: accountId,
      workspaceId,
      provider: row.provider,
      externalId: row.external_id,
      baseUrl: row.base_url.replace(/\/$/, ''),
      secret: box.open(workspaceId, accountId, row.secret),
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
