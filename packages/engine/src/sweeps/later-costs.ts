import { inEach } from '../runtime/in-each.ts';
import { askCosts } from '../sending/ask-costs.ts';
import { defineSweep } from './define-sweep.ts';

/** Asks providers what messages cost whose price they tell some time after. */
export const laterCosts = defineSweep({
  name: 'later-costs',
  every: 15_000,
  create: (deps) => async () => {
    const accounts = await deps.db.router.selectFrom('accounts').select(['workspace_id', 'id']).execute();
    const asking = { ...deps, accounts: deps.dispatch.accounts };
    let told = 0;
    await inEach(deps.log, 'later-costs', accounts, async ({ workspace_id, id }) => {
      told += await askCosts(asking, workspace_id, id);
    });
    return told;
  },
});
