import { sql } from 'kysely';
import type { OccurrenceState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { countCondition } from '../segments/preview.ts';
import { audienceCondition } from './audience.ts';
import type { CampaignCalendar } from './contract.ts';
import { nextOccurrence, occurrencesOf } from './schedule.ts';
import { type CampaignRow, listCampaigns } from './store.ts';

/** Of a campaign that goes out again and again, and campaigns in all that are looked at. */
const mostTimes = 100;
const mostCampaigns = 200;

type Entry = CampaignCalendar['data'][number];

/** What goes out in a time, and what went out: each time of a campaign with the people that it is for. Drafts stand where they would. */
export async function readCalendar(work: Work, range: { readonly from: Date; readonly to: Date }): Promise<Entry[]> {
  const { tx, workspaceId } = work;
  const { rows } = await sql<{
    campaign_id: string;
    name: string;
    at: Date;
    state: OccurrenceState;
    expected: number;
    let_in: number;
  }>`
    SELECT o.campaign_id, c.name, o.at, o.state, o.expected, o.let_in FROM campaign_occurrences o
    JOIN campaigns c ON c.workspace_id = o.workspace_id AND c.id = o.campaign_id AND c.archived_at IS NULL
    WHERE o.workspace_id = ${workspaceId} AND o.at >= ${range.from} AND o.at < ${range.to} ORDER BY o.at LIMIT 1000`.execute(
    tx,
  );
  const query = { search: undefined, archived: false, limit: mostCampaigns, after: null };
  const open = await listCampaigns(work, { ...query, state: undefined });
  const waiting = open.filter(({ state }) => state === 'draft' || state === 'scheduled' || state === 'running');
  const sizes = new Map<string, number>();
  const sizeOf = async (campaign: CampaignRow): Promise<number> => {
    const condition = audienceCondition(campaign.audience);
    const known = sizes.get(campaign.id) ?? (condition === null ? 0 : await countCondition(work, condition));
    sizes.set(campaign.id, known);
    return known;
  };
  const entries: Entry[] = [];
  for (const row of rows) {
    const campaign = waiting.find(({ id }) => id === row.campaign_id);
    const planned = row.state === 'planned' && campaign !== undefined;
    entries.push({
      campaign_id: shown('campaign', row.campaign_id),
      name: row.name,
      at: row.at.toISOString(),
      state: row.state,
      people: planned ? await sizeOf(campaign) : Math.max(row.expected, row.let_in),
    });
  }
  for (const campaign of waiting)
    for (const at of furtherTimes(campaign, work.now, range)) {
      const state = campaign.state === 'draft' ? 'draft' : 'planned';
      const entry = { campaign_id: shown('campaign', campaign.id), name: campaign.name, at: at.toISOString(), state };
      const isThere = entries.some((each) => each.campaign_id === entry.campaign_id && each.at === entry.at);
      if (!isThere) entries.push({ ...entry, state, people: await sizeOf(campaign) });
    }
  return entries.sort((a, b) => a.at.localeCompare(b.at));
}

/** The times that nothing is written down of yet: a draft's, and those after the next of what goes out again and again. */
function furtherTimes(
  { schedule, state }: CampaignRow,
  now: Date,
  { from, to }: { readonly from: Date; readonly to: Date },
): Date[] {
  const after = new Date(Math.max(now.getTime(), from.getTime() - 1));
  if (schedule.kind === 'recurring') return occurrencesOf(schedule, after, mostTimes).filter((at) => at < to);
  if (state !== 'draft' || schedule.kind === 'now' || schedule.kind === 'segment') return [];
  const at = nextOccurrence(schedule, now);
  return at !== null && at >= from && at < to ? [at] : [];
}
