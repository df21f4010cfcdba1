import { sql } from 'kysely';
import type { ArrivalDeps } from '../cohorts/arrivals.ts';
import { noRuns, type RunRef } from '../cohorts/run-ref.ts';
import type { Work } from '../db/work.ts';
import { stopFlow } from '../flows/lifecycle.ts';
import { countsOf, peopleOf } from '../flows/store.ts';
import { countCondition } from '../segments/preview.ts';
import { audienceCondition } from './audience.ts';
import { isMissed, nextOccurrence } from './schedule.ts';
import { type CampaignRow, type OccurrenceRow, planOccurrence, updateCampaign } from './store.ts';

/** What a turn of an occurrence came to: runs to be started, and whether the campaign looks another way now. */
export type LetIn = { readonly runs: readonly RunRef[]; readonly told: boolean };

/** Whether everybody is through is asked again after this. */
const throughMs = 5_000;

/**
 * Begins an occurrence whose time has come: its audience is counted, and the next one is planned where it goes out again.
 *
 * @returns null where it is passed over, as nobody was there when its time came.
 */
export async function beginOccurrence(
  deps: Pick<ArrivalDeps, 'ids'>,
  work: Work,
  campaign: CampaignRow,
  occurrence: OccurrenceRow,
): Promise<OccurrenceRow | null> {
  const { tx, workspaceId, now } = work;
  const { schedule } = campaign;
  if (schedule.kind === 'recurring') {
    // Of times that passed while nobody was there the last alone goes out.
    const upcoming = nextOccurrence(schedule, occurrence.at);
    const overtaken = upcoming !== null && upcoming <= now;
    if (upcoming !== null) await planOccurrence(work, { id: deps.ids.uuid(), campaignId: campaign.id, at: upcoming });
    if (overtaken || isMissed(schedule, occurrence.at, now)) {
      await sql`
        UPDATE campaign_occurrences SET state = 'done', began_at = ${now}, ended_at = ${now} WHERE workspace_id = ${workspaceId} AND id = ${occurrence.id}`.execute(
        tx,
      );
      if (upcoming === null) await endCampaign(work, campaign);
      return null;
    }
  }
  const condition = schedule.kind === 'segment' ? null : audienceCondition(campaign.audience);
  const expected = condition === null ? 0 : await countCondition(work, condition);
  const { rows } = await sql<OccurrenceRow>`
    UPDATE campaign_occurrences SET state = 'letting_in', began_at = ${now}, paced_from = ${now}, expected = ${expected},
      highest = (SELECT id FROM contacts WHERE workspace_id = ${workspaceId} ORDER BY id DESC LIMIT 1)
    WHERE workspace_id = ${workspaceId} AND id = ${occurrence.id} RETURNING *`.execute(tx);
  if (campaign.state === 'scheduled') await updateCampaign(work, campaign.id, { state: 'running' });
  return rows[0] ?? null;
}

/** Ends an occurrence once everybody who came in by it is through; the campaign with the last of them, and its flow. */
export async function finishOccurrence(work: Work, campaign: CampaignRow, occurrence: OccurrenceRow): Promise<LetIn> {
  const { tx, workspaceId, now } = work;
  const { rows } = await sql<{ open: boolean }>`
    SELECT EXISTS (
      SELECT 1 FROM campaign_occurrences WHERE workspace_id = ${workspaceId} AND campaign_id = ${campaign.id} AND id <> ${occurrence.id}
        AND state IN ('planned', 'letting_in', 'finishing')
    ) AS open`.execute(tx);
  const open = rows[0]?.open ?? false;
  // By the flow's counts, which are exact: positions have no index by flow.
  const counts = await countsOf(work, [campaign.flow_id]);
  const inside = peopleOf({ entries: [] }, counts.get(campaign.flow_id)).here > 0;
  // Where it goes out again nobody waits for the last of them.
  if (inside && !open) {
    await sql`
      UPDATE campaign_occurrences SET next_at = ${new Date(now.getTime() + throughMs)} WHERE workspace_id = ${workspaceId} AND id = ${occurrence.id}`.execute(
      tx,
    );
    return { runs: noRuns, told: false };
  }
  await sql`
    UPDATE campaign_occurrences SET state = 'done', ended_at = ${now} WHERE workspace_id = ${workspaceId} AND id = ${occurrence.id}`.execute(
    tx,
  );
  if (!open) await endCampaign(work, campaign);
  return { runs: noRuns, told: true };
}

/** A campaign that is over lets nobody in any more, and nobody is inside: its flow stops. */
async function endCampaign(work: Work, { id, flow_id: flowId }: CampaignRow): Promise<void> {
  await updateCampaign(work, id, { state: 'done' });
  await stopFlow(work, flowId);
}
