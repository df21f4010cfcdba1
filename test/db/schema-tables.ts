import { storedContactFields } from '@signalbox/nodes/define/contact-fields';
import type pg from 'pg';
import { z } from 'zod';
import { isNode, nameOf, nodesIn, parseSource, type SourceNode } from '../../scripts/parse-source.ts';

/** A column: whether it may hold nothing, and whether an insert may leave it out although it may not. */
type Column = { readonly nullable: boolean; readonly filled: boolean };

/** Columns by table and name. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, Column>>;

const typeNameOf = (node: SourceNode): string => nameOf(node.typeName ?? node.expression) ?? '';
const argumentsOf = ({ typeArguments }: SourceNode): SourceNode[] =>
  isNode(typeArguments) ? nodesIn(typeArguments.params) : [];

/** Whether a type holds `null` or `undefined`, by itself or in what kysely wraps it in. A document of JSON may hold either and be there. */
function holds(type: SourceNode, nothing: 'TSNullKeyword' | 'TSUndefinedKeyword'): boolean {
  if (type.type === nothing) return true;
  if (type.type === 'TSUnionType') return nodesIn(type.types).some((each) => holds(each, nothing));
  const wrapped = type.type === 'TSTypeReference' && ['Generated', 'ColumnType'].includes(typeNameOf(type));
  return wrapped && argumentsOf(type).some((each) => holds(each, nothing));
}

/** The tables that `db/schema.ts` declares, read from its text. @throws Error where it holds what this cannot read. */
export function declaredTables(source: string): Tables {
  const statements = nodesIn(parseSource('schema.ts', source).body).flatMap(({ declaration }) => nodesIn(declaration));
  const interfaces = new Map(
    statements.filter(({ type }) => type === 'TSInterfaceDeclaration').map((each) => [nameOf(each.id) ?? '', each]),
  );
  const membersOf = (name: string): ReadonlyArray<readonly [string, SourceNode]> => {
    const body = interfaces.get(name)?.body;
    if (!isNode(body)) throw new Error(`schema.ts has no interface ${name}`);
    return nodesIn(body.body).flatMap(({ key, typeAnnotation }) =>
      isNode(typeAnnotation)
        ? nodesIn(typeAnnotation.typeAnnotation).map((type) => [nameOf(key) ?? '', type] as const)
        : [],
    );
  };
  const columnsOf = (name: string): Map<string, Column> => {
    const columns = new Map<string, Column>();
    for (const above of nodesIn(interfaces.get(name)?.extends)) {
      if (typeNameOf(above) !== 'StoredContact') throw new Error(`${name} extends ${typeNameOf(above)}`);
      for (const [field, { always }] of Object.entries(storedContactFields))
        columns.set(field, { nullable: !always, filled: false });
    }
    for (const [column, type] of membersOf(name)) {
      const filled = ['Generated', 'Counted'].includes(typeNameOf(type)) || holds(type, 'TSUndefinedKeyword');
      columns.set(column, { nullable: holds(type, 'TSNullKeyword'), filled });
    }
    return columns;
  };
  return new Map(membersOf('Database').map(([table, type]) => [table, columnsOf(typeNameOf(type))]));
}

const rowsSchema = z.array(
  z.object({ table: z.string(), column: z.string(), nullable: z.boolean(), filled: z.boolean() }),
);

/** The tables of a database, partitions and the migrations' own book left out. */
export async function storedTables(owner: pg.Client): Promise<Tables> {
  const { rows } = await owner.query(`
    SELECT c.table_name AS table, c.column_name AS column, c.is_nullable = 'YES' AS nullable,
      c.column_default IS NOT NULL OR c.is_identity = 'YES' OR c.is_generated = 'ALWAYS' AS filled
    FROM information_schema.columns c
    JOIN pg_class t ON t.oid = format('%I.%I', c.table_schema, c.table_name)::regclass
    WHERE c.table_schema = 'public' AND NOT t.relispartition AND t.relkind IN ('r', 'p') AND c.table_name <> 'schema_migrations'
    ORDER BY 1, 2`);
  const tables = new Map<string, Map<string, Column>>();
  for (const { table, column, nullable, filled } of rowsSchema.parse(rows)) {
    const columns = tables.get(table) ?? new Map<string, Column>();
    tables.set(table, columns.set(column, { nullable, filled }));
  }
  return tables;
}

/** Where the two disagree, a line each. */
export function disagreements(declared: Tables, stored: Tables): string[] {
  const missing = (from: Tables, other: Tables, where: string): string[] =>
    [...from].flatMap(([table, columns]) => {
      const there = other.get(table);
      if (there === undefined) return [`${table} is not in ${where}`];
      return [...columns.keys()]
        .filter((name) => !there.has(name))
        .map((name) => `${table}.${name} is not in ${where}`);
    });
  const differing = [...declared].flatMap(([table, columns]) =>
    [...columns].flatMap(([name, says]) => {
      const is = stored.get(table)?.get(name);
      if (is === undefined) return [];
      if (says.nullable !== is.nullable)
        return [`${table}.${name} may be null by ${is.nullable ? 'the database' : 'schema.ts'} alone`];
      return says.filled && !is.filled && !is.nullable ? [`${table}.${name} is filled by schema.ts alone`] : [];
    }),
  );
  return [...missing(declared, stored, 'the database'), ...missing(stored, declared, 'schema.ts'), ...differing].sort();
}
