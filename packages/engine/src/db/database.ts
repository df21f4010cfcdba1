import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { connectionSeconds, opening, type Plans, prepareConnection, type Trips } from './connection.ts';
import type { Database } from './schema.ts';

/** A transaction bound to one workspace: row-level security lets it see nothing else. */
export type WorkspaceTx = Transaction<Database>;

/**
 * The runtime connections: `app` works in one workspace a transaction, `router` across them on ids only. `bulk` is `app` again for
 * the steps of large runs, so that a campaign never takes the connection that a reply needs (protocol 9); `webhooks` and
 * `sessions` are `app` and `access` is `router` once more, so that texts are taken, and people sign in and are known, while everything
 * else waits for a connection.
 */
export type Db = {
  readonly app: Kysely<Database>;
  readonly bulk: Kysely<Database>;
  readonly webhooks: Kysely<Database>;
  readonly sessions: Kysely<Database>;
  readonly access: Kysely<Database>;
  readonly router: Kysely<Database>;
  readonly close: () => Promise<void>;
};

/**
 * Opens pools for the runtime roles. Nothing connects until the first query.
 *
 * @param options.onError hears of idle connections that broke; the pool replaces them.
 */
export function openDb(options: {
  readonly appUrl: string;
  readonly routerUrl: string;
  readonly appConnections?: number;
  readonly bulkConnections?: number;
  readonly routerConnections?: number;
  /** A statement that takes longer is cancelled. */
  readonly statementTimeoutMs?: number;
  readonly onError?: (error: Error) => void;
}): Db {
  const app = pool(options.appUrl, options.appConnections ?? 12, options);
  const bulk = pool(options.appUrl, options.bulkConnections ?? 4, options);
  const webhooks = pool(options.appUrl, webhookConnections, options);
  const sessions = pool(options.appUrl, sessionConnections, options);
  const router = pool(options.routerUrl, options.routerConnections ?? 4, options);
  const access = pool(options.routerUrl, accessConnections, options);
  return {
    app,
    bulk,
    webhooks,
    sessions,
    router,
    access,
    close: async () => {
      await Promise.all([app, bulk, webhooks, sessions, router, access].map((each) => each.destroy()));
    },
  };
}

/** Texts and receipts share transactions, and a session or a token is a row or two by its key: few are enough for any number of them. */
const webhookConnections = 4;
const sessionConnections = 2;
const accessConnections = 2;
const statementTimeoutMs = 30_000;

function pool(
  url: string,
  max: number,
  options: { readonly onError?: (error: Error) => void; readonly statementTimeoutMs?: number },
): Kysely<Database> {
  const connections = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    maxLifetimeSeconds: connectionSeconds,
    statement_timeout: options.statementTimeoutMs ?? statementTimeoutMs,
    // A process that hangs inside a transaction must not hold its locks for ever.
    idle_in_transaction_session_timeout: 60_000,
    // Statements may be sent before those before them are answered (db/connection.ts).
    pipeline: true,
  });
  connections.on('error', (error) => options.onError?.(error));
  connections.on('connect', prepareConnection);
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: connections }) });
}

/** Pools of the application role beside `app`. */
type Side = 'bulk' | 'webhooks' | 'sessions';

/** The same connections, but `app`'s work goes through another pool. */
export function through<D extends Pick<Db, 'app' | Side>>(db: D, pool: Side): D {
  return { ...db, app: db[pool] };
}

const retryable = new Set(['40P01', '40001']);

/** The SQLSTATE of a database error, or null for anything else. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** True for an error that the data itself causes (SQLSTATE classes 22 and 23): trying again changes nothing. */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && (state.startsWith('22') || state.startsWith('23'));
}

/**
 * True where the database could not do it for anybody just now: out of reach, shutting down, out of resources, or somebody else's
 * transaction was in the way (SQLSTATE classes 08, 40, 53, 55, 57, 58 and errors of the connection).
 */
export function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return /^(?:08|40|53|55|57|58)/.test(state);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^E[A-Z]+$/.test(code) || /connection|timeout exceeded|not queryable/i.test(error.message);
}

/**
 * Runs `work` in one transaction in which only `workspaceId` exists. A deadlock or serialisation failure runs the whole
 * transaction again (protocol 5), so `work` must change nothing outside the database.
 *
 * @param plans how its statements are planned.
 * @param trips how often it waits for the database.
 */
export function inWorkspace<T>(
  db: Db,
  workspaceId: string,
  work: (tx: WorkspaceTx) => Promise<T>,
  plans: Plans = 'new',
  trips: Trips = 'each',
): Promise<T> {
  return inTransaction(db, opening(workspaceId, { readOnly: false, plans, trips }), work);
}

/** As `inWorkspace`, for what only reads: the database refuses whatever would change something. */
export function readWorkspace<T>(db: Db, workspaceId: string, work: (tx: WorkspaceTx) => Promise<T>): Promise<T> {
  return inTransaction(db, opening(workspaceId, { readOnly: true, plans: 'new', trips: 'each' }), work);
}

async function inTransaction<T>(db: Db, begin: string, work: (tx: WorkspaceTx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.app.transaction().execute(async (tx) => {
        await sql.raw(begin).execute(tx);
        return work(tx);
      });
    } catch (error) {
      const state = sqlState(error);
      if (state === null || !retryable.has(state) || attempt >= 8) throw error;
    }
  }
}
