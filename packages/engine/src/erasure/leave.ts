import { sql } from 'kysely';
import { endEnrollments } from '../cohorts/end-enrollments.ts';
import { uuidArray } from '../db/array-literals.ts';
import { queueState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import type { InboundDeps } from '../inbound/inbound-deps.ts';

const reason = { code: 'contact_deleted' } as const;

/** What came of it: flows that were left, and code runs to be woken after the commit. */
export type Left = { readonly flowIds: readonly string[]; readonly wake: readonly string[] };

/**
 * Takes people out of every flow and what waits for them out of the queue; no answer of theirs is waited for any more. The contacts must be
 * locked. A fixed number of statements for each version of a flow, however many people.
 */
export async function leaveEverything(
  deps: Pick<InboundDeps, 'versions'>,
  work: Work,
  contactIds: readonly string[],
): Promise<Left> {
  const { tx, workspaceId } = work;
  const ids = uuidArray(contactIds);
  const { rows } = await sql<{
    id: string;
    flow_id: string;
    version_id: string;
    hop: number;
    step: number;
    event_id: string | null;
  }>`
    SELECT id, flow_id, version_id, hop, step, event_id FROM enrollments
    WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  const enrollments = rows.map(({ id, flow_id, version_id, hop, step, event_id }) => ({
    id,
    flowId: flow_id,
    versionId: version_id,
    hop,
    step,
    eventId: event_id,
  }));
  const { wake } = await endEnrollments(deps, work, enrollments, 'stopped', reason);
  await sql`
    WITH canceled AS (
      DELETE FROM message_queue q USING messages m
      WHERE m.workspace_id = ${workspaceId} AND m.contact_id = ANY(${ids}::uuid[]) AND m.direction = 'out' AND m.state = 'queued'
        AND q.workspace_id = m.workspace_id AND q.message_id = m.id AND q.state = ${sql.lit(queueState.ready)}
      RETURNING q.message_id
    )
    UPDATE messages SET state = 'canceled', reason = ${JSON.stringify(reason)}::jsonb
    WHERE workspace_id = ${workspaceId} AND id IN (SELECT message_id FROM canceled)`.execute(tx);
  // Ending somebody gives back a reply that was kept for them, to be routed on.
  await sql`
    DELETE FROM released_texts r USING messages m
    WHERE m.workspace_id = ${workspaceId} AND m.contact_id = ANY(${ids}::uuid[]) AND m.direction = 'in'
      AND r.workspace_id = m.workspace_id AND r.message_id = m.id`.execute(tx);
  return { flowIds: [...new Set(rows.map((row) => row.flow_id))], wake };
}
