import { sql } from 'kysely';
import { type ArrivalDeps, arrive } from '../cohorts/arrivals.ts';
import { noRuns } from '../cohorts/run-ref.ts';
import { positionState, queueState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Routed, RoutedText } from './routed-text.ts';

/** Someone's enrollment that this text could answer, with the time of its anchor. */
export type WaitingEnrollment = {
  readonly id: string;
  readonly flowId: string;
  readonly versionId: string;
  readonly runId: string | null;
  readonly cohort: number;
  readonly hop: number;
  readonly step: number;
  readonly arrivedOutlet: number | null;
  /** Parked on a reply; otherwise it listens while its message is on the way. */
  readonly parked: boolean;
  /** The text is the rest of the answer that the person gave to the question before, and no answer to this one. */
  readonly joinsEarlier: boolean;
};

/** Texts this close together are one answer … */
const oneAnswerMs = 3_000;
/** … unless the next question was there for this long: nobody reads and answers faster. */
const readMs = 1_000;

/**
 * The person's enrollments that wait or listen for a reply and that this text answers, best first (protocol 18): texted at the
 * sender of the anchor, which is the enrollment's last message that reached dispatching; without one, any sender counts.
 * Latest anchor first, ties by higher id. Locks all the person's enrollments in id order.
 *
 * A text within 3 s of the one that answered the question before, and within 1 s of the next question's acceptance, is the rest of that
 * answer: nobody has read the next question yet. A lone text counts however quick it is.
 */
export async function waitingEnrollments(
  work: Scope,
  text: Pick<RoutedText, 'contactId' | 'to' | 'id'> & { readonly at: Date },
): Promise<WaitingEnrollment[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<{
    id: string;
    flow_id: string;
    version_id: string;
    run_id: string | null;
    cohort: number;
    hop: number;
    step: number;
    state: number;
    arrived_outlet: number | null;
    waiting_event: string | null;
    listening: boolean;
    kept_reply_id: string | null;
  }>`
    SELECT id, flow_id, version_id, run_id, cohort, hop, step, state, arrived_outlet, waiting_event, listening, held_event_id AS kept_reply_id
    FROM enrollments WHERE workspace_id = ${workspaceId} AND contact_id = ${text.contactId} ORDER BY id FOR NO KEY UPDATE`.execute(
    tx,
  );
  const open = rows.rows.filter(
    (row) =>
      (row.state === positionState.parked && row.waiting_event === 'message.received') ||
      (row.listening && row.kept_reply_id === null),
  );
  if (open.length === 0) return [];
  const anchors = await sql<{
    enrollment_id: string;
    id: string;
    sender: string;
    accepted_at: Date | null;
    answered: boolean | null;
    asked_since: boolean | null;
  }>`
    SELECT DISTINCT ON (m.enrollment_id) m.enrollment_id, m.id, m.sender, m.accepted_at, last.consumed_by = m.enrollment_id AS answered,
      m.id > last.id AS asked_since FROM messages m
    LEFT JOIN LATERAL (
      SELECT p.id, p.consumed_by, p.created_at FROM messages p
      WHERE p.workspace_id = ${workspaceId} AND p.contact_id = ${text.contactId} AND p.direction = 'in' AND p.id < ${text.id}
      ORDER BY p.id DESC LIMIT 1
    ) last ON last.created_at >= ${new Date(text.at.getTime() - oneAnswerMs)}
    WHERE m.workspace_id = ${workspaceId} AND m.enrollment_id = ANY(${open.map((row) => row.id)}::uuid[]) AND m.direction = 'out'
      AND m.state NOT IN ('refused', 'canceled', 'expired')
      AND NOT EXISTS (SELECT 1 FROM message_queue q WHERE q.workspace_id = m.workspace_id AND q.message_id = m.id AND q.state = ${sql.lit(queueState.ready)})
    ORDER BY m.enrollment_id, m.hop DESC`.execute(tx);
  const anchorOf = new Map(anchors.rows.map((anchor) => [anchor.enrollment_id, anchor]));
  return open
    .map((row) => ({
      row,
      anchor: anchorOf.get(row.id),
      parked: row.state === positionState.parked && row.waiting_event === 'message.received',
    }))
    .filter(({ anchor, parked }) => (anchor === undefined ? parked : anchor.sender === text.to))
    .sort((a, b) => compare(b.anchor?.id ?? '', a.anchor?.id ?? '') || compare(b.row.id, a.row.id))
    .map(({ row, anchor, parked }) => ({
      id: row.id,
      flowId: row.flow_id,
      versionId: row.version_id,
      runId: row.run_id,
      cohort: row.cohort,
      hop: row.hop,
      step: row.step,
      arrivedOutlet: row.arrived_outlet,
      parked,
      // On the way with an older question as its anchor: the next one is not even sent.
      joinsEarlier:
        anchor?.answered === true &&
        (isUnread(anchor.accepted_at, text.at) || (!parked && anchor.asked_since !== true)),
    }));
}

function isUnread(acceptedAt: Date | null, at: Date): boolean {
  return acceptedAt === null || at.getTime() - acceptedAt.getTime() <= readMs;
}

/**
 * Gives the reply to the best waiting enrollment: takes a parked one out, sets it aside for a listening one. The rest of an earlier
 * answer moves nobody.
 */
export async function giveReply(
  deps: ArrivalDeps,
  work: Work,
  text: { readonly id: string },
  waiting: readonly WaitingEnrollment[],
): Promise<Routed | null> {
  const { tx, workspaceId } = work;
  const best = waiting[0];
  if (best === undefined) return null;
  const routed = {
    handledBy: 'reply',
    consumedBy: best.id,
    review: false,
    queued: false,
    flowIds: [best.flowId],
  } as const;
  if (best.joinsEarlier) return { ...routed, flowIds: [], runs: noRuns, wake: [] };
  if (!best.parked) {
    await sql`UPDATE enrollments SET held_event_id = ${text.id} WHERE workspace_id = ${workspaceId} AND id = ${best.id}`.execute(
      tx,
    );
    return { ...routed, runs: noRuns, wake: [] };
  }
  const arrived = await arrive(deps, work, [
    {
      id: best.id,
      versionId: best.versionId,
      hop: best.hop,
      step: best.step,
      outlet: best.arrivedOutlet ?? 0,
      eventId: text.id,
      reason: { code: 'replied' },
      codeRun: best.runId === null ? null : { runId: best.runId, cohort: best.cohort },
    },
  ]);
  return { ...routed, ...arrived };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
