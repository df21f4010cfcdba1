import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { sql } from 'kysely';
import { z } from 'zod';
import { inWorkspace } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import type { ApiEnv, RouteDeps } from './env.ts';
import { ProblemError } from './problems.ts';

/** What a change came to. */
export type Effect<T> = {
  readonly body: T;
  /** Sent with the answer and with its repeats. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Runs once, after the commit. */
  readonly after?: () => void | Promise<void>;
};

export type Effected<T> = { readonly body: T; readonly headers: Record<string, string> };

const storedHeadersSchema = z.record(z.string(), z.string());
const keptForMs = 86_400_000;

/**
 * Runs a change in one transaction of the actor's workspace. With an Idempotency-Key the answer is stored in that very
 * transaction, so a repeat, also after a crash, gets the same answer and changes nothing.
 *
 * @param schema of the answer's body: a repeat is read back through it.
 * @throws ProblemError `idempotency_key_reused`, `idempotency_in_progress`, and whatever `change` throws.
 */
export async function effect<T>(
  c: Context<ApiEnv>,
  deps: Pick<RouteDeps, 'engine'>,
  schema: z.ZodType<T>,
  change: (work: Work) => Promise<Effect<T>>,
): Promise<Effected<T>> {
  const { db, clock } = deps.engine;
  const { workspaceId } = c.var.actor;
  const key = c.req.header('idempotency-key');
  if (key === undefined) {
    const done = await inWorkspace(db, workspaceId, (tx) => change({ tx, workspaceId, now: clock.now() }));
    await done.after?.();
    return { body: done.body, headers: { ...done.headers } };
  }
  const hash = await requestHash(c);
  const done = await inWorkspace(db, workspaceId, async (tx): Promise<Effect<T>> => {
    const work = { tx, workspaceId, now: clock.now() };
    const stored = await claimKey(work, key, hash);
    if (stored !== null) return replayed(schema, stored);
    const result = await change(work);
    await storeAnswer(work, key, hash, result);
    return result;
  });
  await done.after?.();
  return { body: done.body, headers: { ...done.headers } };
}

/** An effect that is many transactions: see `createEffectInParts`. */
export type EffectInParts = <T>(
  c: Context<ApiEnv>,
  deps: Pick<RouteDeps, 'engine'>,
  schema: z.ZodType<T>,
  work: () => Promise<Effect<T>>,
) => Promise<Effected<T>>;

/**
 * For changes that commit in parts and of which repeating a part changes nothing. As `effect`, but no transaction, and so no connection,
 * is held while they run: the answer is stored once all is done. A repeat that comes meanwhile is refused by the process that works on
 * it; one that another process takes repeats the parts, and whoever stores the answer first has said it for both.
 */
export function createEffectInParts(): EffectInParts {
  const underWay = new Set<string>();
  return async (c, deps, schema, work) => {
    const { db, clock } = deps.engine;
    const { workspaceId } = c.var.actor;
    const key = c.req.header('idempotency-key');
    if (key === undefined) {
      const done = await work();
      await done.after?.();
      return { body: done.body, headers: { ...done.headers } };
    }
    const hash = await requestHash(c);
    const stored = (): Promise<StoredAnswer | null> =>
      inWorkspace(db, workspaceId, (tx) => claimKey({ tx, workspaceId, now: clock.now() }, key, hash));
    const name = `${workspaceId}/${key}`;
    if (underWay.has(name)) throw new ProblemError('idempotency_in_progress');
    underWay.add(name);
    try {
      const earlier = await stored();
      if (earlier !== null) return replayed(schema, earlier);
      const done = await work();
      const first = await inWorkspace(db, workspaceId, (tx) =>
        storeAnswer({ tx, workspaceId, now: clock.now() }, key, hash, done),
      );
      await done.after?.();
      const answered = first ? null : await stored();
      return answered === null ? { body: done.body, headers: { ...done.headers } } : replayed(schema, answered);
    } finally {
      underWay.delete(name);
    }
  };
}

type StoredAnswer = { readonly body: string; readonly headers: unknown };

function replayed<T>(schema: z.ZodType<T>, stored: StoredAnswer): Effected<T> {
  return {
    body: schema.parse(JSON.parse(stored.body)),
    headers: { ...storedHeadersSchema.parse(stored.headers), 'idempotency-replayed': 'true' },
  };
}

/** False where the key has an answer already. */
async function storeAnswer(work: Work, key: string, hash: Buffer, result: Effect<unknown>): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const rows = await tx
    .insertInto('idempotency_keys')
    .values({
      workspace_id: workspaceId,
      key,
      request_hash: hash,
      status: 200,
      headers: JSON.stringify(result.headers ?? {}),
      body: JSON.stringify(result.body ?? null),
      created_at: now,
    })
    .onConflict((oc) => oc.doNothing())
    .returning('key')
    .execute();
  return rows.length > 0;
}

async function requestHash(c: Context<ApiEnv>): Promise<Buffer> {
  const url = new URL(c.req.url);
  const hash = createHash('sha256');
  for (const part of [c.req.method, url.pathname, url.search]) hash.update(`${part.length}:${part}`);
  hash.update(new Uint8Array(await c.req.arrayBuffer()));
  return hash.digest();
}

async function claimKey(work: Work, key: string, hash: Buffer): Promise<StoredAnswer | null> {
  const { tx, workspaceId, now } = work;
  const lock = await sql<{ taken: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`${workspaceId}/${key}`}, 0)) AS taken`.execute(tx);
  if (lock.rows[0]?.taken !== true) throw new ProblemError('idempotency_in_progress');
  await tx
    .deleteFrom('idempotency_keys')
    .where('workspace_id', '=', workspaceId)
    .where('key', '=', key)
    .where('created_at', '<', new Date(now.getTime() - keptForMs))
    .execute();
  const stored = await tx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'body', 'headers'])
    .where('workspace_id', '=', workspaceId)
    .where('key', '=', key)
    .executeTakeFirst();
  if (stored === undefined) return null;
  if (!stored.request_hash.equals(hash)) throw new ProblemError('idempotency_key_reused');
  return { body: stored.body ?? 'null', headers: stored.headers ?? {} };
}
