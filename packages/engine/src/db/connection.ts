import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';

/** Counts every statement sent, BEGIN and SET included; tests and benchmarks read it. */
export const statements = { count: 0 };

/**
 * How a transaction's statements are planned. `new`: each for its own values, as PostgreSQL does by itself. `kept`: once a connection, for
 * any values, and along indexes only; for what finds every row by its key, where planning takes longer than the work.
 */
export type Plans = 'new' | 'kept';

/** What a transaction that keeps its plans begins with, beside its other settings. */
const keepPlans = `set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`;
/** Put first into a statement outside such a transaction: its plan is kept as well. */
export const keptPlan: RawBuilder<unknown> = sql.raw('/* plan kept */');

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
/** More different statements than this are not remembered by a connection. */
const mostNames = 300;

/** A name for a prepared statement, the same for the same text; undefined where there are too many. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
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
    if (Array.isArray(values) && values.length > 0 && (keeps || text.startsWith('/* plan kept */'))) {
      const name = nameOf(text);
      if (name !== undefined) return send({ name, text, values });
    }
    return send(...args);
  };
  Object.assign(client, { query });
}

const tagged = (command: string): unknown => ({ command, rowCount: null, oid: 0, rows: [], fields: [] });
