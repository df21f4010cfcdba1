import { readyBacklogs, stillReady } from '@signalbox/engine/sending/turns';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Harness, startHarness } from '../support/harness.ts';
import { createQueueWorld } from './queue-world.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

const now = new Date();
const later = new Date(now.getTime() + 1_000);

test('backlogs are asked again from what was first in them, by both ways alike; what came before it waits for a look at all', async () => {
  const world = createQueueWorld(harness);
  const ids = [await world.queue(now), await world.queue(now), await world.queue(later)];
  const first = await readyBacklogs(harness.db, 0, later);
  expect(first).toHaveLength(1);
  expect(await stillReady(harness.db, 0, later, first)).toEqual(first);
  expect(await world.claim(later, 1)).toEqual([ids[0]]);
  const second = await stillReady(harness.db, 0, later, first);
  expect(second).toEqual(await readyBacklogs(harness.db, 0, later));
  expect(Number(second[0]?.first.seq)).toBeGreaterThan(Number(first[0]?.first.seq));
  await harness.inTx((tx) =>
    tx
      .updateTable('message_queue')
      .set({ state: 1, lease_until: null })
      .where('message_id', '=', ids[0] ?? '')
      .execute(),
  );
  expect(await stillReady(harness.db, 0, later, second)).toEqual(second);
  expect(await readyBacklogs(harness.db, 0, later)).toEqual(first);
  expect(await world.claim(later)).toEqual(ids);
  expect(await stillReady(harness.db, 0, later, second)).toEqual([]);
});

test('with a transaction held open a look from what was first does not read past what was claimed since', async () => {
  const world = createQueueWorld(harness);
  const open = new pg.Client({ connectionString: harness.ownerUrl });
  await open.connect();
  await open.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await open.query('SELECT count(*) FROM message_queue');
  for (let each = 0; each < 300; each += 1) await world.queue(now, { lane: 'bulk' });
  for (let claimed = 0; claimed < 290; ) claimed += (await world.claim(later, 29)).length;
  const backlogs = await readyBacklogs(harness.db, 0, later);
  expect(backlogs).toHaveLength(1);
  const owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
  const [{ accountId = '', lane = 0, sender = '', first = { at: '', seq: '' } } = {}] = backlogs;
  /** Pages read for the first one ready; `from` says where the search begins. */
  const pages = async (from: string): Promise<number> => {
    const { rows } = await owner.query<{ 'QUERY PLAN': unknown }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT seq FROM message_queue WHERE account_id = '${accountId}' AND state = 1 AND lane = ${lane} AND sender = '${sender}'
         AND flow_key = '00000000-0000-0000-0000-000000000000' AND not_before <= now() + interval '1 hour' AND ${from} ORDER BY not_before, seq LIMIT 1`,
    );
    const plan = z.tuple([
      z.object({ Plan: z.object({ 'Shared Hit Blocks': z.number(), 'Shared Read Blocks': z.number() }) }),
    ]);
    const [{ Plan: read }] = plan.parse(rows[0]?.['QUERY PLAN']);
    return read['Shared Hit Blocks'] + read['Shared Read Blocks'];
  };
  await owner.query('SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off');
  const whole = await pages('true');
  const fromFirst = await pages(`(not_before, seq) >= ('${first.at}', ${first.seq})`);
  expect(fromFirst).toBeLessThan(10);
  expect(whole).toBeGreaterThan(5 * fromFirst);
  await owner.end();
  await open.query('ROLLBACK');
  await open.end();
});
