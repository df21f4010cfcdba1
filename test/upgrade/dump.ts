import { readFile } from 'node:fs/promises';
import pg from 'pg';

/*
 * A dump of a database as a build left it: the names of its migrations, then one INSERT a row. It is restored without any
 * program of PostgreSQL's: the migrations, which never change, make the schema; the rows are replayed by `pg`.
 */

const migrationsFolder = new URL('../../packages/engine/src/db/migrations/', import.meta.url);
const header = '-- migrations: ';

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function columnsOf(client: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ table: string; column: string }>(`
    SELECT c.relname AS "table", a.attname AS "column" FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname, a.attnum`);
  return new Map([...Map.groupBy(rows, (row) => row.table)].map(([table, of]) => [table, of.map((row) => row.column)]));
}

/** Writes down everything in a database, at one moment, while it may be in use. */
export function writeDump(ownerUrl: string): Promise<string> {
  return connected(ownerUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: migrations } = await client.query<{ name: string }>(
      'SELECT name FROM schema_migrations ORDER BY number',
    );
    const lines = [`${header}${migrations.map((row) => row.name).join(', ')}`];
    for (const [table, columns] of await columnsOf(client)) {
      const names = columns.map((column) => pg.escapeIdentifier(column));
      const values = names.map((name) => `quote_nullable(${name}::text)`).join(` || ', ' || `);
      const { rows } = await client.query<{ row: string }>(
        `SELECT ${values} AS row FROM ${pg.escapeIdentifier(table)} ORDER BY 1`,
      );
      const insert = `INSERT INTO ${pg.escapeIdentifier(table)} (${names.join(', ')}) OVERRIDING SYSTEM VALUE VALUES`;
      for (const { row } of rows) lines.push(`${insert} (${row});`);
    }
    const { rows: sequences } = await client.query<{ name: string; last: string }>(
      `SELECT schemaname || '.' || sequencename AS name, last_value AS last FROM pg_sequences WHERE last_value IS NOT NULL`,
    );
    for (const { name, last } of sequences) lines.push(`SELECT setval('${name}', ${last});`);
    return `${lines.join('\n')}\n`;
  });
}

/** Fills an empty database with what a dump holds. The roles of the cluster are there already. */
export function restoreDump(ownerUrl: string, dump: string): Promise<void> {
  return connected(ownerUrl, async (client) => {
    const first = dump.slice(0, dump.indexOf('\n'));
    if (!first.startsWith(header)) throw new Error('A dump begins with the names of its migrations.');
    await client.query('GRANT USAGE ON SCHEMA public TO signalbox_app, signalbox_router');
    await client.query(
      'CREATE TABLE schema_migrations (number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await client.query('GRANT SELECT ON schema_migrations TO signalbox_app, signalbox_router');
    for (const name of first.slice(header.length).split(', '))
      await client.query(await readFile(new URL(name, migrationsFolder), 'utf8'));
    // What the migrations themselves put in is in the dump as well; references are whole already, triggers have run.
    await client.query('SET session_replication_role = replica');
    for (const table of (await columnsOf(client)).keys())
      await client.query(`DELETE FROM ${pg.escapeIdentifier(table)}`);
    await client.query(dump);
  });
}
