import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inWorkspace, openDb } from '@signalbox/engine/db/database';
import { migrate } from '@signalbox/engine/db/migrate';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { cloneDatabase, dropDatabase, withRole } from '../support/cluster.ts';
import { testPasswords } from '../support/global-setup.ts';
import { postgresTools } from '../support/postgres-tools.ts';
import { restoreDump } from '../upgrade/dump.ts';

/** An owner as managed PostgreSQL gives one: it may make roles and databases, and is no superuser. */
const role = `managed_${randomBytes(4).toString('hex')}`;
const passwords = { appPassword: testPasswords.app, routerPassword: testPasswords.router };

const databases: string[] = [];

async function asAdmin<T extends pg.QueryResultRow>(url: string, ...statements: string[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) rows = (await client.query<T>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

beforeEach(async () => {
  await asAdmin(
    inject('cluster').adminUrl,
    `CREATE ROLE ${role} LOGIN CREATEROLE CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD 'managed'`,
    // As if it had made them itself: roles belong to the whole server, and the other tests use them too.
    `GRANT signalbox_app, signalbox_router TO ${role} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE`,
  );
});
afterEach(async () => {
  for (const name of databases.splice(0)) await dropDatabase(inject('cluster'), name);
  await asAdmin(inject('cluster').adminUrl, `DROP OWNED BY ${role} CASCADE`, `DROP ROLE ${role}`);
});

/** An empty database that the managed owner owns; its address as a superuser and as that owner. */
async function emptyDatabase(): Promise<{ adminUrl: string; ownerUrl: string }> {
  const name = `managed_${randomBytes(6).toString('hex')}`;
  databases.push(name);
  const adminUrl = await cloneDatabase(inject('cluster'), name, 'template0');
  await asAdmin(adminUrl, `ALTER DATABASE ${name} OWNER TO ${role}`);
  return { adminUrl, ownerUrl: withRole(adminUrl, role, 'managed') };
}

/** Every row of every table, and every policy, as text. */
async function contents(adminUrl: string): Promise<Record<string, unknown[]>> {
  const tables = await asAdmin<{ name: string }>(
    adminUrl,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  );
  const all: Record<string, unknown[]> = {};
  for (const { name } of tables)
    all[name] = await asAdmin(adminUrl, `SELECT t::text AS row FROM ${pg.escapeIdentifier(name)} t ORDER BY 1`);
  all.policies = await asAdmin(
    adminUrl,
    `SELECT polrelid::regclass::text AS table, polname, pg_get_expr(polqual, polrelid) AS using FROM pg_policy ORDER BY 1, 2`,
  );
  return all;
}

const dumped = gunzipSync(readFileSync(new URL('../upgrade/7d4debf.sql.gz', import.meta.url))).toString('utf8');

/** A database as an earlier build left it, whose tables the managed owner owns. */
async function earlierDatabase(): Promise<{ adminUrl: string; ownerUrl: string }> {
  const database = await emptyDatabase();
  await restoreDump(database.adminUrl, dumped);
  await asAdmin(
    database.adminUrl,
    `DO $$ DECLARE t record; BEGIN
       FOR t IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
       LOOP EXECUTE format('ALTER TABLE %s OWNER TO ${role}', t.name); END LOOP;
       FOR t IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
       LOOP EXECUTE format('ALTER ROUTINE %s OWNER TO ${role}', t.name); END LOOP;
     END $$`,
  );
  return database;
}

test('an owner with CREATEROLE and no superuser’s rights starts twice', async () => {
  const { ownerUrl } = await emptyDatabase();
  expect((await migrate({ ownerUrl, ...passwords })).applied.length).toBeGreaterThan(0);
  expect(await migrate({ ownerUrl, ...passwords })).toEqual({ applied: [] });
});

test('runtime roles that somebody else made are left as they are', async () => {
  const { ownerUrl } = await emptyDatabase();
  await asAdmin(
    inject('cluster').adminUrl,
    `REVOKE ADMIN OPTION FOR signalbox_app, signalbox_router FROM ${role} CASCADE`,
  );
  await migrate({ ownerUrl, ...passwords });
  expect(await migrate({ ownerUrl, ...passwords })).toEqual({ applied: [] });
});

/** Rows in which every moment since `began`, which a migration may write as its own, is the same. */
function withoutMoments(rows: Record<string, unknown[]>, began: number): unknown {
  const text = JSON.stringify(rows).replaceAll(
    /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00/g,
    (at, day: string, time: string) => (Date.parse(`${day}T${time}Z`) < began ? at : 'the upgrade'),
  );
  return JSON.parse(text);
}

test('an upgrade as that owner changes the very rows that an upgrade as a superuser changes', async () => {
  const began = Date.now();
  const managed = await earlierDatabase();
  const other = await emptyDatabase();
  await restoreDump(other.adminUrl, dumped);
  await migrate({ ownerUrl: managed.ownerUrl, ...passwords });
  await migrate({ ownerUrl: other.adminUrl, ...passwords });
  const [one, two] = await Promise.all([contents(managed.adminUrl), contents(other.adminUrl)]);
  // Made up anew for every database.
  for (const made of [one, two])
    for (const table of ['installation', 'schema_migrations', 'policies']) delete made[table];
  expect(withoutMoments(one, began)).toEqual(withoutMoments(two, began));
  expect(await asAdmin(managed.adminUrl, 'SELECT prefix FROM installation')).toEqual([{ prefix: 'signalbox' }]);
});

test('pg_dump as that owner takes everything, and what it took is restored elsewhere and worked with', async () => {
  const tools = await postgresTools();
  const from = await earlierDatabase();
  await migrate({ ownerUrl: from.ownerUrl, ...passwords });
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-backup-'));
  try {
    const file = join(folder, 'signalbox.dump');
    // As docs/operations.md says it.
    await tools.run('pg_dump', from.ownerUrl, ['--format=custom', '--enable-row-security', `--file=${file}`]);
    const to = await emptyDatabase();
    await tools.run('pg_restore', to.ownerUrl, ['--no-owner', '--exit-on-error', file]);
    const before = await contents(from.adminUrl);
    expect(before.contacts).toHaveLength(18);
    expect(await contents(to.adminUrl)).toEqual(before);
    await asAdmin(to.ownerUrl, 'TRUNCATE feed');
    expect(await migrate({ ownerUrl: to.ownerUrl, ...passwords })).toEqual({ applied: [] });

    const db = openDb({
      appUrl: withRole(to.adminUrl, 'signalbox_app', testPasswords.app),
      routerUrl: withRole(to.adminUrl, 'signalbox_router', testPasswords.router),
    });
    try {
      const { workspace_id: workspaceId } = await db.router
        .selectFrom('workspaces')
        .select('workspace_id')
        .executeTakeFirstOrThrow();
      const people = (workspace: string) =>
        inWorkspace(db, workspace, (tx) => tx.selectFrom('contacts').select('id').execute());
      expect(await people(workspaceId)).toHaveLength(18);
      expect(await people('00000000-0000-7000-8000-000000000000')).toHaveLength(0);
      const renamed = await inWorkspace(db, workspaceId, (tx) =>
        tx.updateTable('contacts').set({ first_name: 'Restored' }).returning('first_name').execute(),
      );
      expect(renamed).toHaveLength(18);
    } finally {
      await db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
