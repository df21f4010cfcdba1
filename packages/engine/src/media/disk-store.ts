import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FileStore, requireFileKey } from './file-store.ts';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Where files are until they are whole; no workspace is called that. */
const unfinished = 'unfinished';

/**
 * Keeps files in a folder of this machine, which every process must see as the same. A file is written in a place aside, brought to the
 * disk, and moved to its own: whoever looks sees all of it or none, also after the power failed. What a process left aside that ended while
 * it wrote is taken away with the file.
 */
export function createDiskStore(folder: string): FileStore {
  const placeOf = (key: string): string => join(folder, ...requireFileKey(key).split('/'));
  const aside = join(folder, unfinished);
  return {
    async put(key, bytes) {
      const place = placeOf(key);
      const parent = dirname(place);
      const part = join(aside, `${basename(place)}.${randomBytes(6).toString('hex')}`);
      await mkdir(parent, { recursive: true, mode: 0o700 });
      await mkdir(aside, { recursive: true, mode: 0o700 });
      try {
        await written(part, async (file) => file.writeFile(bytes));
        await rename(part, place);
        await syncFolder(parent);
      } catch (error) {
        await rm(part, { force: true });
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
      const place = placeOf(key);
      const parts = (await namesIn(aside)).filter((name) => name.startsWith(`${basename(place)}.`));
      for (const path of [place, ...parts.map((name) => join(aside, name))]) await rm(path, { force: true });
    },
  };
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
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
