import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { ensureOwnerPolicies, ensureRole } from './roles.ts';

const folder = new URL('./migrations/', import.meta.url);
const lockKey = 7_210_004;

/** The database holds a schema that this build does not know, or a landed migration was changed. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: 'schema_newer' | 'migration_changed';
  constructor(code: MigrationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

type Migration = { readonly number: number; readonly name: string; readonly sql: string; readonly checksum: string };

async function knownMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { number: Number(name.slice(0, 4)), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Brings the database at `ownerUrl` to this build's schema, forward only, one transaction a migration, under an advisory lock,
 * and creates or updates the two runtime roles with the given passwords. The owner needs no superuser's rights: CREATEROLE is enough.
 *
 * @throws MigrationError where the database is newer than this build, or a landed migration no longer has its checksum.
 */
export async function migrate(options: {
  readonly ownerUrl: string;
  readonly appPassword: string;
  readonly routerPassword: string;
}): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: options.ownerUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await ensureRole(client, 'signalbox_app', options.appPassword);
    await ensureRole(client, 'signalbox_router', options.routerPassword);
    await client.query('GRANT USAGE ON SCHEMA public TO signalbox_app, signalbox_router');
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await client.query('GRANT SELECT ON schema_migrations TO signalbox_app, signalbox_router');
    const known = await knownMigrations();
    const applied = await client.query<{ number: number; checksum: string }>(
      'SELECT number, checksum FROM schema_migrations ORDER BY number',
    );
    const done = new Map(applied.rows.map((row) => [row.number, row.checksum]));
    refuseUnknown(known, done);
    await ensureOwnerPolicies(client);
    const names: string[] = [];
    for (const migration of known) {
      if (done.has(migration.number)) continue;
      await client.query('BEGIN');
      await client.query(`SET LOCAL app.migrating = 'on'`);
      try {
        await client.query(migration.sql);
        await client.query('INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
          migration.number,
          migration.name,
          migration.checksum,
        ]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
      names.push(migration.name);
    }
    if (names.length > 0) await ensureOwnerPolicies(client);
    if (names.length > 0) await forgetEmptySizes(client);
    return { applied: names };
  } finally {
    await client.end();
  }
}

/**
 * An index that is made on an empty table that has pages writes down that none holds a row, and whoever plans believes so however many pages
 * follow, until the table is next analysed: of a first campaign each batch would read all that came before it. Without pages the planner
 * reckons by what rows take.
 */
async function forgetEmptySizes(client: pg.Client): Promise<void> {
  const tables = await client.query<{ name: string }>(emptyWithPages);
  for (const { name } of tables.rows) await client.query(`VACUUM ${name}`);
}

/** Tables of which the planner believes that their pages are empty. */
export const emptyWithPages = `
  SELECT c.oid::regclass::text AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpages > 0 AND c.reltuples = 0 ORDER BY 1`;

/**
 * Checks at start that the schema is one this build knows.
 *
 * @throws MigrationError as `migrate` does.
 */
export async function checkSchema(url: string): Promise<{ pending: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const known = await knownMigrations();
    const applied = await client.query<{ number: number; checksum: string }>(
      'SELECT number, checksum FROM schema_migrations',
    );
    const done = new Map(applied.rows.map((row) => [row.number, row.checksum]));
    refuseUnknown(known, done);
    return { pending: known.filter((migration) => !done.has(migration.number)).length };
  } finally {
    await client.end();
  }
}

function refuseUnknown(known: readonly Migration[], done: ReadonlyMap<number, string>): void {
  for (const [number, checksum] of done) {
    const migration = known.find((candidate) => candidate.number === number);
    if (migration === undefined) {
      throw new MigrationError(
        'schema_newer',
        `The database has migration ${number}, which this build does not know. Run the newer build.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        'migration_changed',
        `Migration ${migration.name} was changed after it had been applied. Restore it.`,
      );
    }
  }
}
