import { randomBytes } from 'node:crypto';
import { emptyWithPages } from '@signalbox/engine/db/migrate';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cloneDatabase, dropDatabase } from '../support/cluster.ts';

const name = `sizes_${randomBytes(6).toString('hex')}`;
let owner: pg.Client;
const believedEmpty = async () => (await owner.query<{ name: string }>(emptyWithPages)).rows.map((row) => row.name);

beforeAll(async () => {
  owner = new pg.Client({ connectionString: await cloneDatabase(inject('cluster'), name) });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await dropDatabase(inject('cluster'), name);
});

test('of a migrated database nobody believes that pages to come are empty', async () => {
  expect(await believedEmpty()).toEqual([]);
});

test('and an index on a table whose rows are gone would be found', async () => {
  await owner.query('CREATE TABLE planted (id int)');
  await owner.query('INSERT INTO planted SELECT generate_series(1, 100)');
  await owner.query('ANALYZE planted');
  await owner.query('DELETE FROM planted');
  await owner.query('CREATE INDEX ON planted (id)');
  expect(await believedEmpty()).toEqual(['planted']);
});

test('a settlement and a receipt find their attempts by key in the first campaign', async () => {
  const scan = async (statement: string) =>
    (await owner.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`)).rows
      .map((row) => row['QUERY PLAN'])
      .join('\n');
  const workspace = '00000000-0000-7000-8000-000000000001';
  await owner.query(`INSERT INTO workspaces (workspace_id, name, created_at) VALUES ('${workspace}', 'Sizes', now())`);
  await owner.query('SET session_replication_role = replica');
  await owner.query(
    `INSERT INTO message_attempts (workspace_id, id, message_id, account_id, state, epoch, started_at)
     SELECT '${workspace}', gen_random_uuid(), gen_random_uuid(), '${workspace}', 'accepted', 1, now() FROM generate_series(1, 5000)`,
  );
  expect(
    await scan(
      `SELECT a.state FROM unnest(ARRAY(SELECT gen_random_uuid() FROM generate_series(1, 100))) AS x(id)
       JOIN message_attempts a ON a.workspace_id = '${workspace}' AND a.id = x.id`,
    ),
  ).toContain('message_attempts_pkey');
});
