import type { StoredContact } from '@signalbox/nodes/define/contact-fields';
import type { ContactView } from '@signalbox/nodes/define/ports';
import type { Condition } from '@signalbox/nodes/flow/conditions';
import { sql } from 'kysely';
import { storedColumns } from '../db/stored-columns.ts';
import type { Work } from '../db/work.ts';
import { compileCondition } from '../segments/compile.ts';

/** People of an audience, drawn at random where they are more than `most`; the same ones whenever it is asked. */
export async function drawPeople(work: Work, condition: Condition, most: number): Promise<ContactView[]> {
  const { tx, workspaceId, now } = work;
  const { joins, holds } = compileCondition(condition, { workspaceId, now, whom: null, withDue: false });
  const { rows } = await sql<StoredContact & Pick<ContactView, 'id' | 'attributes'>>`
    WITH drawn AS MATERIALIZED (
      SELECT c.id FROM contacts c ${joins} WHERE c.workspace_id = ${workspaceId} AND c.deleted_at IS NULL AND ${holds}
      ORDER BY hashtextextended(c.id::text, 7), c.id LIMIT ${most}
    )
    SELECT c.id, ${storedColumns('c')}, c.attributes FROM drawn JOIN contacts c ON c.workspace_id = ${workspaceId} AND c.id = drawn.id ORDER BY c.id`.execute(
    tx,
  );
  return rows;
}
