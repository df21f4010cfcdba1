import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { cloneDatabase, dropDatabase } from '../support/cluster.ts';
import { declaredTables, disagreements, storedTables } from './schema-tables.ts';

const source = readFileSync(join(repositoryRoot, 'packages/engine/src/db/schema.ts'), 'utf8');

/** Columns that a build before this one writes and this one does not: they go in a later release. */
const leftBehind = ['contacts.last_message_at is not in schema.ts'];

/** Where the declared tables and those of a migrated database disagree; `statement` runs in that first. */
async function compared(declared: string, statement = ''): Promise<string[]> {
  const name = `schema_${randomBytes(6).toString('hex')}`;
  const owner = new pg.Client({ connectionString: await cloneDatabase(inject('cluster'), name) });
  try {
    await owner.connect();
    if (statement !== '') await owner.query(statement);
    const found = disagreements(declaredTables(declared), await storedTables(owner));
    expect(found).toEqual(expect.arrayContaining(leftBehind));
    return found.filter((problem) => !leftBehind.includes(problem));
  } finally {
    await owner.end();
    await dropDatabase(inject('cluster'), name);
  }
}

test('the tables as the code has them are those of the migrated database: columns, what may be null, what may be left out', async () => {
  expect(await compared(source)).toEqual([]);
  const tables = declaredTables(source);
  expect(tables.size).toBeGreaterThan(30);
  expect(tables.get('feed')?.get('id')).toEqual({ nullable: false, filled: true });
  expect(tables.get('contacts')?.get('phone')).toEqual({ nullable: false, filled: false });
  expect(tables.get('contacts')?.get('email')).toEqual({ nullable: true, filled: false });
  expect(tables.get('contacts')?.get('attributes')).toEqual({ nullable: false, filled: true });
});

test.each([
  ['a column that no code knows', 'ALTER TABLE numbers ADD COLUMN planted text', 'numbers.planted is not in schema.ts'],
  [
    'a column that is gone',
    'ALTER TABLE flows DROP COLUMN source_detail',
    'flows.source_detail is not in the database',
  ],
  [
    'a column that may be null',
    'ALTER TABLE flows ALTER COLUMN name DROP NOT NULL',
    'flows.name may be null by the database alone',
  ],
  [
    'a column that may no longer be null',
    'ALTER TABLE numbers ALTER COLUMN suppressed_reason SET NOT NULL',
    'numbers.suppressed_reason may be null by schema.ts alone',
  ],
  [
    'a column without its default',
    'ALTER TABLE flows ALTER COLUMN description DROP DEFAULT',
    'flows.description is filled by schema.ts alone',
  ],
  [
    'a contact’s field that may no longer be missing',
    'ALTER TABLE contacts ALTER COLUMN email SET NOT NULL',
    'contacts.email may be null by schema.ts alone',
  ],
  ['a table that no code knows', 'CREATE TABLE planted (id uuid)', 'planted is not in schema.ts'],
])('is red for %s', async (_name, statement, problem) => {
  expect(await compared(source, statement)).toEqual([problem]);
});

test.each([
  ['a column', '  time_zone: Generated<string>;\n', '', 'workspaces.time_zone is not in schema.ts'],
  ['a table', '  settlements: SettlementsTable;\n', '', 'settlements is not in schema.ts'],
  [
    'what may be null',
    'wording: string | null;',
    'wording: string;',
    'consent_ledger.wording may be null by the database alone',
  ],
])('is red where the code lacks %s', async (_name, from, to, problem) => {
  const declared = source.replace(from, to);
  expect(declared).not.toBe(source);
  expect(await compared(declared)).toEqual([problem]);
});
