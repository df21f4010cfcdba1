import type { WorkspaceTx } from '@signalbox/engine/db/database';
import pg from 'pg';
import type { Harness } from './harness.ts';
import { until } from './harness.ts';

/** Watches who waits for whom in a harness's database. */
export type LockWatch = {
  /**
   * Resolves when a transaction waits, in a statement like this, for another one that stands still with its work done.
   *
   * @throws Error where that does not come about.
   */
  readonly waits: (statement: RegExp) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function watchLocks(ownerUrl: string): Promise<LockWatch> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const waiting = async (): Promise<string[]> => {
    const result = await owner.query<{ query: string }>(`
      SELECT w.query FROM pg_stat_activity w WHERE w.datname = current_database() AND EXISTS (
        SELECT 1 FROM pg_stat_activity h WHERE h.pid = ANY(pg_blocking_pids(w.pid)) AND h.state = 'idle in transaction')`);
    return result.rows.map((row) => row.query);
  };
  return {
    waits: async (statement) => {
      let seen: readonly string[] = [];
      await until(`a transaction to wait in ${statement}`, async () => {
        seen = await waiting();
        return seen.some((query) => statement.test(query));
      }).catch((error: unknown) => {
        throw seen.length === 0 ? error : new Error(`Others wait, in: ${seen.join('\n')}`, { cause: error });
      });
    },
    close: () => owner.end(),
  };
}

/** A transaction that stays open, with its work done, until it is committed: as another process would have it. */
export async function openTransaction(
  harness: Harness,
  work: (tx: WorkspaceTx) => Promise<unknown>,
): Promise<{ readonly commit: () => Promise<void> }> {
  const worked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const done = harness.inTx(async (tx) => {
    await work(tx);
    worked.resolve();
    await goOn.promise;
  });
  await Promise.race([worked.promise, done]);
  return {
    commit: async () => {
      goOn.resolve();
      await done;
    },
  };
}
