import { watchBalance } from '../accounts/watch-balance.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Asks providers what is left in accounts: those that were never asked at once. */
export const balances = defineSweep({
  name: 'balances',
  every: 30_000,
  create: (deps) => async () => {
    const due = await deps.db.router
      .selectFrom('accounts')
      .select(['workspace_id', 'id'])
      .where((eb) => eb.or([eb('balance_due_at', 'is', null), eb('balance_due_at', '<=', deps.clock.now())]))
      .execute();
    const watching = { ...deps, accounts: deps.dispatch.accounts };
    let asked = 0;
    await inEach(deps.log, 'balances', due, async ({ workspace_id, id }) => {
      if (await watchBalance(watching, workspace_id, id)) asked += 1;
    });
    return asked;
  },
});
