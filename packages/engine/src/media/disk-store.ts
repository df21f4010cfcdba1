import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FileStore, requireFileKey } from './file-store.ts';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * Keeps files in a folder of this machine, which every process must see as the same. A file is written beside its place, brought to the
 * disk, and moved there: whoever looks sees all of it or none, also after the power failed.
 */
export function createDiskStore(folder: string): FileStore {
  const placeOf = (key: string): string => join(folder, ...requireFileKey(key).split('/'));
  return {
    async put(key, bytes) {
      const place = placeOf(key);
      const parent = dirname(place);
      const aside = `${place}.${randomBytes(6).toString('hex')}.part`;
      await mkdir(parent, { recursive: true, mode: 0o700 });
      try {
        await written(aside, async (file) => file.writeFile(bytes));
        await rename(aside, place);
        await syncFolder(parent);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
    },
    async open(key) {
      try {
        return await readFile(placeOf(key));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async delete(key) {
      await rm(placeOf(key), { force: true });
    },
  };
}

type File = Awaited<ReturnType<typeof open>>;

async function written(path: string, write: (file: File) => Promise<unknown>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings the name to the disk as well. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
