import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type EndStep, endPolitely, processIdentity } from './process-identity.ts';

/** What is remembered of a started child, so that a later start can end it if this one is killed. */
export interface ChildRecord {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

/** Where started children are written down. */
export interface ChildRegistry {
  add(child: ChildRecord): void;
  remove(pid: number): void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** Opens a message channel to a Node child. */
  readonly ipc?: boolean;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly children?: ChildRegistry;
  readonly stopSteps?: readonly EndStep[];
}

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Settles once, when the process has ended and its output has been read. */
  readonly exited: Promise<ChildExit>;
  /** True once it ended. */
  readonly ended: () => boolean;
  /** The last lines it wrote, oldest first. */
  readonly lastLines: () => readonly string[];
  /** Sends the stop signals in turn until it has ended; may be called more than once. */
  readonly stop: () => Promise<ChildExit>;
}

const keptLines = 40;

function readLines(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take);
}

/**
 * Starts a child in a session of its own, so that the terminal's Ctrl-C reaches the launcher alone and the launcher
 * decides the order in which things stop.
 * @throws the system's error when the program cannot be started (ENOENT, EACCES, EPERM).
 */
export async function startChild(options: ChildOptions): Promise<RunningChild> {
  const spawnOptions: SpawnOptions = {
    detached: true,
    stdio: options.ipc === true ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  };
  const child = spawn(options.command, [...options.args], spawnOptions);
  const pid = child.pid;
  const identity = pid === undefined ? undefined : processIdentity(pid);
  // At once, so that an end asked for meanwhile finds it.
  if (pid !== undefined && identity !== undefined) options.children?.add({ name: options.name, pid, identity });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', resolve);
  });
  if (pid === undefined) throw new Error(`${options.name} started without a process id.`);

  const recent: string[] = [];
  const take = (stream: 'stdout' | 'stderr') => (line: string) => {
    recent.push(line);
    if (recent.length > keptLines) recent.shift();
    options.onLine?.(line, stream);
  };
  readLines(child.stdout, take('stdout'));
  readLines(child.stderr, take('stderr'));

  let hasEnded = false;
  child.on('error', () => undefined);
  const exited = new Promise<ChildExit>((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      hasEnded = true;
      options.children?.remove(pid);
      resolve({ code, signal });
    };
    // "close" waits for the output; a grandchild that keeps the pipe open must not hold the end back for ever.
    child.once('close', finish);
    child.once('exit', (code, signal) => setTimeout(finish, 1_000, code, signal).unref());
  });

  const send = (signal: NodeJS.Signals): void => {
    try {
      if (signal === 'SIGKILL') process.kill(-pid, signal);
      else process.kill(pid, signal);
    } catch {
      child.kill(signal);
    }
  };

  let stopping: Promise<ChildExit> | undefined;
  const stopOnce = async (): Promise<ChildExit> => {
    for (const step of options.stopSteps ?? endPolitely) {
      if (hasEnded) break;
      send(step.signal);
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, step.waitMs);
      });
      await Promise.race([exited, patience]);
      clearTimeout(timer);
    }
    return exited;
  };

  return {
    name: options.name,
    pid,
    process: child,
    exited,
    ended: () => hasEnded,
    lastLines: () => recent,
    stop: () => {
      stopping ??= stopOnce();
      return stopping;
    },
  };
}
