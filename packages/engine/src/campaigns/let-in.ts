import type { Condition } from '@signalbox/nodes/flow/conditions';
import { evaluate } from '@signalbox/nodes/flow/evaluate-condition';
import { personNumber } from '@signalbox/nodes/text/phone-number';
import { type RawBuilder, sql } from 'kysely';
import { type ArrivalDeps, enroll } from '../cohorts/arrivals.ts';
import { isFull } from '../cohorts/batches.ts';
import { noRuns, runSize } from '../cohorts/run-ref.ts';
import { uuidArray } from '../db/array-literals.ts';
import { writeFeed } from '../db/feed.ts';
import type { OccurrenceState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { readShown } from '../http/ids.ts';
import { lowestIdAt } from '../runtime/ids.ts';
import { compileCondition } from '../segments/compile.ts';
import { readRecords } from '../segments/facts.ts';
import { audienceCondition } from './audience.ts';
import type { Audience } from './contract.ts';
import { beginOccurrence, finishOccurrence, type LetIn } from './occurrences.ts';
import { pageDue, pageOf, ratePerHour } from './schedule.ts';
import { type CampaignRow, cancelOccurrences, type OccurrenceRow, readCampaign, updateCampaign } from './store.ts';

/** People who are looked at for a page. */
const scanSize = 4_000;
/** Of a paused campaign, and of one whose queue is full, it is asked again after this. */
const pausedMs = 2_000;
const fullMs = 200;
/** Whoever comes into a segment waits no longer. */
const comingMs = 1_000;
/** A page that comes this much after its time was held up. */
const behindMs = 60_000;
/** Changes of a segment that another process writes may come in this much behind their order. */
const disorderMs = 120_000;
/** An audience that grows is asked again after this who came to be in it. */
const growingMs = 5 * 60_000;

const nobody: LetIn = { runs: noRuns, told: false };

/**
 * One turn of an occurrence that is due: it begins, its next page comes in, or it ends. Cursor, people, enrollments and run commit together,
 * so a crash repeats nothing and leaves nobody out; whoever came in by it once does not come in again, whatever is edited meanwhile.
 */
export async function turnOccurrence(deps: ArrivalDeps, work: Work, occurrenceId: string): Promise<LetIn> {
  const found = await lockOccurrence(work, occurrenceId);
  if (found === null) return nobody;
  const campaign = await readCampaign(work, found.campaign_id);
  if (campaign === null) return nobody;
  if (campaign.flow_state === 'stopped') {
    // Somebody stopped the flow itself.
    await cancelOccurrences(work, campaign.id);
    await updateCampaign(work, campaign.id, { state: 'canceled' });
    return { runs: noRuns, told: true };
  }
  if (campaign.flow_state === 'paused') return later(work, found, pausedMs);
  if (found.state === 'finishing') return finishOccurrence(work, campaign, found);
  const occurrence = found.state === 'planned' ? await beginOccurrence(deps, work, campaign, found) : found;
  if (occurrence === null) return { runs: noRuns, told: true };
  const page = await letInPage(deps, work, campaign, occurrence);
  // How far it is say the flow's counts; the campaign itself looks another way at its beginning and its end alone.
  return found.state === 'planned' ? { ...page, told: true } : page;
}

/**
 * An occurrence that is due, locked, and its flow before it, as whoever changes a campaign does; null where there is nothing to do. Whoever
 * lets people in shares the flow with its step calls; what may end it keeps it to itself from the beginning.
 */
async function lockOccurrence({ tx, workspaceId, now }: Work, id: string): Promise<OccurrenceRow | null> {
  const due = sql`o.workspace_id = ${workspaceId} AND o.id = ${id}::uuid AND o.state IN ('planned', 'letting_in', 'finishing') AND o.next_at <= ${now}`;
  const seen = await sql<{ state: OccurrenceState; flow_id: string }>`
    SELECT o.state, c.flow_id FROM campaign_occurrences o JOIN campaigns c ON c.workspace_id = o.workspace_id AND c.id = o.campaign_id WHERE ${due}`.execute(
    tx,
  );
  const [before] = seen.rows;
  if (before === undefined) return null;
  const shared = before.state === 'letting_in';
  await sql`
    SELECT 1 FROM flows WHERE workspace_id = ${workspaceId} AND id = ${before.flow_id} ${shared ? sql`FOR SHARE` : sql`FOR NO KEY UPDATE`}`.execute(
    tx,
  );
  const { rows } = await sql<OccurrenceRow>`
    SELECT o.* FROM campaign_occurrences o WHERE ${due} AND o.state = ${before.state} FOR NO KEY UPDATE SKIP LOCKED`.execute(
    tx,
  );
  return rows[0] ?? null;
}

async function later({ tx, workspaceId, now }: Work, { id }: OccurrenceRow, ms: number): Promise<LetIn> {
  await sql`
    UPDATE campaign_occurrences SET next_at = ${new Date(now.getTime() + ms)} WHERE workspace_id = ${workspaceId} AND id = ${id}`.execute(
    tx,
  );
  return nobody;
}

async function letInPage(
  deps: ArrivalDeps,
  work: Work,
  campaign: CampaignRow,
  occurrence: OccurrenceRow,
): Promise<LetIn> {
  const { tx, workspaceId, now } = work;
  const { schedule, pace } = campaign;
  // Over how many hours those come of whom nobody knows yet who they are, nobody can say.
  const rate = schedule.kind === 'segment' && pace?.kind === 'spread' ? null : ratePerHour(pace, occurrence.expected);
  const due = pageDue({ from: occurrence.paced_from ?? now, people: occurrence.paced }, rate);
  if (due > now) return later(work, occurrence, due.getTime() - now.getTime());
  if (await isFull(work, campaign.flow_id)) return later(work, occurrence, fullMs);
  const version = await campaignVersion(deps, work, campaign.flow_id);
  if (version === null) return later(work, occurrence, pausedMs);
  const page = await nextPage(work, campaign, occurrence, pageOf(rate, runSize));
  const fresh = await takeDown(work, campaign.id, occurrence.id, page.ids);
  const enrolled =
    fresh.length === 0
      ? { enrolled: 0, alreadyInFlow: 0, runs: noRuns }
      : await enroll(deps, work, { ...version, contactIds: fresh, eventId: null });
  // What was held up is not made up for: the pace counts from now on.
  const isBehind = occurrence.paced_from === null || now.getTime() - due.getTime() > behindMs;
  const from = isBehind ? now : (occurrence.paced_from ?? now);
  const paced = (isBehind ? 0 : occurrence.paced) + enrolled.enrolled;
  const next = page.more ? pageDue({ from, people: paced }, rate) : openUntil(campaign, now);
  await sql`
    UPDATE campaign_occurrences SET
      state = ${next === null ? 'finishing' : 'letting_in'}, next_at = ${next ?? now},
      cursor = ${page.more ? page.cursor : null}::uuid, change_id = coalesce(${page.change}::uuid, change_id),
      let_in = let_in + ${enrolled.enrolled}, already_in_flow = already_in_flow + ${enrolled.alreadyInFlow}, paced_from = ${from}, paced = ${paced}
    WHERE workspace_id = ${workspaceId} AND id = ${occurrence.id}`.execute(tx);
  if (enrolled.enrolled > 0) await writeFeed(work, { flowIds: [campaign.flow_id], contactIds: fresh, counts: true });
  return { runs: enrolled.runs, told: next === null };
}

/** When somebody may come again; null where nobody does. */
function openUntil({ schedule, grows_until: growsUntil }: CampaignRow, now: Date): Date | null {
  if (schedule.kind === 'segment') {
    const ends = schedule.ends_at === null ? null : new Date(schedule.ends_at);
    return ends !== null && ends <= now ? null : new Date(now.getTime() + comingMs);
  }
  return growsUntil === null || growsUntil <= now
    ? null
    : new Date(Math.min(now.getTime() + growingMs, growsUntil.getTime()));
}

/** Where a campaign's people come in: its flow's live version and the step there; null where that version has none. */
async function campaignVersion(deps: ArrivalDeps, { tx, workspaceId }: Work, flowId: string) {
  const { rows } = await sql<{ version_id: string; step: number }>`
    SELECT version_id, step FROM flow_triggers WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND kind = 'campaign' ORDER BY step LIMIT 1`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { version: await deps.versions.load({ tx, workspaceId }, row.version_id), triggerStep: row.step };
}

/** Writes down whom an occurrence is for. @returns those who were not there yet. */
async function takeDown(
  { tx, workspaceId, now }: Work,
  campaignId: string,
  occurrenceId: string,
  contactIds: readonly string[],
): Promise<string[]> {
  if (contactIds.length === 0) return [];
  const { rows } = await sql<{ contact_id: string }>`
    INSERT INTO campaign_people (workspace_id, campaign_id, occurrence_id, contact_id, at)
    SELECT ${workspaceId}::uuid, ${campaignId}::uuid, ${occurrenceId}::uuid, x, ${now}::timestamptz FROM unnest(${uuidArray(contactIds)}::uuid[]) AS x ORDER BY x
    ON CONFLICT DO NOTHING RETURNING contact_id`.execute(tx);
  return rows.map((row) => row.contact_id).sort();
}

type Page = {
  readonly ids: readonly string[];
  /** The last of those who were looked at. */
  readonly cursor: string | null;
  /** Of a segment's comings, the last that was seen. */
  readonly change: string | null;
  /** Whether others are left. */
  readonly more: boolean;
};

async function nextPage(work: Work, campaign: CampaignRow, occurrence: OccurrenceRow, most: number): Promise<Page> {
  const { schedule, audience } = campaign;
  if (schedule.kind === 'segment') return nextComings(work, campaign, occurrence, most);
  const condition = audienceCondition(audience);
  if (condition === null) return { ids: [], cursor: null, change: null, more: false };
  const scanned = await scan(work, campaign, occurrence);
  const matching = await whoMatch(work, condition, scanned);
  const ids = matching.slice(0, most);
  const more = matching.length > most || scanned.length === scanSize;
  const last = matching.length > most ? ids.at(-1) : scanned.at(-1);
  return { ids, cursor: last ?? occurrence.cursor, change: null, more };
}

/**
 * Whoever may be in the audience, behind the cursor, and did not come yet: of lists and segments alone their people are read, else everybody.
 * Each is read in the order of its key and no further than a page of it needs, however many people it has.
 */
async function scan(
  { tx, workspaceId }: Work,
  { id: campaignId, audience, grows_until: growsUntil }: CampaignRow,
  { id, cursor, highest }: OccurrenceRow,
): Promise<string[]> {
  const from = (table: string, column: string, of: RawBuilder<unknown>) => {
    const person = sql.ref(`x.${column}`);
    return sql`(SELECT ${person} AS id FROM ${sql.table(table)} x WHERE x.workspace_id = ${workspaceId} ${of}
      AND (${cursor}::uuid IS NULL OR ${person} > ${cursor}::uuid) ${growsUntil === null ? sql`AND ${person} <= ${highest}::uuid` : sql``}
      AND NOT EXISTS (SELECT 1 FROM campaign_people p WHERE p.workspace_id = ${workspaceId} AND p.campaign_id = ${campaignId} AND p.occurrence_id = ${id} AND p.contact_id = ${person})
      ORDER BY ${person} LIMIT ${scanSize})`;
  };
  const parts = sourcesOf(audience);
  const sources =
    parts === null
      ? [from('contacts', 'id', sql``)]
      : parts.map(({ table, column, id: of }) =>
          from(table, 'contact_id', sql`AND ${sql.ref(`x.${column}`)} = ${of}::uuid`),
        );
  if (sources.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM (${sql.join(sources, sql` UNION `)}) AS candidates ORDER BY id LIMIT ${scanSize}`.execute(tx);
  return rows.map((row) => row.id);
}

/** The lists and segments that all of an audience are in; null where it may be anybody. */
function sourcesOf({ include }: Audience) {
  const sources: Array<{ readonly table: string; readonly column: string; readonly id: string }> = [];
  for (const part of include) {
    if (part.kind === 'everyone' || part.kind === 'condition') return null;
    const [table, column, id] =
      part.kind === 'segment'
        ? (['segment_members', 'segment_id', readShown('segment', part.segment_id)] as const)
        : (['contact_list_members', 'list_id', readShown('list', part.list_id)] as const);
    if (id !== null) sources.push({ table, column, id });
  }
  return sources;
}

/** Of these people those who are in the audience now and can be texted, in their order. */
async function whoMatch(work: Work, condition: Condition, contactIds: readonly string[]): Promise<string[]> {
  if (contactIds.length === 0) return [];
  const { tx, workspaceId, now } = work;
  const { joins, holds } = compileCondition(condition, { workspaceId, now, whom: contactIds, withDue: false });
  const { rows } = await sql<{ id: string; holds: boolean | null }>`
    SELECT c.id, ${holds} AS holds FROM contacts c ${joins}
    WHERE c.workspace_id = ${workspaceId} AND c.id = ANY(${uuidArray(contactIds)}::uuid[]) AND c.deleted_at IS NULL AND c.phone ~ ${personNumber} ORDER BY c.id`.execute(
    tx,
  );
  const open = rows.filter((row) => row.holds === null).map(({ id }) => id);
  const records = open.length === 0 ? null : await readRecords(work, condition, open);
  return rows
    .filter((row) => {
      const record = records?.get(row.id);
      return row.holds ?? (record !== undefined && evaluate(condition, record, now).result);
    })
    .map(({ id }) => id);
}

/** Whoever came into a segment since the launch, in the order in which they did, and is left out by nothing. */
async function nextComings(
  work: Work,
  { id: campaignId, schedule, audience }: CampaignRow,
  { id: occurrenceId, change_id: after, began_at: since }: OccurrenceRow,
  most: number,
): Promise<Page> {
  const { tx, workspaceId, now } = work;
  const segmentId = schedule.kind === 'segment' ? readShown('segment', schedule.segment_id) : null;
  const { rows } = await sql<{ id: string; contact_id: string }>`
    SELECT id, contact_id FROM segment_changes
    WHERE workspace_id = ${workspaceId} AND segment_id = ${segmentId}::uuid AND (${after}::uuid IS NULL OR id > ${after}::uuid) AND at >= ${since} AND entered
      AND NOT EXISTS (SELECT 1 FROM campaign_people p WHERE p.workspace_id = ${workspaceId} AND p.campaign_id = ${campaignId} AND p.occurrence_id = ${occurrenceId} AND p.contact_id = segment_changes.contact_id)
    ORDER BY id LIMIT ${most}`.execute(tx);
  const came = rows.map((row) => row.contact_id);
  const condition = audienceCondition({ include: [{ kind: 'everyone' }], exclude: audience.exclude });
  const ids = condition === null ? [] : await whoMatch(work, condition, [...new Set(came)].sort());
  const more = rows.length === most;
  const seen = more ? (rows.at(-1)?.id ?? null) : lowestIdAt(now.getTime() - disorderMs);
  return { ids, cursor: null, change: after !== null && seen !== null && seen < after ? after : seen, more };
}
