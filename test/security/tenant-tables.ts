import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';

/** A column that an insert has to give: no default, not null, or part of a foreign key to another tenant table. */
export type TenantColumn = {
  readonly name: string;
  /** As `format_type` says it: `uuid`, `timestamp with time zone`, `uuid[]`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly filledByDatabase: boolean;
  /** The application's role has the right to change it. */
  readonly mayChange: boolean;
};

/** A foreign key between tenant tables, columns side by side. */
export type TenantReference = {
  readonly name: string;
  readonly to: string;
  readonly columns: readonly string[];
  readonly toColumns: readonly string[];
};

/** A table that holds rows of workspaces. */
export type TenantTable = {
  readonly name: string;
  readonly security: { readonly enabled: boolean; readonly forced: boolean };
  readonly columns: readonly TenantColumn[];
  readonly references: readonly TenantReference[];
  /** The first value that a check constraint lists, by column. */
  readonly listed: Readonly<Record<string, string>>;
};

const tablesSchema = z.array(
  z.object({
    name: z.string(),
    enabled: z.boolean(),
    forced: z.boolean(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        not_null: z.boolean(),
        filled: z.boolean(),
        may_change: z.boolean(),
      }),
    ),
    foreign_keys: z.array(
      z.object({ name: z.string(), to: z.string(), columns: z.array(z.string()), to_columns: z.array(z.string()) }),
    ),
    checks: z.array(z.string()),
  }),
);

/** Every table of the schema that has a workspace_id, partitions too, from the catalogue itself. */
export async function tenantTables(owner: pg.Client): Promise<TenantTable[]> {
  const result = await owner.query(`
    SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
      (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'not_null', a.attnotnull,
          'filled', a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '',
          'may_change', has_column_privilege('signalbox_app', c.oid, a.attnum, 'UPDATE') AND a.attidentity <> 'a') ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'to', k.confrelid::regclass::text,
          'columns', (SELECT json_agg(a.attname ORDER BY p.ord) FROM unnest(k.conkey) WITH ORDINALITY p(num, ord) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.num),
          'to_columns', (SELECT json_agg(a.attname ORDER BY p.ord) FROM unnest(k.confkey) WITH ORDINALITY p(num, ord) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.num)
        )), '[]') FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f') AS foreign_keys,
      (SELECT coalesce(json_agg(pg_get_constraintdef(k.oid)), '[]') FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c') AS checks
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
      AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped)
    ORDER BY c.relname`);
  return tablesSchema.parse(result.rows).map((table) => ({
    name: table.name,
    security: { enabled: table.enabled, forced: table.forced },
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      notNull: column.not_null,
      filledByDatabase: column.filled,
      mayChange: column.may_change,
    })),
    references: table.foreign_keys.map((key) => ({
      name: key.name,
      to: key.to,
      columns: key.columns,
      toColumns: key.to_columns,
    })),
    listed: listedValues(table.checks),
  }));
}

function listedValues(checks: readonly string[]): Record<string, string> {
  const listed: Record<string, string> = {};
  for (const check of checks) {
    const match = /\(?(\w+) = ANY \(ARRAY\['([^']*)'/.exec(check);
    if (match?.[1] !== undefined && match[2] !== undefined) listed[match[1]] = match[2];
  }
  return listed;
}

export type Row = Readonly<Record<string, unknown>>;

/** Rows that were put into each table, by table, for one workspace. */
export type Filled = Map<string, Row>;

const samples: Readonly<Record<string, () => unknown>> = {
  uuid: randomUUID,
  text: () => randomUUID(),
  bytea: () => Buffer.from(randomUUID()),
  jsonb: () => '{}',
  boolean: () => false,
  smallint: () => 1,
  integer: () => 1,
  bigint: () => 1,
  'double precision': () => 1,
  'timestamp with time zone': () => new Date(),
  date: () => '2026-11-28',
};

/**
 * A row for a table in a workspace whose parents are filled: required columns only, with fresh ids.
 *
 * @throws Error for a column whose type has no sample here: add one, so that no table goes untested.
 */
export function sampleRow(table: TenantTable, workspaceId: string, filled: Filled): Row {
  const row: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (column.name === 'workspace_id') row[column.name] = workspaceId;
    else if (column.notNull && !column.filledByDatabase) {
      const listed = table.listed[column.name];
      const sample = column.type.endsWith('[]') ? () => '{}' : samples[column.type];
      if (listed === undefined && sample === undefined)
        throw new Error(`${table.name}.${column.name}: no sample for ${column.type}`);
      row[column.name] = listed ?? sample?.();
    }
  }
  for (const reference of table.references) {
    const parent = filled.get(reference.to);
    if (parent === undefined || reference.to === table.name) continue;
    for (const [index, column] of reference.columns.entries()) row[column] = parent[reference.toColumns[index] ?? ''];
  }
  return row;
}

/** Inserts a row; nothing is read back, so that only the rules for writing are asked. Throws the database's error. */
export function addRow(client: pg.Client, table: string, row: Row): Promise<pg.QueryResult> {
  return client.query(insertion(table, row), Object.values(row));
}

/** Inserts a row and returns it as stored. */
async function storedRow(client: pg.Client, table: string, row: Row): Promise<Row> {
  const result = await client.query<Record<string, unknown>>(
    `${insertion(table, row)} RETURNING *`,
    Object.values(row),
  );
  const stored = result.rows[0];
  if (stored === undefined) throw new Error(`${table} took no row`);
  return stored;
}

function insertion(table: string, row: Row): string {
  const columns = Object.keys(row).map((column) => pg.escapeIdentifier(column));
  return `INSERT INTO ${pg.escapeIdentifier(table)} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`;
}

/**
 * Puts one row into every tenant table for a workspace, parents first, as the owner.
 *
 * @returns the rows, and a line for each table that could not be filled.
 */
export async function fillWorkspace(
  owner: pg.Client,
  tables: readonly TenantTable[],
  workspaceId: string,
): Promise<{ readonly filled: Filled; readonly problems: readonly string[] }> {
  const filled: Filled = new Map();
  const problems: string[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const ready = left.filter((table) =>
      table.references.every(
        (reference) =>
          reference.to === table.name || filled.has(reference.to) || !left.some((other) => other.name === reference.to),
      ),
    );
    if (ready.length === 0)
      return {
        filled,
        problems: [...problems, `references in a circle: ${left.map((table) => table.name).join(', ')}`],
      };
    for (const table of ready) {
      try {
        filled.set(table.name, await storedRow(owner, table.name, sampleRow(table, workspaceId, filled)));
      } catch (error) {
        problems.push(`${table.name} could not be filled: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    left = left.filter((table) => !ready.includes(table));
  }
  return { filled, problems };
}
