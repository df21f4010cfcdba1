import { sql } from 'kysely';
import { scalarArray, textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import type { Work } from '../db/work.ts';
import { writeCounts } from '../versions/counts.ts';
import type { Move, Plan } from './plan-types.ts';
import { finishPositions, returnTexts, writePath } from './positions.ts';

export type ApplyContext = Work & {
  readonly flowId: string;
  readonly runId: string;
};

/** Writes a step's moves: a fixed number of statements, however many people. Its effects are the ports'. */
export async function applyPlan(context: ApplyContext, plan: Plan): Promise<void> {
  const { tx, workspaceId, flowId, now } = context;
  await writeMoves(context, plan.moves);
  await writePath({ tx, workspaceId, now }, plan.path);
  await finishPositions({ tx, workspaceId, now }, plan.finished);
  await returnTexts({ tx, workspaceId, now }, plan.returnedTexts);
  await writeCounts({ tx, workspaceId, now }, flowId, plan.counts);
}

async function writeMoves(context: ApplyContext, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  const column = <K extends keyof Move>(key: K) => moves.map((move) => move[key]);
  await sql`
    UPDATE enrollments e SET
      state = x.state, run_id = CASE WHEN x.in_run THEN ${context.runId}::uuid END, cohort = x.cohort, step = x.step, hop = x.hop,
      event_id = x.event_id, held_event_id = x.kept_reply_id, listening = x.listening, due_at = x.due_at, due_outlet = x.due_outlet,
      arrived_outlet = x.arrived_outlet, waiting_event = x.waiting_event, waiting_message_id = x.waiting_message_id
    FROM unnest(
      ${uuidArray(column('id'))}::uuid[], ${scalarArray(column('state'))}::smallint[], ${scalarArray(column('inRun'))}::boolean[],
      ${scalarArray(column('cohort'))}::int[], ${scalarArray(column('step'))}::smallint[], ${scalarArray(column('hop'))}::int[],
      ${uuidArray(column('eventId'))}::uuid[], ${uuidArray(column('keptReplyId'))}::uuid[], ${scalarArray(column('listening'))}::boolean[],
      ${timeArray(column('dueAt'))}::timestamptz[], ${scalarArray(column('dueOutlet'))}::smallint[],
      ${scalarArray(column('arrivedOutlet'))}::smallint[], ${textArray(column('waitingEvent'))}::text[], ${uuidArray(column('waitingMessageId'))}::uuid[]
    ) AS x(id, state, in_run, cohort, step, hop, event_id, kept_reply_id, listening, due_at, due_outlet, arrived_outlet, waiting_event, waiting_message_id)
    WHERE e.workspace_id = ${context.workspaceId} AND e.id = x.id`.execute(context.tx);
}
