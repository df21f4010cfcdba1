import { sql } from 'kysely';
import { readCampaign } from '../campaigns/store.ts';
import { syncSchedule } from '../campaigns/temporal-schedule.ts';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Campaigns whose schedules are brought to Temporal in one turn. */
const most = 100;

/** Brings the schedules of campaigns to Temporal where they changed; at a start those of all, as Temporal may have lost them. */
export const campaignSchedules = defineSweep({
  name: 'campaign-schedules',
  every: 2_000,
  create: (deps) => async (turn) => {
    const { rows } = await sql<{ workspace_id: string; id: string }>`
      SELECT workspace_id, id FROM campaigns WHERE NOT schedule_synced OR (${turn.all} AND state IN ('scheduled', 'running'))
      ORDER BY id LIMIT ${most}`.execute(deps.db.router);
    await inEach(deps.log, 'campaign-schedules', rows, async ({ workspace_id: workspaceId, id }) => {
      const campaign = await inWorkspace(deps.db, workspaceId, (tx) => readCampaign({ tx, workspaceId }, id));
      if (campaign === null) return;
      const names = { scheduleId: deps.names.campaignId(id), taskQueue: deps.names.queues.code };
      await syncSchedule(deps.client(), names, workspaceId, campaign);
      // Whoever changed it since says so again.
      await inWorkspace(deps.db, workspaceId, (tx) =>
        sql`
          UPDATE campaigns SET schedule_synced = true
          WHERE workspace_id = ${workspaceId} AND id = ${id} AND NOT schedule_synced AND updated_at = ${campaign.updated_key}::timestamptz`.execute(
          tx,
        ),
      );
    });
    return rows.length;
  },
});
