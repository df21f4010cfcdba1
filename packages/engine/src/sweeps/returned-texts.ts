import { sql } from 'kysely';
import { commitPage, takeInPages } from '../cohorts/arrival-pages.ts';
import { returnedTextsBatch, routeReturnedTexts } from '../inbound/returned-texts.ts';
import { defineSweep } from './define-sweep.ts';

/** Routes on texts that their enrollment ended without. */
export const returnedTexts = defineSweep({
  name: 'returned-texts',
  every: 'quick',
  again: (routed) => routed > 0,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM released_texts`.execute(
      deps.db.router,
    );
    const workspaces = rows.rows.map((row) => row.workspace_id);
    return takeInPages(deps.log, { sweep: 'returned-texts', size: returnedTextsBatch }, workspaces, (workspaceId) =>
      commitPage(deps, 'route_returned', workspaceId, (work) => routeReturnedTexts(deps.arrivalDeps, work)),
    );
  },
});
