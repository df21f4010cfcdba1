import { sql } from 'kysely';
import { type Db, readWorkspace } from '../db/database.ts';
import { type FormRow, readFormOf } from './store.ts';

export type FoundForm = { readonly workspaceId: string; readonly form: FormRow };

/** Stands for the workspace of a code that nobody made: it is looked for all the same, so that the time says nothing. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** The form at an address, of whichever workspace; null where there is none. */
export async function findForm(db: Db, code: string): Promise<FoundForm | null> {
  const { rows } = await sql<{
    workspace_id: string;
  }>`SELECT workspace_id FROM sign_up_forms WHERE code = ${code}`.execute(db.router);
  const workspaceId = rows[0]?.workspace_id ?? nobody;
  const form = await readWorkspace(db, workspaceId, (tx) => readFormOf({ tx, workspaceId }, code));
  return form === null ? null : { workspaceId, form };
}
