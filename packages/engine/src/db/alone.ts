import { sql } from 'kysely';
import { isOutage, type WorkspaceTx } from './database.ts';

/**
 * Runs one item's work under a savepoint. Whatever goes wrong in it is its own failure, but for a deadlock or a lost connection, which
 * fail the whole transaction: that is tried again.
 */
export async function alone<T>(tx: WorkspaceTx, work: () => Promise<T>): Promise<T | Error> {
  await sql`SAVEPOINT item`.execute(tx);
  try {
    const result = await work();
    await sql`RELEASE SAVEPOINT item`.execute(tx);
    return result;
  } catch (error) {
    if (!(error instanceof Error) || isOutage(error)) throw error;
    await sql`ROLLBACK TO SAVEPOINT item`.execute(tx);
    return error;
  }
}
