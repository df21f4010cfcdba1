import { openCountriesOfContacts } from '../gate/opened-countries.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Completes what an upgrade began: a workspace goes on sending to the countries that it has somebody in. */
export const openedCountries = defineSweep({
  name: 'opened-countries',
  every: 60_000,
  create:
    ({ db, clock, log }) =>
    async () => {
      const rows = await db.router
        .selectFrom('gate_rules')
        .select('workspace_id')
        .where('rule', '=', 'countries')
        .where('from_upgrade', '=', true)
        .execute();
      const workspaces = rows.map((row) => row.workspace_id);
      await inEach(log, 'opened-countries', workspaces, async (workspaceId) => {
        await openCountriesOfContacts(db, workspaceId, clock.now());
      });
      return workspaces.length;
    },
});
