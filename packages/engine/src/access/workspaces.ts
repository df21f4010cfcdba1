import { sql } from 'kysely';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Ids } from '../runtime/ids.ts';

const firstWorkspaceLock = 7_210_005;

/** Ids of all workspaces, the oldest first. */
export async function listWorkspaces(db: Db): Promise<string[]> {
  const rows = await db.router
    .selectFrom('workspaces')
    .select('workspace_id')
    .orderBy('created_at')
    .orderBy('workspace_id')
    .execute();
  return rows.map((row) => row.workspace_id);
}

/** The oldest workspace; on the first start there is none and it is made. Of several processes that start together one makes it. */
export async function firstWorkspace(
  deps: { readonly db: Db; readonly clock: Clock; readonly ids: Ids },
  name: string,
): Promise<{ readonly id: string; readonly created: boolean }> {
  const { db, clock, ids } = deps;
  const [known] = await listWorkspaces(db);
  if (known !== undefined) return { id: known, created: false };
  const fresh = ids.uuid();
  return inWorkspace(db, fresh, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${firstWorkspaceLock})`.execute(tx);
    const [meanwhile] = await listWorkspaces(db);
    if (meanwhile !== undefined) return { id: meanwhile, created: false };
    await tx.insertInto('workspaces').values({ workspace_id: fresh, name, created_at: clock.now() }).execute();
    return { id: fresh, created: true };
  });
}
