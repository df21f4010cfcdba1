import { sql } from 'kysely';
import { type Db, inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { shown } from '../http/ids.ts';
import { balanceLow } from '../notices/balance-low.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Ids } from '../runtime/ids.ts';
import type { AccountStore } from './store.ts';

const everyMs = 3_600_000;
const askMs = 8_000;

type WatchDeps = { readonly db: Db; readonly clock: Clock; readonly ids: Ids; readonly accounts: AccountStore };

/**
 * Asks an account's provider what is left, where it is time, writes that down, and raises or ends the notice where somebody wants to know of
 * too little. One
 * process asks at a time; a provider that cannot be asked is asked an hour later again.
 *
 * @returns whether it was asked.
 */
export async function watchBalance(deps: WatchDeps, workspaceId: string, accountId: string): Promise<boolean> {
  const now = deps.clock.now();
  const taken = await inWorkspace(deps.db, workspaceId, (tx) =>
    sql`
      UPDATE accounts SET balance_due_at = ${new Date(now.getTime() + everyMs)}
      WHERE workspace_id = ${workspaceId} AND id = ${accountId} AND (balance_due_at IS NULL OR balance_due_at <= ${now}) RETURNING 1`.execute(
      tx,
    ),
  );
  if (taken.rows.length === 0) return false;
  const { connection } = await deps.accounts.get(workspaceId, accountId);
  const checked = await connection.check(askMs);
  if (!checked.ok) return true;
  const left = checked.balance;
  await inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now: deps.clock.now() };
    const balance = left === null ? null : String(left.microUnits);
    const before = await tx
      .selectFrom('accounts')
      .select(['balance', 'balance_read_at'])
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    // The limit as it is by now.
    const { name, warn_below } = await tx
      .updateTable('accounts')
      .set({ balance, balance_currency: left?.currency ?? null, balance_read_at: work.now })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', accountId)
      .returning(['name', 'warn_below'])
      .executeTakeFirstOrThrow();
    const subject = shown('account', accountId);
    if (before.balance_read_at === null || before.balance !== balance)
      await writeTopic(work, { topic: 'accounts', ids: [subject] });
    if (left === null) return;
    const { microUnits, currency } = left;
    if (warn_below === null || microUnits >= BigInt(warn_below)) return resolveNotices(work, balanceLow, [subject]);
    const values = { account: name, micro_units: String(microUnits), currency };
    await raiseNotices(deps, work, balanceLow, [{ subject, values }]);
  });
  return true;
}
