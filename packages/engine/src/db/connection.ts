import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';

/** Counts every statement sent, BEGIN and SET included; tests and benchmarks read it. */
export const statements = { count: 0 };

/**
 * How a transaction's statements are planned. `new`: each for its own values, as PostgreSQL does by itself. `kept`: for any values, along
 * indexes wherever there are some; those that begin with `keptPlan` once a connection.
 */
export type Plans = 'new' | 'kept';

/** What a transaction that keeps plans begins with, beside its other settings. */
const keepPlans = `set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`;
const mark = '/* plan kept */';
/**
 * Put first into a statement of which planning takes longer than the work. It must have one text whatever it is about, and look each row up
 * by its whole key from a LATERAL subquery: such a plan stays right while tables grow, and a join does not.
 */
export const keptPlan: RawBuilder<unknown> = sql.raw(mark);

/** A connection is replaced after this, and with it the plans that it keeps: they are of tables as large as those were then. */
export const connectionSeconds = 60;

/**
 * Put first into a statement whose rows nobody looks at, in a transaction that asks for it (`Trips`): it is sent, and whatever comes after it is sent without waiting for its
 * answer. What goes wrong with it is thrown by a later statement or by the commit. Elsewhere it does nothing.
 */
export const toldLater: RawBuilder<unknown> = sql.raw('/* told later */');
const laterMark = '/* told later */';

/**
 * How often a transaction waits for the server. `each`: after each of its statements. `few`: not after those that begin with `toldLater`; it
 * must set no savepoints, after which an error would be another's.
 */
export type Trips = 'each' | 'few';

const openingStart = `SELECT set_config('app.workspace', `;
const fewTrips = '/* few trips */';

/** The statement that opens a transaction; it holds no parameters, so that it is sent together with BEGIN. */
export function opening(
  workspaceId: string,
  options: { readonly readOnly: boolean; readonly plans: Plans; readonly trips: Trips },
): string {
  const settings = [`set_config('app.workspace', ${pg.escapeLiteral(workspaceId)}, true)`];
  if (options.readOnly) settings.push(`set_config('transaction_read_only', 'on', true)`);
  if (options.plans === 'kept') settings.push(keepPlans);
  return `SELECT ${settings.join(', ')}${options.trips === 'few' ? ` ${fewTrips}` : ''}`;
}

type Query = (...args: unknown[]) => Promise<unknown>;

const names = new Map<string, string>();

/** A name for a prepared statement, the same for the same text. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  names.set(text, name);
  return name;
}

/** What a statement answers that was sent and not waited for. */
const tagged = (command: string): unknown => ({ command, rowCount: null, oid: 0, rows: [], fields: [] });

/**
 * Counts the statements of a connection, and saves trips: BEGIN goes with the first statement where that has no parameters; the one that opens a
 * transaction is not waited for, nor are those that say so; statements whose plans are kept are prepared.
 */
export function prepareConnection(client: pg.PoolClient): void {
  const send: Query = client.query.bind(client);
  let begins = false;
  let keeps = false;
  let few = false;
  /** Sent in this transaction and not waited for. */
  let ahead: Array<Promise<unknown>> = [];

  const sendAhead = (text: string, values?: unknown): unknown => {
    const sent = values === undefined ? send(text) : send(text, values);
    sent.catch(() => undefined);
    ahead.push(sent);
    return tagged('SELECT');
  };
  /** Once one of those fails everything after it does: the first error is the one to tell. */
  const told = async (answer: Promise<unknown>): Promise<unknown> => {
    try {
      return await answer;
    } catch (error) {
      await Promise.all(ahead);
      throw error;
    }
  };

  const query: Query = async (...args) => {
    const [text, values] = args;
    statements.count += 1;
    if (typeof text !== 'string') return told(send(...args));
    if (text === 'begin') {
      begins = true;
      ahead = [];
      return tagged('BEGIN');
    }
    const isEnd = text === 'commit' || text === 'rollback';
    if (begins) {
      begins = false;
      if (isEnd) return tagged(text.toUpperCase());
      if (!Array.isArray(values) || values.length === 0) {
        keeps = text.includes(keepPlans);
        few = text.endsWith(fewTrips);
        if (text.startsWith(openingStart)) return sendAhead(`begin; ${text}`);
        const results = await send(`begin; ${text}`);
        return Array.isArray(results) ? results.at(-1) : results;
      }
      await send('begin');
    }
    if (isEnd) {
      const waited = ahead;
      ahead = [];
      keeps = false;
      few = false;
      const ended = send(...args);
      if (text === 'rollback') return ended;
      // PostgreSQL answers a commit after an error with a rollback, and says nothing more.
      const [done] = await Promise.all([ended, ...waited]);
      return done;
    }
    if (few && text.startsWith(laterMark)) return sendAhead(text, values);
    return told(keeps && text.startsWith(mark) ? send({ name: nameOf(text), text, values }) : send(...args));
  };
  Object.assign(client, { query });
}
