/**
 * Where files are kept: whole ones, by keys of ours. A disk (disk-store.ts) is one; what speaks S3 would be another file like it.
 * Keys are `<workspace>/<name>`, made by `newFileKey`.
 */
export type FileStore = {
  /** Keeps a file; there is all of it from then on, or none. Putting the same key again replaces it. */
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>;
  /** The file, whole; null where there is none. */
  readonly open: (key: string) => Promise<Uint8Array | null>;
  /** Takes it away; nothing happens where there is none. */
  readonly delete: (key: string) => Promise<void>;
};

const keyForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[0-9a-f]{48}$/;

/** A key that nobody can guess, in the workspace's own part of the store. @param random so many random bytes. */
export function newFileKey(workspaceId: string, random: (bytes: number) => Buffer): string {
  return requireFileKey(`${workspaceId}/${random(24).toString('hex')}`);
}

/** @throws Error for a key in any other form: it could lead out of the store. */
export function requireFileKey(key: string): string {
  if (!keyForm.test(key)) throw new Error('This is no key of a file.');
  return key;
}
