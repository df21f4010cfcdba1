import { createHash } from 'node:crypto';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import { ProblemError } from '../http/problems.ts';
import type { Clock } from '../runtime/clock.ts';
import { type FileKind, fileKind, uploadTypes } from './file-kinds.ts';
import { type FileStore, newFileKey } from './file-store.ts';

export type UploadDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly files: FileStore;
  readonly randomBytes: (bytes: number) => Buffer;
};

/** A file that is in the store and belongs to nothing yet. */
export type Uploaded = {
  readonly key: string;
  readonly kind: FileKind;
  readonly bytes: number;
  readonly sha256: Buffer;
};

/** After this long a file that was uploaded belongs to nothing for good. */
const lateMs = 3_600_000;

/**
 * Puts a file into the store. That it is to be taken away again is written down first: whoever ends before the file has its row leaves
 * nothing that stays.
 *
 * @throws ProblemError `media_type` for what is no picture of a kind that goes out.
 */
export async function putUpload(
  { db, clock, files, randomBytes }: UploadDeps,
  workspaceId: string,
  bytes: Uint8Array,
): Promise<Uploaded> {
  const kind = fileKind(bytes);
  if (kind === null || !uploadTypes.some((type) => type === kind.type)) throw new ProblemError('media_type');
  const key = newFileKey(workspaceId, randomBytes);
  const due = new Date(clock.now().getTime() + lateMs);
  await inWorkspace(db, workspaceId, (tx) =>
    tx.insertInto('media_removals').values({ workspace_id: workspaceId, storage_key: key, due_at: due }).execute(),
  );
  await files.put(key, bytes);
  return { key, kind, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest() };
}

/** Gives a file its row: from now on it stays. */
export async function keepUpload({ tx, workspaceId, now }: Work, id: string, uploaded: Uploaded): Promise<void> {
  const { key, kind, bytes, sha256 } = uploaded;
  const { numDeletedRows } = await tx
    .deleteFrom('media_removals')
    .where('workspace_id', '=', workspaceId)
    .where('storage_key', '=', key)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new Error('The file was taken away before it had a row.');
  await tx
    .insertInto('media')
    .values({
      workspace_id: workspaceId,
      id,
      direction: 'out',
      state: 'stored',
      content_type: kind.type,
      bytes,
      sha256,
      width: kind.size?.width ?? null,
      height: kind.size?.height ?? null,
      storage_key: key,
      next_at: now,
      created_at: now,
    })
    .execute();
}
