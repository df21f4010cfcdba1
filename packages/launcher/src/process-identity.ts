import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * Says which process a pid stands for: its start moment, which a later process with the same pid cannot share.
 * Undefined when there is no such process, or only its remains (a zombie).
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform !== 'linux') return ps(pid, 'lstart');
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command in parentheses may hold spaces and parentheses, so fields are counted from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return `${bootId()}:${startTicks}`;
}

/** The command line of a living process, words separated by spaces. */
export function processCommand(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return undefined;
  }
}

/** One rung of an orderly end: the signal, and how long it may take before the next one is sent. */
export interface EndStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** SIGTERM, and SIGKILL for what does not listen. */
export const endPolitely: readonly EndStep[] = [
  { signal: 'SIGTERM', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
];

/**
 * Ends one process that is not a child of ours, by pid, and only while it still is the process of that identity.
 * Returns false when it lives on (no right to end it).
 */
export async function endProcess(
  pid: number,
  identity: string,
  steps: readonly EndStep[] = endPolitely,
): Promise<boolean> {
  for (const step of steps) {
    if (processIdentity(pid) !== identity) return true;
    try {
      process.kill(pid, step.signal);
    } catch {
      return processIdentity(pid) !== identity;
    }
    const attempts = Math.ceil(step.waitMs / 25);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (processIdentity(pid) !== identity) return true;
      await delay(25);
    }
  }
  return processIdentity(pid) !== identity;
}
