import type { AccountStore } from '../accounts/store.ts';
import { webhookPath } from '../accounts/webhook-path.ts';
import { inWorkspace } from '../db/database.ts';
import type { DemoMode, RouteDeps } from '../http/env.ts';
import { ProblemError } from '../http/problems.ts';

/** What the demo's accounts are read and followed with. */
export type DemoAccounts = Pick<RouteDeps<{ readonly accounts: AccountStore }>, 'engine'>;

/**
 * Tells the demo carrier about an account of ours, as its owner would in a provider's console: numbers, where texts go, and who
 * answers STOP, START and HELP. Of an account at a provider whose API it does not speak there is nothing to tell.
 *
 * @throws ProblemError `carrier_unreachable`.
 */
export async function syncCarrierAccount(
  deps: DemoAccounts,
  demo: DemoMode,
  workspaceId: string,
  accountId: string,
): Promise<void> {
  const { db, accounts, publicUrl } = deps.engine;
  const account = await accounts.get(workspaceId, accountId);
  const { demo: spoken } = account.provider;
  if (spoken === null) return;
  const { row, senders } = await inWorkspace(db, workspaceId, async (tx) => ({
    row: await tx
      .selectFrom('accounts')
      .select(['name', 'opt_out_handling'])
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow(),
    senders: await tx
      .selectFrom('senders')
      .select(['address', 'kind'])
      .where('workspace_id', '=', workspaceId)
      .where('account_id', '=', accountId)
      .execute(),
  }));
  const webhooks = { provider: account.provider.type, accountId, key: account.webhookKey };
  const response = await fetch(`${demo.carrierUrl}/_carrier/accounts/${encodeURIComponent(account.externalId)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      dialect: account.provider.type,
      credentials: spoken.known(account.credentials),
      friendly_name: row.name,
      opt_out: row.opt_out_handling === 'carrier' ? 'carrier' : 'customer',
      numbers: senders.map(({ address, kind }) => ({
        number: address,
        sms_url: kind === 'alphanumeric' ? null : publicUrl + webhookPath(webhooks, 'sms'),
        status_callback: publicUrl + webhookPath(webhooks, 'status'),
      })),
    }),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null);
  if (response === null || !response.ok) throw new ProblemError('carrier_unreachable');
}

/**
 * At a start: points the demo accounts of a workspace at the carrier as it runs now, and tells the carrier about them. Addresses may
 * have changed since the last start.
 */
export async function syncDemoAccounts(deps: DemoAccounts, demo: DemoMode, workspaceId: string): Promise<void> {
  const { db, accounts } = deps.engine;
  const rows = await inWorkspace(db, workspaceId, (tx) =>
    tx
      .updateTable('accounts')
      .set({ base_url: demo.carrierUrl })
      .where('workspace_id', '=', workspaceId)
      .where('is_sample', '=', true)
      .returning('id')
      .execute(),
  );
  for (const { id } of rows) {
    accounts.forget(id);
    await syncCarrierAccount(deps, demo, workspaceId, id);
  }
}
