import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { addRow, type Filled, fillWorkspace, sampleRow, type TenantTable, tenantTables } from './tenant-tables.ts';

/** Tables that belong to no workspace. Everything else must have a workspace_id and the rules that go with it. */
const sharedTables = ['dispatch_shards', 'installation', 'schema_migrations'];

/**
 * They write a row of their own for each that is added or taken, as whoever did it: with them a table would have more than the row that it is
 * tried with, and a row that could be taken would be refused for what is counted of it.
 */
const countingTriggers = [
  ['message_queue', 'queue_came'],
  ['message_queue', 'queue_went'],
  ['media', 'media_removed'],
] as const;

export type IsolationReport = { readonly tables: readonly string[]; readonly problems: readonly string[] };

/**
 * Fills every tenant table for two workspaces and tries, as the application's role in workspace A, to see, add, change, take and
 * refer to what is B's; then, from a workspace that has nothing and from none at all, to touch anything. Each try is undone. At the
 * end the same is tried over all tables and left to stand, and both workspaces must be what they were.
 *
 * @returns a line for each thing that was possible, and for each table that could not be tried.
 */
export async function probeIsolation(ownerUrl: string, appUrl: string): Promise<IsolationReport> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  const app = new pg.Client({ connectionString: appUrl });
  await Promise.all([owner.connect(), app.connect()]);
  try {
    for (const [table, trigger] of countingTriggers)
      await owner.query(`ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`);
    const tables = await tenantTables(owner);
    const problems = [...(await tablesWithoutWorkspace(owner)), ...tables.flatMap(structure)];
    const [a, b, empty] = [randomUUID(), randomUUID(), randomUUID()];
    const ofA = await fillWorkspace(owner, tables, a);
    const ofB = await fillWorkspace(owner, tables, b);
    problems.push(...ofA.problems, ...ofB.problems.filter((problem) => !ofA.problems.includes(problem)));
    const before = await fingerprint(owner, tables);
    for (const table of tables) {
      if (!ofA.filled.has(table.name) || !ofB.filled.has(table.name)) continue;
      problems.push(...(await probeOther(app, table, a, b, ofA.filled, ofB.filled)));
      problems.push(...(await probeFromOutside(app, table, empty, a, ofA.filled)));
    }
    for (const table of tables) if (ofB.filled.has(table.name)) await tryForGood(app, table, empty, b, ofB.filled);
    const after = await fingerprint(owner, tables);
    for (const [name, digest] of before)
      if (after.get(name) !== digest) problems.push(`${name}: rows are not what they were`);
    return { tables: tables.map((table) => table.name), problems };
  } finally {
    await Promise.all([owner.end(), app.end()]);
  }
}

async function tablesWithoutWorkspace(owner: pg.Client): Promise<string[]> {
  const result = await owner.query<{ name: string }>(
    `
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT (c.relname = ANY($1))
      AND NOT (c.relkind IN ('r', 'p') AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped))`,
    [sharedTables],
  );
  return result.rows.map((row) => `${row.name}: no workspace_id, and not on the list of shared tables`);
}

function structure(table: TenantTable): string[] {
  const problems: string[] = [];
  if (!table.security.enabled) problems.push(`${table.name}: row-level security is off`);
  if (!table.security.forced) problems.push(`${table.name}: row-level security is not forced`);
  for (const reference of table.references) {
    const at = reference.columns.indexOf('workspace_id');
    if (at < 0 || reference.toColumns[at] !== 'workspace_id')
      problems.push(`${table.name}: ${reference.name} refers without workspace_id`);
  }
  return problems;
}

type Tried =
  | { readonly kind: 'refused'; readonly message: string; readonly code: string }
  | { readonly kind: 'done'; readonly count: number };

/** Tries `work` in a transaction of a workspace's (or nobody's) and undoes it, or lets it stand. */
async function attempt(
  app: pg.Client,
  workspaceId: string | null,
  work: () => Promise<pg.QueryResult>,
  end: 'ROLLBACK' | 'COMMIT' = 'ROLLBACK',
): Promise<Tried> {
  await app.query('BEGIN');
  try {
    if (workspaceId !== null) await app.query("SELECT set_config('app.workspace', $1, true)", [workspaceId]);
    const result = await work();
    return { kind: 'done', count: result.rowCount ?? 0 };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { kind: 'refused', message: error.message, code: error.code ?? '' };
  } finally {
    // A transaction that failed is undone by either.
    await app.query(end);
  }
}

const byPolicy = (tried: Tried): boolean => tried.kind === 'refused' && tried.code === '42501';
const nothing = (tried: Tried): boolean => byPolicy(tried) || (tried.kind === 'done' && tried.count === 0);

async function probeOther(
  app: pg.Client,
  table: TenantTable,
  a: string,
  b: string,
  ofA: Filled,
  ofB: Filled,
): Promise<string[]> {
  const problems: string[] = [];
  const name = pg.escapeIdentifier(table.name);
  const expectThat = (holds: boolean, what: string): void => {
    if (!holds) problems.push(`${table.name}: ${what}`);
  };
  const own = await attempt(app, a, () => app.query(`SELECT 1 FROM ${name}`));
  expectThat(own.kind === 'done' && own.count === 1, 'A does not see exactly its own row');
  expectThat(
    nothing(await attempt(app, a, () => app.query(`SELECT 1 FROM ${name} WHERE workspace_id = $1`, [b]))),
    'A reads rows of B',
  );
  expectThat(
    byPolicy(await attempt(app, a, () => addRow(app, table.name, sampleRow(table, b, ofB)))),
    'A adds a row to B',
  );
  expectThat(
    nothing(
      await attempt(app, a, () => app.query(`UPDATE ${name} SET workspace_id = $1 WHERE workspace_id = $2`, [a, b])),
    ),
    'A changes rows of B',
  );
  expectThat(
    byPolicy(
      await attempt(app, a, () => app.query(`UPDATE ${name} SET workspace_id = $2 WHERE workspace_id = $1`, [a, b])),
    ),
    'A gives its row to B',
  );
  expectThat(
    nothing(await attempt(app, a, () => app.query(`DELETE FROM ${name} WHERE workspace_id = $1`, [b]))),
    'A deletes rows of B',
  );
  expectThat(byPolicy(await attempt(app, a, () => app.query(`TRUNCATE ${name} CASCADE`))), 'A empties the table');
  for (const reference of table.references) {
    const others = reference.columns.filter((column) => column !== 'workspace_id');
    if (others.length === 0) continue;
    const parent = ofB.get(reference.to) ?? {};
    const row: Record<string, unknown> = { ...sampleRow(table, a, ofA) };
    for (const [index, column] of reference.columns.entries()) {
      if (column !== 'workspace_id') row[column] = parent[reference.toColumns[index] ?? ''];
    }
    const tried = await attempt(app, a, async () => {
      await addRow(app, table.name, row);
      return app.query('SET CONSTRAINTS ALL IMMEDIATE');
    });
    expectThat(tried.kind === 'refused' && tried.code === '23503', `A refers to a row of B through ${reference.name}`);
  }
  return problems;
}

/**
 * From a workspace without rows; with no workspace set; and with the empty string that a pooled session is left with after one was.
 * Changes and deletions name no column and have no WHERE: one that reads a column is narrowed by the policies for reading as well,
 * which hides what an open policy for changing or deleting lets through.
 */
async function probeFromOutside(
  app: pg.Client,
  table: TenantTable,
  empty: string,
  a: string,
  ofA: Filled,
): Promise<string[]> {
  const problems: string[] = [];
  const name = pg.escapeIdentifier(table.name);
  for (const setting of [empty, null, '']) {
    const tries: ReadonlyArray<readonly [string, boolean]> = [
      ['reads', nothing(await attempt(app, setting, () => app.query(`SELECT 1 FROM ${name}`)))],
      ['adds', byPolicy(await attempt(app, setting, () => addRow(app, table.name, sampleRow(table, a, ofA))))],
      ['changes', nothing(await attempt(app, setting, () => bareUpdate(app, table, empty)))],
      ['deletes', nothing(await attempt(app, setting, () => app.query(`DELETE FROM ${name}`)))],
    ];
    const who = setting === empty ? 'an empty workspace' : "nobody's session";
    for (const [what, refused] of tries) if (!refused) problems.push(`${table.name}: ${who} ${what} rows`);
  }
  return problems;
}

/** Sets a constant in every row that the policies for changing let through. */
function bareUpdate(app: pg.Client, table: TenantTable, workspaceId: string): Promise<pg.QueryResult> {
  const name = pg.escapeIdentifier(table.name);
  const column = table.columns.find((each) => each.name === 'workspace_id' && each.mayChange);
  if (column !== undefined) return app.query(`UPDATE ${name} SET workspace_id = $1`, [workspaceId]);
  // A ledger may be emptied in some columns, which is all that can be done to it.
  const kept = table.columns.find((each) => each.mayChange && each.type === 'jsonb');
  if (kept !== undefined) return app.query(`UPDATE ${name} SET ${pg.escapeIdentifier(kept.name)} = '{}'`);
  const other = table.columns.find((each) => each.mayChange && !each.notNull)?.name ?? 'workspace_id';
  return app.query(`UPDATE ${name} SET ${pg.escapeIdentifier(other)} = NULL`);
}

/** What is refused or finds nothing where the rules hold, committed: whatever it did all the same, `fingerprint` sees. */
async function tryForGood(app: pg.Client, table: TenantTable, empty: string, b: string, ofB: Filled): Promise<void> {
  const name = pg.escapeIdentifier(table.name);
  for (const work of [
    () => bareUpdate(app, table, empty),
    () => addRow(app, table.name, sampleRow(table, b, ofB)),
    () => app.query(`DELETE FROM ${name}`),
  ])
    await attempt(app, empty, work, 'COMMIT');
}

/** What stands in each table, in a few characters. */
export async function fingerprint(owner: pg.Client, tables: readonly TenantTable[]): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const table of tables) {
    const result = await owner.query<{ digest: string }>(
      `SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') AS digest FROM ${pg.escapeIdentifier(table.name)} t`,
    );
    digests.set(table.name, result.rows[0]?.digest ?? '');
  }
  return digests;
}
