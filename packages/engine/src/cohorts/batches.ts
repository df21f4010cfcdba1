import type { ContactView } from '@signalbox/nodes/define/ports';
import { conditionSchema } from '@signalbox/nodes/flow/conditions';
import { evaluate } from '@signalbox/nodes/flow/evaluate-condition';
import { personNumber } from '@signalbox/nodes/text/phone-number';
import { sql } from 'kysely';
import { writeFeed } from '../db/feed.ts';
import { queueState, runState } from '../db/states.ts';
import { storedColumns } from '../db/stored-columns.ts';
import type { Scope, Work } from '../db/work.ts';
import { type ArrivalDeps, enroll } from './arrivals.ts';
import { enrollInCode } from './code-runs.ts';
import { noRuns, type RunRef, runSize } from './run-ref.ts';

export type PageResult = { readonly state: 'more' | 'full' | 'done'; readonly runs: readonly RunRef[] };

/** Most messages of a flow queued or dispatching before the next page waits (protocol 27). */
const queueAllowance = 2 * runSize;
/** Most bulk runs of a flow open before the next page waits. */
const openRunsAllowance = 4;

type BatchRow = {
  flow_id: string;
  condition: unknown;
  list_id: string | null;
  segment_id: string | null;
  contact_ids: string[] | null;
  cursor: string | null;
  highest: string | null;
  state: string;
};

/**
 * Lets in the next page of a batch: cursor, enrollments and run commit together, so a crash repeats nothing and leaves nobody out.
 * `full`: the send queue or the open runs are at their allowance, try again later.
 */
export async function letInPage(deps: ArrivalDeps, work: Work, batchId: string): Promise<PageResult> {
  const { tx, workspaceId } = work;
  const found = await sql<BatchRow>`
    SELECT flow_id, condition, list_id, segment_id, contact_ids, cursor, highest, state FROM enrollment_batches
    WHERE workspace_id = ${workspaceId} AND id = ${batchId} FOR NO KEY UPDATE SKIP LOCKED`.execute(tx);
  const batch = found.rows[0];
  if (batch === undefined || batch.state !== 'running') return { state: 'done', runs: noRuns };
  if (await isFull(work, batch.flow_id)) return { state: 'full', runs: noRuns };
  const trigger = await liveTrigger(work, batch.flow_id);
  if (trigger === null) {
    await sql`UPDATE enrollment_batches SET state = 'stopped', contact_ids = NULL WHERE workspace_id = ${workspaceId} AND id = ${batchId}`.execute(
      tx,
    );
    return { state: 'done', runs: noRuns };
  }
  const page = await nextPage(work, batch);
  const version = await deps.versions.load({ tx, workspaceId }, trigger.versionId);
  const enrolled =
    page.ids.length === 0
      ? { enrolled: 0, alreadyInFlow: 0, runs: noRuns }
      : version.workflow !== null
        ? await enrollInCode(deps, work, { version, contactIds: page.ids })
        : await enroll(deps, work, {
            version,
            triggerStep: trigger.step,
            contactIds: page.ids,
            eventId: null,
          });
  const done = page.last === null;
  await sql`
    UPDATE enrollment_batches SET cursor = coalesce(${page.last}::uuid, cursor), state = ${done ? 'done' : 'running'},
      contact_ids = CASE WHEN ${done} THEN NULL ELSE contact_ids END, enrolled = enrolled + ${enrolled.enrolled}, already_in_flow = already_in_flow + ${enrolled.alreadyInFlow},
      not_found = not_found + ${page.missing}, runs = runs + ${enrolled.runs.length}
    WHERE workspace_id = ${workspaceId} AND id = ${batchId}`.execute(tx);
  if (enrolled.enrolled > 0) await writeFeed(work, { flowIds: [batch.flow_id], contactIds: page.ids, counts: true });
  return { state: done ? 'done' : 'more', runs: enrolled.runs };
}

/** Where the API lets people into a flow: its live version and its first trigger step. Null where the flow is not live. */
export async function liveTrigger(
  work: Scope,
  flowId: string,
): Promise<{ readonly versionId: string; readonly step: number } | null> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ live_version_id: string; step: number }>`
    SELECT f.live_version_id, coalesce(min(t.step), 0)::int AS step FROM flows f
    LEFT JOIN flow_triggers t ON t.workspace_id = f.workspace_id AND t.flow_id = f.id AND t.version_id = f.live_version_id
    WHERE f.workspace_id = ${workspaceId} AND f.id = ${flowId} AND f.state IN ('live', 'paused') AND f.live_version_id IS NOT NULL
    GROUP BY f.live_version_id`.execute(tx);
  const row = rows.rows[0];
  return row === undefined ? null : { versionId: row.live_version_id, step: row.step };
}

/** Whether the queue or the open runs of a flow are at their allowance: the next page of its people waits. */
export async function isFull(work: Scope, flowId: string): Promise<boolean> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ queued: string; runs: string }>`
    SELECT
      (SELECT count(*) FROM (SELECT 1 FROM message_queue WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND state < ${sql.lit(queueState.unknown)} LIMIT ${queueAllowance}) q) AS queued,
      (SELECT count(*) FROM runs WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND lane = 'bulk' AND (state = ${sql.lit(runState.unstarted)} OR state = ${sql.lit(runState.started)})) AS runs`.execute(
    tx,
  );
  const row = rows.rows[0];
  return row !== undefined && (Number(row.queued) >= queueAllowance || Number(row.runs) >= openRunsAllowance);
}

/** Of the people whom a batch is about, those of its list or its segment, as it stands when their page is read. */
const ofList = ({ list_id: listId, segment_id: segmentId }: BatchRow) =>
  segmentId !== null
    ? sql`AND EXISTS (SELECT 1 FROM segment_members m WHERE m.workspace_id = contacts.workspace_id AND m.segment_id = ${segmentId}::uuid AND m.contact_id = contacts.id)`
    : listId === null
      ? sql``
      : sql`AND EXISTS (SELECT 1 FROM contact_list_members m WHERE m.workspace_id = contacts.workspace_id AND m.list_id = ${listId}::uuid AND m.contact_id = contacts.id)`;

type Page = { readonly ids: string[]; readonly last: string | null; readonly missing: number };

/** Short codes and names that texted us are contacts for their conversation, and nobody to text: no flow takes them. */
async function nextPage(work: Work, batch: BatchRow): Promise<Page> {
  const { tx, workspaceId, now } = work;
  if (batch.contact_ids !== null) {
    const rest = batch.contact_ids.filter((id) => batch.cursor === null || id > batch.cursor).slice(0, runSize);
    const known = await sql<{ id: string }>`
      SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${rest}::uuid[]) AND phone ~ ${personNumber} ORDER BY id`.execute(
      tx,
    );
    return {
      ids: known.rows.map((row) => row.id),
      last: rest.at(-1) ?? null,
      missing: rest.length - known.rows.length,
    };
  }
  if (batch.condition === null) {
    const rows = await sql<{ id: string }>`
      SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND id <= ${batch.highest}::uuid AND phone ~ ${personNumber}
        AND (${batch.cursor}::uuid IS NULL OR id > ${batch.cursor}::uuid) ${ofList(batch)}
      ORDER BY id LIMIT ${runSize}`.execute(tx);
    const ids = rows.rows.map((row) => row.id);
    return { ids, last: ids.at(-1) ?? null, missing: 0 };
  }
  const scanned = await scanContacts(work, batch);
  const condition = conditionSchema.parse(batch.condition);
  const matching = scanned.filter((contact) => evaluate(condition, { contact, event: null }, now).result);
  const page = matching.slice(0, runSize);
  const last = matching.length > runSize ? page.at(-1)?.id : scanned.at(-1)?.id;
  return { ids: page.map((contact) => contact.id), last: last ?? null, missing: 0 };
}

/** Contacts read for one page of a condition. Conditions are evaluated by the same code as a branch, so the two cannot disagree. */
const scanSize = 4_000;

async function scanContacts(work: Scope, batch: BatchRow): Promise<ContactView[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<ContactView>`
    SELECT id, ${storedColumns('contacts')}, attributes FROM contacts
    WHERE workspace_id = ${workspaceId} AND id <= ${batch.highest}::uuid AND phone ~ ${personNumber} AND (${batch.cursor}::uuid IS NULL OR id > ${batch.cursor}::uuid) ${ofList(batch)}
    ORDER BY id LIMIT ${scanSize}`.execute(tx);
  return rows.rows;
}
