import { sql } from 'kysely';
import { type Db, inWorkspace } from '../db/database.ts';
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
 * Asks an account's provider what is left, where somebody wants to know of too little and it is time, and raises or ends the notice. One
 * process asks at a time; a provider that cannot be asked is asked an hour later again.
 *
 * @returns whether it was asked.
 */
export async function watchBalance(deps: WatchDeps, workspaceId: string, accountId: string): Promise<boolean> {
  const now = deps.clock.now();
  const taken = await inWorkspace(deps.db, workspaceId, (tx) =>
    sql`
      UPDATE accounts SET balance_due_at = ${new Date(now.getTime() + everyMs)}
      WHERE workspace_id = ${workspaceId} AND id = ${accountId} AND balance_due_at <= ${now} RETURNING 1`.execute(tx),
  );
  if (taken.rows.length === 0) return false;
  const { connection } = await deps.accounts.get(workspaceId, accountId);
  const checked = await connection.check(askMs);
  if (!checked.ok || checked.balance === null) return true;
  const { microUnits, currency } = checked.balance;
  await inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now: deps.clock.now() };
    // The limit as it is by now.
    const { name, warn_below } = await tx
      .selectFrom('accounts')
      .select(['name', 'warn_below'])
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    const subject = shown('account', accountId);
    if (warn_below === null || microUnits >= BigInt(warn_below)) return resolveNotices(work, balanceLow, [subject]);
    const values = { account: name, micro_units: String(microUnits), currency };
    await raiseNotices(deps, work, balanceLow, [{ subject, values }]);
  });
  return true;
}
