import { sql } from 'kysely';
import { containing } from '../db/like.ts';
import type { CampaignState, FlowState, OccurrenceState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import { instantText } from '../http/instants.ts';
import {
  type Audience,
  audienceSchema,
  type Pace,
  paceSchema,
  type Schedule,
  scheduleSchema,
  type shownStates,
} from './contract.ts';

export type ShownState = (typeof shownStates)[number];

/** A campaign as it is stored, with what its flow and the times that it goes out say of it. */
export type CampaignRow = {
  readonly id: string;
  readonly name: string;
  readonly flow_id: string;
  readonly audience: Audience;
  readonly schedule: Schedule;
  readonly pace: Pace;
  readonly grows_until: Date | null;
  readonly state: CampaignState;
  readonly shown_state: ShownState;
  readonly is_sample: boolean;
  /** Of the campaign and of its flow's draft together: it rises with either. */
  readonly revision: number;
  readonly archived_at: Date | null;
  readonly launched_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** `updated_at` to the microsecond: the list's key. */
  readonly updated_key: string;
  readonly flow_state: FlowState;
  readonly next_at: Date | null;
  readonly began_at: Date | null;
  readonly ended_at: Date | null;
  readonly expected: number;
  readonly let_in: number;
  readonly already_in_flow: number;
};

const shownState = sql`CASE WHEN c.state IN ('scheduled', 'running') AND f.state = 'paused' THEN 'paused' ELSE c.state END`;

const columns = sql`
  c.id, c.name, c.flow_id, c.audience, c.schedule, c.pace, c.grows_until, c.state, ${shownState} AS shown_state, c.is_sample, c.revision + f.revision AS revision,
  c.archived_at, c.launched_at, c.created_at, c.updated_at, ${instantText('c.updated_at')} AS updated_key, f.state AS flow_state, o.*`;

const source = sql`
  campaigns c JOIN flows f ON f.workspace_id = c.workspace_id AND f.id = c.flow_id
  CROSS JOIN LATERAL (
    SELECT min(at) FILTER (WHERE state = 'planned') AS next_at, max(began_at) AS began_at, max(ended_at) AS ended_at, coalesce(sum(expected), 0)::int AS expected,
      coalesce(sum(let_in), 0)::int AS let_in, coalesce(sum(already_in_flow), 0)::int AS already_in_flow
    FROM campaign_occurrences o WHERE o.workspace_id = c.workspace_id AND o.campaign_id = c.id
  ) AS o`;

type Stored = Omit<CampaignRow, 'audience' | 'schedule' | 'pace'> & Record<'audience' | 'schedule' | 'pace', unknown>;

const read = (row: Stored): CampaignRow => ({
  ...row,
  audience: audienceSchema.parse(row.audience),
  schedule: scheduleSchema.parse(row.schedule),
  pace: paceSchema.parse(row.pace),
});

/** Campaigns, last changed first: the archived ones, or the others. */
export async function listCampaigns(
  { tx, workspaceId }: Scope,
  query: {
    readonly search: string | undefined;
    readonly state: ShownState | undefined;
    readonly archived: boolean;
    readonly limit: number;
    readonly after: readonly [string, string] | null;
  },
): Promise<CampaignRow[]> {
  const { search = '', state, archived, limit, after } = query;
  const { rows } = await sql<Stored>`
    SELECT ${columns} FROM ${source}
    WHERE c.workspace_id = ${workspaceId} AND ${archived ? sql`c.archived_at IS NOT NULL` : sql`c.archived_at IS NULL`}
      ${state === undefined ? sql`` : sql`AND ${shownState} = ${state}`}
      ${search.trim() === '' ? sql`` : sql`AND c.name ILIKE ${containing(search.trim())}`}
      ${after === null ? sql`` : sql`AND (c.updated_at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    ORDER BY c.updated_at DESC, c.id DESC LIMIT ${limit}`.execute(tx);
  return rows.map(read);
}

/** One campaign; null where there is none. With `lock` it and its flow are the caller's until the transaction is over: the flow first, as everybody takes them. */
export async function readCampaign(
  { tx, workspaceId }: Scope,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<CampaignRow | null> {
  if (options.lock === true) {
    await sql`
      SELECT 1 FROM flows WHERE workspace_id = ${workspaceId} AND id = (SELECT flow_id FROM campaigns WHERE workspace_id = ${workspaceId} AND id = ${id}::uuid) FOR NO KEY UPDATE`.execute(
      tx,
    );
    await sql`SELECT 1 FROM campaigns WHERE workspace_id = ${workspaceId} AND id = ${id}::uuid FOR NO KEY UPDATE`.execute(
      tx,
    );
  }
  const { rows } = await sql<Stored>`
    SELECT ${columns} FROM ${source} WHERE c.workspace_id = ${workspaceId} AND c.id = ${id}::uuid`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : read(row);
}

type Written = {
  readonly name: string;
  readonly audience: Audience;
  readonly schedule: Schedule;
  readonly pace: Pace;
  readonly growsUntil: Date | null;
};

const stored = ({ name, audience, schedule, pace, growsUntil }: Written) => ({
  name,
  audience: JSON.stringify(audience),
  schedule: JSON.stringify(schedule),
  pace: pace === null ? null : JSON.stringify(pace),
  grows_until: growsUntil,
});

/** Writes a campaign down, a draft, with the flow that was made for it. */
export async function insertCampaign(
  { tx, workspaceId, now }: Work,
  campaign: Written & { readonly id: string; readonly flowId: string; readonly isSample: boolean },
): Promise<void> {
  await tx
    .insertInto('campaigns')
    .values({
      workspace_id: workspaceId,
      id: campaign.id,
      flow_id: campaign.flowId,
      ...stored(campaign),
      state: 'draft',
      is_sample: campaign.isSample,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** Changes a campaign; its revision rises. */
export async function updateCampaign(
  { tx, workspaceId, now }: Work,
  id: string,
  change: Partial<{ readonly state: CampaignState; readonly archivedAt: Date | null; readonly launchedAt: Date }> & {
    readonly settings?: Written;
  },
): Promise<void> {
  await tx
    .updateTable('campaigns')
    .set((eb) => ({
      revision: eb('revision', '+', 1),
      updated_at: now,
      ...(change.settings === undefined && change.state === undefined ? {} : { schedule_synced: unsynced(change) }),
      ...(change.settings === undefined ? {} : { ...stored(change.settings), is_sample: false }),
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.archivedAt === undefined ? {} : { archived_at: change.archivedAt }),
      ...(change.launchedAt === undefined ? {} : { launched_at: change.launchedAt }),
    }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** Temporal hears of a campaign that goes out again and again, or did until now. */
const unsynced = ({ settings }: { readonly settings?: Written }) =>
  sql<boolean>`schedule_synced AND NOT (schedule ->> 'kind' = 'recurring' OR ${settings?.schedule.kind === 'recurring'})`;

/** A time at which a campaign goes out. */
export type OccurrenceRow = {
  readonly id: string;
  readonly campaign_id: string;
  readonly at: Date;
  readonly state: OccurrenceState;
  readonly cursor: string | null;
  readonly highest: string | null;
  readonly change_id: string | null;
  readonly expected: number;
  readonly let_in: number;
  readonly already_in_flow: number;
  readonly paced_from: Date | null;
  readonly paced: number;
  readonly began_at: Date | null;
  readonly ended_at: Date | null;
};

/** The times that a campaign goes out: the next, and those before, the last first. */
export async function listOccurrences(
  { tx, workspaceId }: Scope,
  campaignId: string,
  most: number,
): Promise<OccurrenceRow[]> {
  const { rows } = await sql<OccurrenceRow>`
    SELECT * FROM campaign_occurrences WHERE workspace_id = ${workspaceId} AND campaign_id = ${campaignId}::uuid ORDER BY at DESC LIMIT ${most}`.execute(
    tx,
  );
  return rows;
}

/** Plans the next time; one at the same moment is there already. */
export async function planOccurrence(
  { tx, workspaceId }: Scope,
  occurrence: { readonly id: string; readonly campaignId: string; readonly at: Date },
): Promise<void> {
  await sql`
    INSERT INTO campaign_occurrences (workspace_id, id, campaign_id, at, state, next_at)
    VALUES (${workspaceId}, ${occurrence.id}, ${occurrence.campaignId}, ${occurrence.at}, 'planned', ${occurrence.at}) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

/** Takes away the times that have not come yet. */
export async function unplan({ tx, workspaceId }: Scope, campaignId: string): Promise<void> {
  await sql`
    DELETE FROM campaign_occurrences WHERE workspace_id = ${workspaceId} AND campaign_id = ${campaignId}::uuid AND state = 'planned'`.execute(
    tx,
  );
}

/**
 * What is under way goes by the campaign as it stands now.
 *
 * @param change.people everybody is asked again who may come; whoever came already does not come again.
 * @param change.pace counts from now on.
 */
export async function goOnFromNow(
  { tx, workspaceId, now }: Work,
  campaignId: string,
  change: { readonly people: boolean; readonly pace: boolean },
): Promise<void> {
  await sql`
    UPDATE campaign_occurrences SET next_at = ${now}
      ${change.people ? sql`, cursor = NULL, state = 'letting_in'` : sql``} ${change.pace ? sql`, paced_from = ${now}, paced = 0` : sql``}
    WHERE workspace_id = ${workspaceId} AND campaign_id = ${campaignId}::uuid AND state IN ('letting_in', 'finishing')`.execute(
    tx,
  );
}

/** Ends the times that are planned or under way, as the campaign was canceled. */
export async function cancelOccurrences({ tx, workspaceId, now }: Work, campaignId: string): Promise<void> {
  await sql`
    UPDATE campaign_occurrences SET state = 'canceled', ended_at = ${now}
    WHERE workspace_id = ${workspaceId} AND campaign_id = ${campaignId}::uuid AND state IN ('planned', 'letting_in', 'finishing')`.execute(
    tx,
  );
}
