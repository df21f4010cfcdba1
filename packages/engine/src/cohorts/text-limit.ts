import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { type CohortRow, hourMs } from './cohort-rows.ts';

/** Texts of one flow that one person may get within an hour. More is never meant: a flow going in circles, or two machines answering each other. */
export const mostTextsAnHour = 20;

/**
 * True for someone who may have had that many: who came through as many steps, whom an event of their own brought here, an answer or one
 * over the API, or who was in the flow before within the hour. Nobody else is counted for: a campaign to people who are new to its flow
 * asks nothing.
 */
export function mayHaveManyTexts(row: CohortRow): boolean {
  return row.hop >= mostTextsAnHour || row.event !== null || row.cameAgain;
}

/** Who of these contacts had as many texts of the flow within the last hour as anybody may, in the order asked. */
export async function hadManyTexts(work: Work, flowId: string, contactIds: readonly string[]): Promise<boolean[]> {
  const { tx, workspaceId, now } = work;
  const since = new Date(now.getTime() - hourMs);
  // Ids of messages begin with their time: of somebody's long history only the last hour is read.
  const first = `${since.getTime().toString(16).padStart(12, '0')}00000000000000000000`.replace(
    /^(.{8})(.{4})(.{4})(.{4})/,
    '$1-$2-$3-$4-',
  );
  const rows = await sql<{ contact_id: string }>`
    SELECT x.contact_id FROM unnest(${[...new Set(contactIds)]}::uuid[]) AS x(contact_id)
    WHERE (
      SELECT count(*) FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = x.contact_id AND m.id >= ${first}::uuid
        AND m.direction = 'out' AND m.flow_id = ${flowId} AND m.created_at > ${since} AND m.state NOT IN ('refused', 'canceled', 'expired')
    ) >= ${mostTextsAnHour}`.execute(tx);
  const over = new Set(rows.rows.map((row) => row.contact_id));
  return contactIds.map((id) => over.has(id));
}
