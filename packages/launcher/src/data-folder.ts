import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { z } from 'zod';
import type { ChildRecord, ChildRegistry } from './child-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import { processIdentity } from './process-identity.ts';
import { endInOrder } from './stop-order.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  identity: z.string(),
  startedAt: z.string(),
  port: z.int().positive().optional(),
  /** The socket on which it answers a second start; absent where nobody signs in, as to a worker. */
  control: z.string().optional(),
});

/** The start that holds a data folder. */
export type LockHolder = z.infer<typeof holderSchema>;

const childrenSchema = z.array(z.object({ name: z.string(), pid: z.int().positive(), identity: z.string() }));

export interface DataFolder {
  readonly path: string;
  /** Joins below the data folder. */
  readonly file: (...parts: string[]) => string;
  readonly children: ChildRegistry;
  /** Says where this start serves and listens, for a second start to read. */
  readonly announce: (where: { readonly port: number; readonly control?: string }) => void;
  /** Gives the folder up. Children must have ended. */
  readonly release: () => void;
}

/** Where fetched programs are kept: SIGNALBOX_CACHE, else `.signalbox/cache` in the checkout. */
export function cacheFolderPath(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.SIGNALBOX_CACHE;
  return chosen === undefined || chosen === '' ? join(repositoryRoot, '.signalbox', 'cache') : resolve(chosen);
}

/** Writes a file so that a reader sees the old or the new one, never a part. */
function replaceFile(path: string, text: string): void {
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, path);
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder and those above it. Node's own `recursive` never returns where the kernel says ENOENT, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function requireWritable(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    const probe = join(path, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe, { force: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new LocalSetupError(setupProblems.dataFolderReadOnly(path, code), { cause: error });
  }
}

/** Keeps `children.json`: who must be ended if this start is killed. */
export function childRegistry(path: string): ChildRegistry {
  const known = new Map<number, ChildRecord>();
  const save = () => {
    if (known.size === 0) rmSync(path, { force: true });
    else if (existsSync(dirname(path))) replaceFile(path, JSON.stringify([...known.values()], null, 2));
  };
  return {
    add: (child) => {
      known.set(child.pid, child);
      save();
    },
    remove: (pid) => {
      if (known.delete(pid)) save();
    },
  };
}

/** Ends the children that a killed start left behind: only those that still are the very processes it wrote down. */
export async function endRecordedChildren(path: string, log: (line: string) => void): Promise<void> {
  await endInOrder(readJson(path, childrenSchema) ?? [], (child) => {
    log(`Ended ${child.name} (process ${child.pid}), left from an earlier start.`);
  });
  rmSync(path, { force: true });
}

function isAlive(holder: LockHolder): boolean {
  return processIdentity(holder.pid) === holder.identity;
}

/** Removes the socket's folder that a killed start left in the temporary folder. */
function clearControlFolder(socket: string): void {
  const folder = dirname(socket);
  if (basename(folder).startsWith('signalbox-control-')) rmSync(folder, { recursive: true, force: true });
}

/** Takes the lock or names its living holder. A dead holder's lock is moved aside first, by one taker only. */
function takeLock(lockFile: string, mine: LockHolder): LockHolder | undefined {
  const fresh = `${lockFile}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        linkSync(fresh, lockFile);
        return undefined;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = readJson(lockFile, holderSchema);
      if (holder !== undefined && isAlive(holder)) return holder;
      const aside = `${lockFile}.stale-${process.pid}`;
      try {
        renameSync(lockFile, aside);
        const moved = readJson(aside, holderSchema);
        // Another start may have taken it between the look and the move: give it back.
        if (moved !== undefined && isAlive(moved)) linkSync(aside, lockFile);
        else if (moved?.control !== undefined) clearControlFolder(moved.control);
      } catch {
        // Someone else moved it; look again.
      }
      rmSync(aside, { force: true });
    }
    throw new Error(`The lock ${lockFile} could not be taken.`);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * Opens the data folder for this process alone and ends what a killed start left running.
 * Returns the holder instead when another start lives in it.
 * @throws LocalSetupError `data_folder_read_only`.
 */
export async function openDataFolder(options: {
  readonly path: string;
  readonly startedAt: Date;
  readonly log: (line: string) => void;
}): Promise<
  { readonly kind: 'opened'; readonly folder: DataFolder } | { readonly kind: 'held'; readonly holder: LockHolder }
> {
  const path = resolve(options.path);
  requireWritable(path);
  const lockFile = join(path, 'lock.json');
  const mine: LockHolder = {
    pid: process.pid,
    identity: processIdentity(process.pid) ?? '',
    startedAt: options.startedAt.toISOString(),
  };
  const holder = takeLock(lockFile, mine);
  if (holder !== undefined) return { kind: 'held', holder };
  const childrenFile = join(path, 'children.json');
  await endRecordedChildren(childrenFile, options.log);
  mkdirSync(join(path, 'logs'), { recursive: true });
  return {
    kind: 'opened',
    folder: {
      path,
      file: (...parts) => join(path, ...parts),
      children: childRegistry(childrenFile),
      announce: (where) => replaceFile(lockFile, JSON.stringify({ ...mine, ...where })),
      release: () => {
        if (readJson(lockFile, holderSchema)?.pid === process.pid) rmSync(lockFile, { force: true });
      },
    },
  };
}
