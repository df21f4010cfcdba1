import { sql } from 'kysely';
import { type Db, sqlState } from './database.ts';

/** What a database is called in Temporal, where several installations may share a namespace. */
export type Installation = {
  readonly id: string;
  /** Begins the names of its task queues and dispatchers. */
  readonly prefix: string;
  /**
   * Which database of which server this is; one restored from a dump is another. A copy of the server's files (a snapshot, a base
   * backup) says the same as the first, and nothing tells the two apart. Null where the server does not say.
   */
  readonly database: string | null;
};

/** Reads who this database is. */
export async function readInstallation(db: Db): Promise<Installation> {
  const { id, prefix } = await db.router.selectFrom('installation').select(['id', 'prefix']).executeTakeFirstOrThrow();
  return { id, prefix, database: await databaseIdentity(db) };
}

async function databaseIdentity(db: Db): Promise<string | null> {
  try {
    const { rows } = await sql<{ identity: string }>`
      SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid AS identity
      FROM pg_database WHERE datname = current_database()`.execute(db.router);
    return rows[0]?.identity ?? null;
  } catch (error) {
    // A managed server may keep its identity to itself.
    if (sqlState(error) === '42501') return null;
    throw error;
  }
}
