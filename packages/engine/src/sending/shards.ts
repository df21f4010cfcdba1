import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** Who dispatches for a shard of accounts: whoever took it last, told by its epoch (docs/decisions/0002). */
export type ShardOwner = { readonly shard: number; readonly epoch: number };

/** Raises the shard's epoch: whoever dispatched before is fenced from now on. */
export async function takeShard(db: Db, shard: number, now: Date): Promise<number> {
  const rows = await sql<{ epoch: string }>`
    UPDATE dispatch_shards SET epoch = epoch + 1, taken_at = ${now} WHERE shard = ${shard} RETURNING epoch`.execute(
    db.router,
  );
  const epoch = rows.rows[0]?.epoch;
  if (epoch === undefined) throw new Error(`There is no shard ${shard}.`);
  return Number(epoch);
}

/** Whether the epoch is still the shard's. */
export async function ownsShard(db: Db, { shard, epoch }: ShardOwner): Promise<boolean> {
  const rows = await sql`SELECT 1 FROM dispatch_shards WHERE shard = ${shard} AND epoch = ${epoch}`.execute(db.router);
  return rows.rows.length > 0;
}
