import type { Scalar } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import { recordConsent } from '../consent/store.ts';
import { scalarArray, textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import type { WorkspaceTx } from '../db/database.ts';
import type { Ids } from '../runtime/ids.ts';
import { queueMessages } from '../sending/queue.ts';
import { writeCounts } from '../versions/counts.ts';
import type { Collected } from './collecting-ports.ts';
import type { Move, Plan } from './plan.ts';
import { finishPositions, releaseTexts, writePath } from './positions.ts';

export type ApplyContext = {
  readonly tx: WorkspaceTx;
  readonly workspaceId: string;
  readonly flowId: string;
  readonly runId: string;
  readonly now: Date;
  readonly ids: Ids;
};

/** Writes a step's effects and moves: a fixed number of statements, however many people. */
export async function applyPlan(context: ApplyContext, plan: Plan, collected: Collected): Promise<void> {
  const { tx, workspaceId, flowId, now } = context;
  await writeProfiles(context, collected);
  await recordConsent(
    { tx, workspaceId, now },
    collected.consents.map(({ row, purpose, wording }) => ({
      id: context.ids.uuid(),
      contactId: row.contact.id,
      purpose,
      action: 'granted',
      method: 'flow',
      wording,
      sourceMessageId: row.event?.type === 'message.received' ? row.event.id : null,
      flowId,
      enrollmentId: row.id,
      hop: row.hop,
    })),
  );
  await queueMessages(
    { tx, workspaceId, now },
    { flowId, ...(collected.senders === null ? {} : { senders: collected.senders }) },
    [...collected.messages.values()].map(({ id, row, draft, notBefore }) => ({
      id,
      contactId: row.contact.id,
      number: row.contact.phone,
      preferredSender: row.eventSender,
      enrollmentId: row.id,
      hop: row.hop,
      draft,
      notBefore,
      exemption: null,
    })),
  );
  await writeMoves(context, plan.moves);
  await writePath({ tx, workspaceId, now }, plan.path);
  await finishPositions({ tx, workspaceId, now }, plan.finished);
  await releaseTexts({ tx, workspaceId, now }, plan.released);
  await writeCounts({ tx, workspaceId }, flowId, plan.counts);
}

async function writeMoves(context: ApplyContext, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  const column = <K extends keyof Move>(key: K) => moves.map((move) => move[key]);
  await sql`
    UPDATE enrollments e SET
      state = x.state, run_id = CASE WHEN x.in_run THEN ${context.runId}::uuid END, cohort = x.cohort, step = x.step, hop = x.hop,
      event_id = x.event_id, held_event_id = x.held_event_id, listening = x.listening, due_at = x.due_at, due_outlet = x.due_outlet,
      arrived_outlet = x.arrived_outlet, waiting_event = x.waiting_event, waiting_message_id = x.waiting_message_id
    FROM unnest(
      ${uuidArray(column('id'))}::uuid[], ${scalarArray(column('state'))}::smallint[], ${scalarArray(column('inRun'))}::boolean[],
      ${scalarArray(column('cohort'))}::int[], ${scalarArray(column('step'))}::smallint[], ${scalarArray(column('hop'))}::int[],
      ${uuidArray(column('eventId'))}::uuid[], ${uuidArray(column('heldEventId'))}::uuid[], ${scalarArray(column('listening'))}::boolean[],
      ${timeArray(column('dueAt'))}::timestamptz[], ${scalarArray(column('dueOutlet'))}::smallint[],
      ${scalarArray(column('arrivedOutlet'))}::smallint[], ${textArray(column('waitingEvent'))}::text[], ${uuidArray(column('waitingMessageId'))}::uuid[]
    ) AS x(id, state, in_run, cohort, step, hop, event_id, held_event_id, listening, due_at, due_outlet, arrived_outlet, waiting_event, waiting_message_id)
    WHERE e.workspace_id = ${context.workspaceId} AND e.id = x.id`.execute(context.tx);
}

const builtIn = new Set(['first_name', 'last_name', 'email', 'time_zone', 'engagement_score']);

async function writeProfiles(context: ApplyContext, collected: Collected): Promise<void> {
  if (collected.profile.size === 0) return;
  const patches = [...collected.profile.values()].map(({ row, fields }) => ({
    id: row.contact.id,
    patch: JSON.stringify(toPatch(fields)),
  }));
  await sql`
    UPDATE contacts c SET
      first_name = CASE WHEN x.p ? 'first_name' THEN x.p->>'first_name' ELSE c.first_name END,
      last_name = CASE WHEN x.p ? 'last_name' THEN x.p->>'last_name' ELSE c.last_name END,
      email = CASE WHEN x.p ? 'email' THEN x.p->>'email' ELSE c.email END,
      time_zone = CASE WHEN x.p ? 'time_zone' THEN x.p->>'time_zone' ELSE c.time_zone END,
      engagement_score = CASE WHEN x.p ? 'engagement_score' THEN (x.p->>'engagement_score')::float8 ELSE c.engagement_score END,
      attributes = CASE WHEN x.p ? 'attributes' THEN jsonb_strip_nulls(c.attributes || (x.p->'attributes')) ELSE c.attributes END,
      revision = c.revision + 1, updated_at = ${context.now}
    FROM (
      SELECT id, patch::jsonb AS p FROM unnest(${patches.map((entry) => entry.id)}::uuid[], ${patches.map((entry) => entry.patch)}::text[]) AS u(id, patch)
    ) AS x
    WHERE c.workspace_id = ${context.workspaceId} AND c.id = x.id`.execute(context.tx);
}

function toPatch(fields: ReadonlyMap<string, Scalar>): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  const attributes: Record<string, Scalar> = {};
  for (const [field, value] of fields) {
    if (builtIn.has(field)) patch[field] = value;
    else attributes[field.replace(/^attributes\./, '')] = value;
  }
  return Object.keys(attributes).length === 0 ? patch : { ...patch, attributes };
}
