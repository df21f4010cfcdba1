import { createHash } from 'node:crypto';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import type { Provider } from '../providers/provider.ts';
import type { Account } from './contract.ts';
import { readCredentials, shownFields } from './credentials.ts';
import type { SecretBox } from './secret-box.ts';
import { loginPlace, webhookLoginSchema } from './webhook-guard.ts';
import { webhookPath } from './webhook-path.ts';

/** An account as it is stored, with its senders. */
export type AccountRow = {
  id: string;
  provider: string;
  name: string;
  external_id: string;
  base_url: string;
  opt_out_handling: string;
  brand: string;
  secret: Buffer;
  webhook_key: string | null;
  webhook_login: Buffer | null;
  webhook_networks: string[];
  warn_below: string | null;
  balance: string | null;
  balance_currency: string | null;
  balance_read_at: Date | null;
  created_at: Date;
  senders: Array<{ id: string; address: string; kind: string }>;
};

/** Accounts, the newest first: one of them, or a page. */
export async function readAccounts(
  work: Scope,
  query: { id?: string; before?: string | null; limit: number },
): Promise<AccountRow[]> {
  const { tx, workspaceId } = work;
  let rows = tx
    .selectFrom('accounts')
    .select([
      'id',
      'provider',
      'name',
      'external_id',
      'base_url',
      'opt_out_handling',
      'brand',
      'secret',
      'webhook_key',
      'webhook_login',
      'webhook_networks',
      'warn_below',
      'balance',
      'balance_currency',
      'balance_read_at',
      'created_at',
    ])
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(query.limit);
  if (query.id !== undefined) rows = rows.where('id', '=', query.id);
  if (query.before !== null && query.before !== undefined) rows = rows.where('id', '<', query.before);
  const accounts = await rows.execute();
  const senders = await tx
    .selectFrom('senders')
    .select(['id', 'account_id', 'address', 'kind'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const byAccount = Map.groupBy(senders, (sender) => sender.account_id);
  return accounts.map((account) => ({
    ...account,
    senders: (byAccount.get(account.id) ?? []).map(({ id, address, kind }) => ({ id, address, kind })),
  }));
}

/** What accounts are called, by their ids: those of them that there are. */
export async function namesOfAccounts(
  { tx, workspaceId }: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom('accounts')
    .select(['id', 'name'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Whom an account's webhooks log in as; null where no login is asked for. */
function loginUser({ id, webhook_login: login }: AccountRow, workspaceId: string, { box }: ShowDeps): string | null {
  if (login === null) return null;
  return webhookLoginSchema.parse(JSON.parse(box.open(workspaceId, loginPlace(id), login))).user;
}

/** What an account is shown with. */
type ShowDeps = {
  readonly box: SecretBox;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly engine: { readonly publicUrl: string };
};

/** What of the credentials may be shown; nothing where they cannot be opened. */
function openedFields(row: AccountRow, workspaceId: string, deps: ShowDeps): Record<string, string> {
  const provider = deps.providers.get(row.provider);
  if (provider === undefined) return {};
  const opened = deps.box.open(workspaceId, row.id, row.secret);
  return shownFields(provider, readCredentials(provider, row.external_id, opened));
}

function balanceOf({ balance, balance_currency, balance_read_at }: AccountRow): Account['balance'] {
  if (balance_read_at === null) return null;
  return { micro_units: balance, currency: balance_currency, read_at: balance_read_at.toISOString() };
}

/** An account as the API shows it. */
export function showAccount(row: AccountRow, workspaceId: string, deps: ShowDeps): Account {
  const { publicUrl } = deps.engine;
  const address = { provider: row.provider, accountId: row.id, key: row.webhook_key };
  const account = {
    id: shown('account', row.id),
    provider: row.provider,
    name: row.name,
    external_id: row.external_id,
    fields: openedFields(row, workspaceId, deps),
    base_url: row.base_url,
    opt_out_handling: row.opt_out_handling === 'carrier' ? ('carrier' as const) : ('signalbox' as const),
    webhooks: { user: loginUser(row, workspaceId, deps), networks: row.webhook_networks },
    brand: row.brand,
    warn_below: row.warn_below,
    senders: row.senders.map(({ id, address, kind }) => ({ id: shown('sender', id), address, kind })),
    webhook_url: publicUrl + webhookPath(address, 'sms'),
    status_url: publicUrl + webhookPath(address, 'status'),
    created_at: row.created_at.toISOString(),
  };
  // Credentials are sealed anew when they change, whatever of them is shown.
  const revision = createHash('sha256').update(JSON.stringify(account)).update(row.secret).digest('hex').slice(0, 16);
  // What is left changes by itself: nobody's change is refused for it.
  return { ...account, balance: balanceOf(row), revision };
}
