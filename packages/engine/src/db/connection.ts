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

/** The statement that opens a transaction; it holds no parameters, so that it is sent together with BEGIN. */
export function opening(workspaceId: string, options: { readonly readOnly: boolean; readonly plans: Plans }): string {
  const settings = [`set_config('app.workspace', ${pg.escapeLiteral(workspaceId)}, true)`];
  if (options.readOnly) settings.push(`set_config('transaction_read_only', 'on', true)`);
  if (options.plans === 'kept') settings.push(keepPlans);
  return `SELECT ${settings.join(', ')}`;
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

/**
 * Counts the statements of a connection, sends BEGIN together with the first statement where that has no parameters, and prepares the
 * statements whose plans are kept.
 */
export function prepareConnection(client: pg.PoolClient): void {
  const send: Query = client.query.bind(client);
  let begins = false;
  let keeps = false;

  const query: Query = async (...args) => {
    const [text, values] = args;
    statements.count += 1;
    if (typeof text !== 'string') return send(...args);
    if (text === 'begin') {
      begins = true;
      return tagged('BEGIN');
    }
    const isEnd = text === 'commit' || text === 'rollback';
    if (isEnd) keeps = false;
    if (begins) {
      begins = false;
      if (isEnd) return tagged(text.toUpperCase());
      if (!Array.isArray(values) || values.length === 0) {
        keeps = text.includes(keepPlans);
        const results = await send(`begin; ${text}`);
        return Array.isArray(results) ? results.at(-1) : results;
      }
      await send('begin');
    }
    return keeps && text.startsWith(mark) ? send({ name: nameOf(text), text, values }) : send(...args);
  };
  Object.assign(client, { query });
}

const tagged = (command: string): unknown => ({ command, rowCount: null, oid: 0, rows: [], fields: [] });
