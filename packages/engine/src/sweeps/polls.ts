import { pollAccount, pollEveryMs } from '../inbound/poll-account.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Asks providers that cannot reach us for texts and receipts. */
export const polls = defineSweep({
  name: 'polls',
  every: pollEveryMs / 3,
  create: (deps) => async () => {
    const accounts = await deps.db.router.selectFrom('accounts').select(['workspace_id', 'id']).execute();
    const polling = { ...deps, accounts: deps.dispatch.accounts };
    let asked = 0;
    await inEach(deps.log, 'polls', accounts, async ({ workspace_id, id }) => {
      if (await pollAccount(polling, workspace_id, id)) asked += 1;
    });
    return asked;
  },
});
