import { dictionary, scalarArray, textArray, timeArray, uuidArray } from '@signalbox/engine/db/array-literals';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, dropDatabase } from '../support/cluster.ts';

const cluster = inject('cluster');
const name = 't_array_literals';
let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: await cloneDatabase(cluster, name) });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await dropDatabase(cluster, name);
});

const readBack = async (literal: string, type: string): Promise<unknown> =>
  (await client.query<{ value: unknown }>(`SELECT to_jsonb($1::${type}) AS value`, [literal])).rows[0]?.value;

describe('array literals come back from PostgreSQL as they went', () => {
  test('texts, however odd', async () => {
    const texts = [
      '+12025550100',
      '',
      'null',
      'NULL',
      null,
      'a b',
      'a,b',
      '{a}',
      '"quoted"',
      'back\\slash \\" and "',
      'line\nbreak\ttab',
      'Grüße… 你好 🚂',
      "it's",
    ];
    expect(await readBack(textArray(texts), 'text[]')).toEqual(texts);
  });

  test('ids, numbers, flags, times, and nothing at all', async () => {
    const ids = ['018f0000-0000-7000-8000-000000000001', null];
    expect(await readBack(uuidArray(ids), 'uuid[]')).toEqual(ids);
    expect(await readBack(scalarArray([1, -2, null]), 'int[]')).toEqual([1, -2, null]);
    expect(await readBack(scalarArray([true, false, null]), 'boolean[]')).toEqual([true, false, null]);
    const times = await client.query<{ same: boolean }>(
      'SELECT $1::timestamptz[] = ARRAY[$2::timestamptz, NULL] AS same',
      [timeArray([new Date(1_790_000_000_123), null]), new Date(1_790_000_000_123)],
    );
    expect(times.rows[0]?.same).toBe(true);
    expect(await readBack(textArray([]), 'text[]')).toEqual([]);
  });

  test('documents of many rows, each distinct one once', async () => {
    const rows = [{ code: 'a "b"' }, null, { code: 'a "b"' }, { code: 'c', values: { n: 1 } }];
    const { documents, places } = dictionary(rows);
    const read = await client.query<{ document: unknown }>(
      'SELECT ($1::jsonb[])[p] AS document FROM unnest($2::int[]) WITH ORDINALITY AS x(p, place) ORDER BY place',
      [documents, places],
    );
    expect(read.rows.map((row) => row.document)).toEqual(rows);
    expect(places).toBe('{1,NULL,1,2}');
  });
});
