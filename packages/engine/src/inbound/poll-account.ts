import { sql } from 'kysely';
import type { Account, AccountStore } from '../accounts/store.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ToldEvents } from './told-events.ts';

/** Milliseconds between two looks at an account that nothing can tell us of. */
export const pollEveryMs = 15_000;
/** A look that takes longer is over: its process ended, or the provider does not answer. */
const leaseMs = 60_000;
/** What a provider lists may come into its list late: so much is looked at again. */
const overlapMs = 120_000;
const askMs = 20_000;

type PollDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly accounts: AccountStore;
  readonly told: ToldEvents;
  readonly publicUrl: string;
};

/** Whether requests from elsewhere can reach an address. */
export function isReachable(url: string): boolean {
  const { hostname } = new URL(url);
  return !/^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** Whether an account must be asked for its texts and receipts: its provider lists them, and cannot reach us. */
export function mustBePolled({ baseUrl, provider, connection }: Account, publicUrl: string): boolean {
  // Whatever stands in for the provider on this machine does reach us.
  return connection.poll !== undefined && baseUrl === provider.baseUrl && !isReachable(publicUrl);
}

/**
 * Asks an account's provider what came and what became of messages since the last time, where nothing else can tell. One process does at
 * a time. What was told before changes nothing; a look that fails is made up for by the next.
 *
 * @returns whether it was looked at.
 */
export async function pollAccount(deps: PollDeps, workspaceId: string, accountId: string): Promise<boolean> {
  const account = await deps.accounts.get(workspaceId, accountId);
  const { poll } = account.connection;
  if (poll === undefined || !mustBePolled(account, deps.publicUrl)) return false;
  const startedAt = deps.clock.now();
  const taken = await inWorkspace(deps.db, workspaceId, (tx) =>
    sql<{ since: Date }>`
      UPDATE accounts SET poll_lease_until = ${new Date(startedAt.getTime() + leaseMs)}
      WHERE workspace_id = ${workspaceId} AND id = ${accountId}
        AND (poll_lease_until IS NULL OR poll_lease_until <= ${startedAt})
        AND (polled_until IS NULL OR polled_until <= ${new Date(startedAt.getTime() - pollEveryMs)})
      RETURNING coalesce(polled_until, created_at) AS since`.execute(tx),
  );
  const since = taken.rows[0]?.since;
  if (since === undefined) return false;
  const events = await poll(new Date(since.getTime() - overlapMs), askMs);
  await deps.told(account, events);
  await inWorkspace(deps.db, workspaceId, (tx) =>
    tx
      .updateTable('accounts')
      .set({ polled_until: startedAt, poll_lease_until: null })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', accountId)
      .execute(),
  );
  return true;
}
