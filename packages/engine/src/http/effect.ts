import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Plans, Trips } from '../db/connection.ts';
import { inWorkspace } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import type { ApiEnv, ChangeDetail, RouteDeps } from './env.ts';
import { ProblemError } from './problems.ts';
import { tagOf } from './revisions.ts';
import type { Audit, Declaration } from './route.ts';
import { sentFields } from './sent-fields.ts';

/** What a change came to. */
export type Effect<T> = {
  readonly body: T;
  /** What was changed, by its id as the API shows it; null where it is nothing that has one. */
  readonly subject: string | null;
  /** What else the audit trail says: numbers and codes, and nothing that could be about a person. */
  readonly detail?: ChangeDetail;
  /** Sent with the answer and with its repeats. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Runs once, after the commit. */
  readonly after?: () => void | Promise<void>;
};

/** What a change came to whose answer is the document that it changed: it carries its tag, and whoever watches the workspace hears of it. */
export function changedDocument<T extends { readonly id: string; readonly revision: number | string }>(
  deps: Pick<RouteDeps, 'engine'>,
  { workspaceId }: Work,
  body: T,
): Effect<T> {
  return {
    body,
    subject: body.id,
    headers: { etag: tagOf(body.revision) },
    after: () => deps.engine.notifier.changed(workspaceId),
  };
}

export type Effected<T> = { readonly body: T; readonly headers: Record<string, string> };

const storedHeadersSchema = z.record(z.string(), z.string());
const answerLifeMs = 86_400_000;

/** A route whose change has a name in the audit trail. */
type ChangingRoute = { readonly 'x-signalbox': Declaration & { readonly audit: Audit } };

/**
 * The one door for changes: runs one in a transaction of the actor's workspace, which ends with its row in the audit trail. With an
 * Idempotency-Key the answer is stored in that very transaction too, so a repeat, also after a crash, gets the same answer and changes
 * nothing.
 *
 * @param schema of the answer's body: a repeat is read back through it.
 * @throws ProblemError `idempotency_key_reused`, `idempotency_in_progress`, and whatever `change` throws.
 */
export async function effect<T>(
  c: Context<ApiEnv>,
  deps: Pick<RouteDeps, 'engine'>,
  route: ChangingRoute,
  schema: z.ZodType<T>,
  change: (work: Work) => Promise<Effect<T>>,
  { plans = 'new', trips = 'each' }: { readonly plans?: Plans; readonly trips?: Trips } = {},
): Promise<Effected<T>> {
  const { db, clock } = deps.engine;
  const { workspaceId } = c.var.actor;
  const key = c.req.header('idempotency-key');
  const hash = key === undefined ? null : await requestHash(c);
  const fields = (await sentFields(c.req)).sort();
  const done = await inWorkspace(
    db,
    workspaceId,
    async (tx) => {
      const work = { tx, workspaceId, now: clock.now() };
      const stored = key === undefined || hash === null ? null : await claimKey(work, key, hash);
      if (stored !== null) return replayed(schema, stored);
      const result = await change(work);
      await record(c, deps, route, work, fields, result);
      if (key !== undefined && hash !== null) await storeAnswer(work, key, hash, result);
      return result;
    },
    plans,
    trips,
  );
  if ('after' in done) await done.after?.();
  return { body: done.body, headers: { ...done.headers } };
}

/** Runs a part of a change in a transaction of its own; the first that commits takes the row of the audit trail with it. */
export type RunPart = <T>(part: (work: Work) => Promise<T>) => Promise<T>;

/** What a change in parts came to. */
export type EffectOfParts<T> = Omit<Effect<T>, 'subject' | 'detail'>;

/** An effect that is many transactions: see `createEffectInParts`. */
export type EffectInParts = <T>(
  c: Context<ApiEnv>,
  deps: Pick<RouteDeps, 'engine'>,
  route: ChangingRoute,
  schema: z.ZodType<T>,
  work: (runPart: RunPart) => Promise<EffectOfParts<T>>,
) => Promise<Effected<T>>;

/**
 * For changes that commit in parts, one after another, and of which repeating a part changes nothing. As `effect`, but no transaction, and
 * so no connection, is held while they run: the answer is stored once all is done. A repeat that comes meanwhile is refused by the process
 * that works on it; one that another process takes repeats the parts, and whoever stores the answer first has said it for both.
 */
export function createEffectInParts(): EffectInParts {
  const underWay = new Set<string>();
  return async (c, deps, route, schema, work) => {
    const { db, clock } = deps.engine;
    const { workspaceId } = c.var.actor;
    const runPart = createRunPart(c, deps, route);
    const key = c.req.header('idempotency-key');
    if (key === undefined) {
      const done = await work(runPart);
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
      const done = await work(runPart);
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

function createRunPart(c: Context<ApiEnv>, deps: Pick<RouteDeps, 'engine'>, route: ChangingRoute): RunPart {
  const { db, clock } = deps.engine;
  const { workspaceId } = c.var.actor;
  let recorded = false;
  return async (part) => {
    const result = await inWorkspace(db, workspaceId, async (tx) => {
      const work = { tx, workspaceId, now: clock.now() };
      const done = await part(work);
      if (!recorded) await record(c, deps, route, work, [], { subject: null });
      return done;
    });
    recorded = true;
    return result;
  };
}

function record(
  c: Context<ApiEnv>,
  deps: Pick<RouteDeps, 'engine'>,
  route: ChangingRoute,
  work: Work,
  fields: readonly string[],
  { subject, detail = {} }: Pick<Effect<unknown>, 'subject' | 'detail'>,
): Promise<void> {
  const { resource, verb, audit } = route['x-signalbox'];
  const { actor, requestId } = c.var;
  return deps.engine.recordChange(work, {
    actor,
    resource,
    verb,
    action: audit.action,
    subject,
    fields,
    detail,
    requestId,
  });
}

type StoredAnswer = { readonly body: string; readonly headers: unknown };

function replayed<T>(schema: z.ZodType<T>, stored: StoredAnswer): Effected<T> {
  return {
    body: schema.parse(JSON.parse(stored.body)),
    headers: { ...storedHeadersSchema.parse(stored.headers), 'idempotency-replayed': 'true' },
  };
}

/** False where the key has an answer already. */
async function storeAnswer(work: Work, key: string, hash: Buffer, result: EffectOfParts<unknown>): Promise<boolean> {
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
    .where('created_at', '<', new Date(now.getTime() - answerLifeMs))
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
