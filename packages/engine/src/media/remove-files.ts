import { sql } from 'kysely';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FileStore } from './file-store.ts';

/** Longer than a fetch or an upload takes: whoever is at it when its row goes would put the file back. */
const restMs = 10 * 60_000;
const page = 100;

/**
 * Takes files out of the store that belong to nothing any more. A file goes before its row here, so that one that stays is found again.
 * One that cannot be taken out is tried later and keeps no other one.
 *
 * @returns how many were looked at.
 * @throws AggregateError what the store threw, once the others are gone.
 */
export async function removeFiles(
  deps: { readonly db: Db; readonly clock: Clock; readonly files: FileStore },
  workspaceId: string,
): Promise<number> {
  const now = deps.clock.now();
  const later = new Date(now.getTime() + restMs);
  const failures: unknown[] = [];
  const looked = await inWorkspace(deps.db, workspaceId, async (tx) => {
    failures.length = 0;
    await sql`
      UPDATE media_removals SET due_at = ${later} WHERE workspace_id = ${workspaceId} AND due_at IS NULL`.execute(tx);
    const { rows } = await sql<{ storage_key: string; is_used: boolean }>`
      SELECT storage_key, EXISTS (SELECT FROM media m WHERE m.workspace_id = ${workspaceId} AND m.storage_key = r.storage_key) AS is_used
      FROM media_removals r WHERE workspace_id = ${workspaceId} AND due_at <= ${now} ORDER BY due_at LIMIT ${page} FOR UPDATE SKIP LOCKED`.execute(
      tx,
    );
    for (const { storage_key: key, is_used: isUsed } of rows) {
      try {
        if (!isUsed) await deps.files.delete(key);
      } catch (error) {
        failures.push(error);
        await sql`UPDATE media_removals SET due_at = ${later} WHERE workspace_id = ${workspaceId} AND storage_key = ${key}`.execute(
          tx,
        );
        continue;
      }
      await sql`DELETE FROM media_removals WHERE workspace_id = ${workspaceId} AND storage_key = ${key}`.execute(tx);
    }
    return rows.length;
  });
  if (failures.length > 0) throw new AggregateError(failures, 'Files could not be taken out of the store.');
  return looked;
}
