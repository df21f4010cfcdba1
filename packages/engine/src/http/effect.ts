import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { sql } from 'kysely';
import { z } from 'zod';
import { inWorkspace } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import type { ApiDeps, ApiEnv } from './env.ts';
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
  deps: Pick<ApiDeps, 'engine'>,
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
    if (stored !== null) {
      return {
        body: schema.parse(JSON.parse(stored.body)),
        headers: { ...storedHeadersSchema.parse(stored.headers), 'idempotency-replayed': 'true' },
      };
    }
    const result = await change(work);
    await tx
      .insertInto('idempotency_keys')
      .values({
        workspace_id: workspaceId,
        key,
        request_hash: hash,
        status: 200,
        headers: JSON.stringify(result.headers ?? {}),
        body: JSON.stringify(result.body ?? null),
        created_at: work.now,
      })
      .execute();
    return result;
  });
  await done.after?.();
  return { body: done.body, headers: { ...done.headers } };
}

async function requestHash(c: Context<ApiEnv>): Promise<Buffer> {
  const url = new URL(c.req.url);
  const hash = createHash('sha256');
  for (const part of [c.req.method, url.pathname, url.search, await c.req.text()])
    hash.update(`${part.length}:${part}`);
  return hash.digest();
}

async function claimKey(
  work: Work,
  key: string,
  hash: Buffer,
): Promise<{ readonly body: string; readonly headers: unknown } | null> {
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
