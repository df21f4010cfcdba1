import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import { cloneDatabase, dropDatabase, withRole } from '../support/cluster.ts';
import { testPasswords } from '../support/global-setup.ts';
import { probeIsolation } from './isolation.ts';
import { probeRouter, routerColumns } from './router-columns.ts';

const databases: string[] = [];
afterEach(async () => {
  for (const name of databases.splice(0)) await dropDatabase(inject('cluster'), name);
});

/** A migrated database of its own; `planted` runs in it as the owner. */
async function database(planted = ''): Promise<{ ownerUrl: string; appUrl: string; routerUrl: string }> {
  const name = `rls_${randomBytes(6).toString('hex')}`;
  databases.push(name);
  const ownerUrl = await cloneDatabase(inject('cluster'), name);
  if (planted !== '') await asOwner(ownerUrl, (owner) => owner.query(planted));
  return {
    ownerUrl,
    appUrl: withRole(ownerUrl, 'signalbox_app', testPasswords.app),
    routerUrl: withRole(ownerUrl, 'signalbox_router', testPasswords.router),
  };
}

async function asOwner<T>(ownerUrl: string, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

test('every tenant table keeps workspaces apart', async () => {
  const { ownerUrl, appUrl } = await database();
  const report = await probeIsolation(ownerUrl, appUrl);
  expect(report.problems).toEqual([]);
  expect(report.tables.length).toBeGreaterThanOrEqual(28);
  expect(report.tables).toEqual(
    expect.arrayContaining(['contacts', 'enrollments', 'messages', 'message_queue', 'feed', 'released_texts']),
  );
});

const policy = "workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid)";
const planted: ReadonlyArray<readonly [string, string, string]> = [
  [
    'a table without row-level security',
    'CREATE TABLE planted (workspace_id uuid NOT NULL); GRANT SELECT, INSERT, UPDATE, DELETE ON planted TO signalbox_app',
    'planted: A reads rows of B',
  ],
  [
    'a table whose row-level security is not forced',
    `CREATE TABLE planted (workspace_id uuid NOT NULL); ALTER TABLE planted ENABLE ROW LEVEL SECURITY;
     CREATE POLICY tenant ON planted TO signalbox_app USING (${policy}); GRANT SELECT, INSERT, UPDATE, DELETE ON planted TO signalbox_app`,
    'planted: row-level security is not forced',
  ],
  [
    'a policy that lets everything in',
    'CREATE POLICY open ON contacts FOR SELECT TO signalbox_app USING (true)',
    'contacts: A reads rows of B',
  ],
  [
    'a policy that lets everything be written',
    'CREATE POLICY open ON flows FOR INSERT TO signalbox_app WITH CHECK (true)',
    'flows: A adds a row to B',
  ],
  [
    'a policy that lets everything be changed',
    'CREATE POLICY open ON contacts FOR UPDATE TO signalbox_app USING (true)',
    'contacts: an empty workspace changes rows',
  ],
  [
    'a policy that lets everything be deleted',
    'CREATE POLICY open ON settlements FOR DELETE TO signalbox_app USING (true)',
    'settlements: an empty workspace deletes rows',
  ],
  [
    "a trigger that works with its owner's rights",
    `CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN UPDATE contacts SET first_name = ''Planted''; RETURN NULL; END';
     CREATE TRIGGER planted AFTER DELETE ON settlements FOR EACH STATEMENT EXECUTE FUNCTION planted()`,
    'contacts: rows are not what they were',
  ],
  ['a right to truncate', 'GRANT TRUNCATE ON feed TO signalbox_app', 'feed: A empties the table'],
  [
    'a reference without workspace_id',
    'CREATE UNIQUE INDEX contact_id ON contacts (id); ALTER TABLE events ADD CONSTRAINT planted FOREIGN KEY (contact_id) REFERENCES contacts (id); ALTER TABLE events DROP CONSTRAINT events_workspace_id_contact_id_fkey',
    'events: A refers to a row of B through planted',
  ],
  [
    'a table that cannot be filled',
    'ALTER TABLE numbers ADD COLUMN planted point NOT NULL',
    'numbers could not be filled',
  ],
  ['a table that belongs to nobody', 'CREATE TABLE planted (id uuid)', 'planted: no workspace_id'],
  ['a view, which reads as its owner', 'CREATE VIEW planted AS SELECT * FROM contacts', 'planted: no workspace_id'],
];

for (const [name, statement, problem] of planted) {
  test(`is red for ${name}`, async () => {
    const { ownerUrl, appUrl } = await database(statement);
    const report = await probeIsolation(ownerUrl, appUrl);
    expect(
      report.problems.some((line) => line.startsWith(problem)),
      report.problems.join('\n'),
    ).toBe(true);
  });
}

/** Every table that the application's role may do this to at all, in some column. */
async function tablesWithRight(ownerUrl: string, right: 'INSERT' | 'UPDATE' | 'DELETE'): Promise<string[]> {
  const check =
    right === 'DELETE'
      ? "has_table_privilege('signalbox_app', c.oid, 'DELETE')"
      : `has_any_column_privilege('signalbox_app', c.oid, '${right}')`;
  const result = await asOwner(ownerUrl, (owner) =>
    owner.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_policies p JOIN pg_class c ON c.relname = p.tablename WHERE p.policyname = 'open' AND ${check} ORDER BY 1`,
    ),
  );
  return result.rows.map((row) => row.name);
}

for (const [right, what, clause] of [
  ['INSERT', 'adds', 'WITH CHECK (true)'],
  ['UPDATE', 'changes', 'USING (true)'],
  ['DELETE', 'deletes', 'USING (true)'],
] as const) {
  test(`an open policy for ${right} is found on every table it could be forgotten on`, async () => {
    const { ownerUrl, appUrl } = await database(
      `DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_policies WHERE policyname = 'tenant' LOOP
         EXECUTE format('CREATE POLICY open ON %I FOR ${right} TO signalbox_app ${clause}', t); END LOOP; END $$`,
    );
    const { problems, tables } = await probeIsolation(ownerUrl, appUrl);
    const open = await tablesWithRight(ownerUrl, right);
    expect(open.length).toBeGreaterThan(tables.length / 2);
    const red = tables.filter((table) => problems.includes(`${table}: an empty workspace ${what} rows`));
    expect(red).toEqual(open);
  });
}

test('the router reads the columns it is granted, across workspaces, and writes nothing of theirs', async () => {
  const { ownerUrl, routerUrl } = await database();
  expect(await probeRouter(ownerUrl, routerUrl, routerColumns)).toEqual([]);
});

for (const [name, statement, problem] of [
  ['a column more', 'GRANT SELECT (phone) ON contacts TO signalbox_router', 'contacts.phone: the router may read it'],
  ['a right to write', 'GRANT UPDATE ON runs TO signalbox_router', 'runs: the router may UPDATE'],
  ['a column less', 'REVOKE SELECT (lane) ON runs FROM signalbox_router', 'runs.lane: the router may not read it'],
] as const) {
  test(`is red where the router has ${name}`, async () => {
    const { ownerUrl, routerUrl } = await database(statement);
    expect(await probeRouter(ownerUrl, routerUrl, routerColumns)).toContain(problem);
  });
}

test('the runtime roles own nothing and go around nothing', async () => {
  const { ownerUrl } = await database();
  const result = await asOwner(ownerUrl, (owner) =>
    owner.query(`
      SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
        (SELECT count(*)::int FROM pg_class c WHERE c.relowner = r.oid) AS owns,
        (SELECT count(*)::int FROM pg_auth_members m WHERE m.member = r.oid) AS belongs_to
      FROM pg_roles r WHERE r.rolname IN ('signalbox_app', 'signalbox_router') ORDER BY 1`),
  );
  const nothing = {
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    owns: 0,
    belongs_to: 0,
  };
  expect(result.rows).toEqual([
    { rolname: 'signalbox_app', ...nothing },
    { rolname: 'signalbox_router', ...nothing },
  ]);
});
