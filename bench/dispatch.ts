import pg from 'pg';
import { printFigures, sleep } from './support/figures.ts';
import { acceptedCount, queueCampaign } from './support/queued-campaign.ts';
import { businessNumber, type Stack, startStack } from './support/stack.ts';

/** Rows of messages that went out long ago to the people who will be written to, with their attempts. */
async function addFinished({ owner, workspaceId, accountId }: Stack, count: number, people: number): Promise<void> {
  // What is told of messages is told as they happen: nobody hears of these.
  await owner.query('SET session_replication_role = replica');
  for (let from = 1; from <= count; from += 500_000) {
    const to = Math.min(count, from + 499_999);
    await owner.query(
      `INSERT INTO messages (workspace_id, id, contact_id, account_id, direction, state, sender, number, body, segments, encoding, purpose, created_at, accepted_at, delivered_at)
       SELECT $1, (lpad(to_hex((extract(epoch FROM now() - interval '30 days') * 1000)::bigint + i), 12, '0') || '7000' || substr(md5('old' || i), 1, 16))::uuid,
         md5((1 + i % $6::int)::text || 'benchmark')::uuid, $2, 'out', 'delivered', $3, '+1404' || (1000000 + i % 9000000), 'Members get 10% off today.', 1, 'GSM-7', 'marketing',
         now() - interval '30 days', now() - interval '30 days', now() - interval '30 days'
       FROM generate_series($4::int, $5::int) i`,
      [workspaceId, accountId, businessNumber, from, to, people],
    );
    await owner.query(
      `INSERT INTO message_attempts (workspace_id, id, message_id, account_id, state, epoch, started_at, settled_at, provider_id)
       SELECT $1, md5('attempt' || i)::uuid, (lpad(to_hex((extract(epoch FROM now() - interval '30 days') * 1000)::bigint + i), 12, '0') || '7000' || substr(md5('old' || i), 1, 16))::uuid, $2,
         'accepted', 1, now() - interval '30 days', now() - interval '30 days', 'SM' || md5('old' || i) FROM generate_series($3::int, $4::int) i`,
      [workspaceId, accountId, from, to],
    );
  }
  await owner.query('SET session_replication_role = origin');
  await owner.query('VACUUM ANALYZE messages');
  await owner.query('VACUUM ANALYZE message_attempts');
}

/** Messages a second from the queue to the carrier: through the gate, the claim, the request and the settlement. */
async function drainRate(stack: Stack, count: number): Promise<number> {
  await queueCampaign(stack, count);
  const before = await acceptedCount(stack);
  const began = performance.now();
  // The first are under way by the time the last statement of the queueing is over: what counts is from here to the end. The carrier is asked,
  // not the queue: counting rows there would itself read past everything that went out.
  while ((await acceptedCount(stack)) < count) await sleep(100);
  const rate = (count - before) / ((performance.now() - began) / 1_000);
  const left = () => stack.owner.query<{ n: string }>('SELECT count(*) AS n FROM message_queue');
  while (Number((await left()).rows[0]?.n) > 0) await sleep(250);
  return rate;
}

async function measure(count: number, finished: number): Promise<number> {
  const stack = await startStack({ roles: ['api,worker'] });
  try {
    if (finished === 0) return await drainRate(stack, count);
    await addFinished(stack, finished, count);
    // A transaction that somebody left open: what is deleted meanwhile cannot be cleaned away.
    const open = new pg.Client({ connectionString: stack.ownerUrl });
    await open.connect();
    await open.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await open.query('SELECT count(*) FROM message_queue');
    const rate = await drainRate(stack, count);
    await open.query('ROLLBACK');
    await open.end();
    return rate;
  } finally {
    await stack.close();
  }
}

/**
 * How fast the queue is worked off, with nothing else there and with millions of finished messages and a transaction held open.
 *
 * @param options `count` messages, `finished` rows, `quick` for a look.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const quick = options.has('quick');
  const count = Number(options.get('count') ?? (quick ? 10_000 : 50_000));
  const finished = Number(options.get('finished') ?? (quick ? 200_000 : 5_000_000));
  const alone = await measure(count, 0);
  console.log(`alone: ${alone.toFixed(0)}/s`);
  const loaded = await measure(count, finished);
  printFigures({
    dispatch_per_s: alone.toFixed(0),
    dispatch_per_s_loaded: loaded.toFixed(0),
    finished_rows: finished,
    degraded_by: `${((1 - loaded / alone) * 100).toFixed(0)} %`,
  });
}
