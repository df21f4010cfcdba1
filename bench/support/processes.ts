import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

export type StartedProcess = {
  readonly pid: number;
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Without a chance to finish anything; resolves once it is gone. */
  readonly kill: () => Promise<void>;
};

const readyLine = z.object({ ready: z.literal(true), url: z.string() });

/** Runs a TypeScript file of the project under this Node and waits for its `{"ready":true,"url":…}` line. */
export function startProcess(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<StartedProcess> {
  const profile = process.env['BENCH_CPU_PROFILE'];
  const flags = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...flags, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', process.env['BENCH_LOG'] === undefined ? 'ignore' : 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (process.env['BENCH_LOG'] !== undefined) console.error(line);
      const parsed = readyLine.safeParse(toJson(line));
      if (parsed.success)
        resolve({
          pid: child.pid ?? 0,
          url: parsed.data.url,
          stop: () => stop(child),
          kill: () => stop(child, 'SIGKILL'),
        });
    });
  });
}

function toJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function stop(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill(signal);
  });
}

/** CPU seconds that a process and all its descendants, ended children included, have used (Linux). */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = 100;
  return tree(pids).reduce((sum, pid) => sum + (stat(pid)?.ticks ?? 0), 0) / ticks;
}

/** Peak resident memory of the processes themselves, in MB (Linux). */
export function peakMegabytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return sum + Number(line?.[1] ?? 0) / 1_024;
  }, 0);
}

function stat(pid: number): { readonly parent: number; readonly ticks: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const at = (index: number): number => Number(fields[index]);
    return { parent: at(1), ticks: at(11) + at(12) + at(13) + at(14) };
  } catch {
    return null;
  }
}

function tree(roots: readonly number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const known = Number.isInteger(pid) ? stat(pid) : null;
    if (known !== null) parents.set(pid, known.parent);
  }
  const inside = new Set(roots);
  for (let size = 0; size !== inside.size; ) {
    size = inside.size;
    for (const [pid, parent] of parents) if (inside.has(parent)) inside.add(pid);
  }
  return [...inside];
}
