import { watchBalance } from '../accounts/watch-balance.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Asks providers what is left in accounts of which somebody wants to know when that is too little. */
export const balances = defineSweep({
  name: 'balances',
  every: 30_000,
  create: (deps) => async () => {
    const due = await deps.db.router
      .selectFrom('accounts')
      .select(['workspace_id', 'id'])
      .where('balance_due_at', '<=', deps.clock.now())
      .execute();
    const watching = { ...deps, accounts: deps.dispatch.accounts };
    let asked = 0;
    await inEach(deps.log, 'balances', due, async ({ workspace_id, id }) => {
      if (await watchBalance(watching, workspace_id, id)) asked += 1;
    });
    return asked;
  },
});
