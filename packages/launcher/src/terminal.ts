import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalSetupError } from './local-setup-error.ts';
import { terminalTexts } from './messages.ts';

/** What the person sees. Times come from a clock in milliseconds. */
export interface Terminal {
  readonly say: (line: string) => void;
  /** Runs a step; shows its name and how long it took once it is done. */
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly done: (name: string, startedAt: number) => void;
  readonly problem: (error: LocalSetupError) => void;
}

/** Reasons that come after something ran. */
const endedEarly: ReadonlySet<string> = new Set(['child_ended', 'given_up']);

/** 830 → "0.8 s". */
function seconds(milliseconds: number): string {
  return `${new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(milliseconds / 1_000)} s`;
}

export function openTerminal(write: (text: string) => void, now: () => number): Terminal {
  const say = (line: string) => write(`${line}\n`);
  const done = (name: string, startedAt: number) =>
    say(`  ${name.padEnd(34)} ${seconds(now() - startedAt).padStart(7)}`);
  return {
    say,
    done,
    step: async (name, work) => {
      const startedAt = now();
      const result = await work();
      done(name, startedAt);
      return result;
    },
    problem: (error) => {
      say('');
      say(endedEarly.has(error.code) ? terminalTexts.endedEarly : terminalTexts.cannotStart);
      say(`  ${error.problem}`);
      say(`  ${error.remedy}`);
    },
  };
}

const logLimitBytes = 10 * 1_024 * 1_024;

/** Opens the log of one child in the data folder; the last start's log is kept beside it when it has grown large. */
export function openLog(folder: string, name: string): (line: string) => void {
  const path = join(folder, 'logs', `${name.replaceAll(' ', '-')}.log`);
  if (existsSync(path) && statSync(path).size > logLimitBytes) renameSync(path, `${path}.1`);
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  stream.on('error', () => undefined);
  return (line) => {
    stream.write(`${line}\n`);
  };
}
