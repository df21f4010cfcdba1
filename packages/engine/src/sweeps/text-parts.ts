import { sql } from 'kysely';
import { commitPage, takeInPages } from '../cohorts/arrival-pages.ts';
import { overduePage, partsWaitMs, receiveOverdue } from '../inbound/overdue-texts.ts';
import { defineSweep } from './define-sweep.ts';

/** Hands on what is there of long texts of which a part never came. */
export const textParts = defineSweep({
  name: 'text-parts',
  every: 5_000,
  create: (deps) => async () => {
    const overdue = new Date(deps.clock.now().getTime() - partsWaitMs);
    const rows = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM text_parts WHERE joined_at IS NULL AND received_at <= ${overdue}`.execute(
      deps.db.router,
    );
    const workspaces = rows.rows.map((row) => row.workspace_id);
    return takeInPages(deps.log, { sweep: 'text-parts', size: overduePage }, workspaces, (workspaceId) =>
      commitPage(deps, 'join_parts', workspaceId, (work) => receiveOverdue(deps.arrivalDeps, work)),
    );
  },
});
