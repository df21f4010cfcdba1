import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { CampaignRow } from './store.ts';

/** Under which names a campaign's schedule stands in Temporal, and where it runs. */
export type ScheduleNames = { readonly scheduleId: string; readonly taskQueue: string };

/** The workflow that a schedule starts. */
const workflowType = 'planCampaign';

/**
 * Brings the schedule of a campaign into Temporal as it stands here; takes it away where the campaign does not go out again and again, or is
 * over. Nothing but ids reaches Temporal. Safe to repeat.
 */
export async function syncSchedule(
  client: Client,
  { scheduleId, taskQueue }: ScheduleNames,
  workspaceId: string,
  campaign: CampaignRow,
): Promise<void> {
  const { id, schedule, state } = campaign;
  if (schedule.kind !== 'recurring' || (state !== 'scheduled' && state !== 'running')) {
    try {
      await client.schedule.getHandle(scheduleId).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
    return;
  }
  const options = {
    spec: {
      cronExpressions: [schedule.cron],
      timezone: schedule.zone,
      ...(schedule.ends_at === null ? {} : { endAt: new Date(schedule.ends_at) }),
    },
    action: {
      type: 'startWorkflow' as const,
      workflowType,
      workflowId: scheduleId,
      taskQueue,
      args: [workspaceId, id],
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: schedule.missed === 'skip' ? ('1h' as const) : ('30d' as const),
    },
  };
  try {
    await client.schedule.create({ scheduleId, ...options });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update(({ state: present }) => ({ ...options, state: present }));
  }
}
