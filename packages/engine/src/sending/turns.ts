import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { queueState } from '../db/states.ts';

/** Whose turn it is to be claimed from. */

export type ReadyAccount = { readonly workspaceId: string; readonly accountId: string; readonly lane: number };

/** Accounts of the shard with something to claim, each with its best lane. */
export async function readyAccounts(db: Db, shard: number, now: Date): Promise<ReadyAccount[]> {
  const rows = await sql<{ workspace_id: string; id: string; lane: number }>`
    SELECT a.workspace_id, a.id, q.lane FROM accounts a CROSS JOIN LATERAL (
      SELECT lane FROM message_queue q WHERE q.account_id = a.id AND q.state = ${sql.lit(queueState.ready)} AND q.not_before <= ${now} ORDER BY lane, seq LIMIT 1
    ) q WHERE a.shard = ${shard}`.execute(db.router);
  return rows.rows.map((row) => ({ workspaceId: row.workspace_id, accountId: row.id, lane: row.lane }));
}

/** Lanes up to this one hold what somebody waits for: one-time passwords, transactions, replies. */
export const lastUrgentLane = 3;

/**
 * The order in which accounts are claimed from: those with something urgent first, then whoever was served longest ago, so that
 * no workspace starves behind another's campaign (protocol 24).
 */
export function takeTurns<A extends { readonly accountId: string; readonly lane: number }>(
  ready: readonly A[],
  servedAt: ReadonlyMap<string, number>,
): A[] {
  const rank = (entry: A) => (entry.lane <= lastUrgentLane ? entry.lane : lastUrgentLane + 1);
  return [...ready].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (servedAt.get(a.accountId) ?? -1) - (servedAt.get(b.accountId) ?? -1) ||
      (a.accountId < b.accountId ? -1 : 1),
  );
}

/** Places that an account may take now: a fair share of the free ones, and at least one. */
export function shareOf(room: number, accountsLeft: number): number {
  return Math.max(1, Math.ceil(room / Math.max(1, accountsLeft)));
}

/** Remembers who was served when. */
export type Turns = {
  /** The accounts with something to claim, in the order in which they are served. */
  readonly next: (now: Date) => Promise<ReadyAccount[]>;
  /** The account is being served now. */
  readonly served: (accountId: string) => void;
};

export function createTurns(db: Db, shard: number): Turns {
  const servedAt = new Map<string, number>();
  let turn = 0;
  return {
    next: async (now) => takeTurns(await readyAccounts(db, shard, now), servedAt),
    served(accountId) {
      turn += 1;
      servedAt.set(accountId, turn);
    },
  };
}

/**
 * Whether a claim waits for more free places, so that claims come in batches: what is urgent waits for one place, the rest for a fair
 * part of a whole batch. With nothing in flight nobody waits.
 */
export function waitsForRoom(options: {
  readonly lane: number;
  readonly room: number;
  readonly accounts: number;
  readonly inFlight: number;
  readonly claimSize: number;
}): boolean {
  const batch = options.lane <= lastUrgentLane ? 1 : options.claimSize;
  return options.room < Math.ceil(batch / options.accounts) && options.inFlight > 0;
}
