import { type RawBuilder, sql } from 'kysely';
import { listWorkspaces } from '../access/workspaces.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

const dayMs = 86_400_000;

/** What nobody asks for any more: which rows of a table, and how long after they were written. */
type Expiring = {
  readonly table: string;
  readonly at: string;
  readonly lifeMs: number;
  readonly which?: RawBuilder<unknown>;
};

const expiring: readonly Expiring[] = [
  // A browser that was away longer begins with a snapshot.
  { table: 'feed', at: 'at', lifeMs: dayMs / 24 },
  // As long as the API promises to know an Idempotency-Key.
  { table: 'idempotency_keys', at: 'created_at', lifeMs: dayMs },
  // Long enough for a person to look at what a provider sent that we did not understand, or about nothing that we sent.
  { table: 'unmatched_webhooks', at: 'received_at', lifeMs: 30 * dayMs },
  { table: 'message_receipts', at: 'received_at', lifeMs: 30 * dayMs, which: sql`message_id IS NULL` },
  // A provider sends a part that was not acknowledged for a day.
  { table: 'text_parts', at: 'received_at', lifeMs: 2 * dayMs, which: sql`joined_at IS NOT NULL` },
  // What the screen of the queue shows of the past hour, cancels and retries that ended.
  { table: 'queue_minutes', at: 'minute', lifeMs: 2 * 3_600_000 },
  { table: 'queue_holds', at: 'finished_at', lifeMs: dayMs, which: sql`finished_at IS NOT NULL` },
  { table: 'queue_retries', at: 'finished_at', lifeMs: dayMs, which: sql`finished_at IS NOT NULL` },
  // What was wrong a year ago.
  { table: 'notices', at: 'resolved_at', lifeMs: 365 * dayMs },
  // With their deliveries and attempts; docs/webhooks.md promises no more.
  { table: 'webhook_events', at: 'created_at', lifeMs: 30 * dayMs },
  { table: 'access_tokens', at: 'expires_at', lifeMs: 0 },
  // A link says for a month that it has expired; with the clicks that it still has.
  { table: 'links', at: 'expires_at', lifeMs: 30 * dayMs },
];

const page = 5_000;

/**
 * Deletes what nobody asks for any more: announcements of changes, answers kept for repeats, webhooks that were not understood, receipts
 * of nothing, notices of long ago, tokens and short links past their time, clicks of long ago. In short transactions, so that a table that grew long is not too much for one of them.
 */
export const expired = defineSweep({
  name: 'expired',
  every: 30_000,
  create: (deps) => async () => {
    const workspaces = await listWorkspaces(deps.db);
    const now = deps.clock.now().getTime();
    const all = workspaces.flatMap((workspaceId) =>
      [...expiring, { table: 'link_clicks', at: 'at', lifeMs: deps.linkClickLifeMs }].map((each) => ({
        ...each,
        workspaceId,
      })),
    );
    await inEach(deps.log, 'expired', all, async (each) => {
      for (let deleted = page; deleted === page; )
        deleted = await deletePage(deps.db, each, new Date(now - each.lifeMs));
    });
    return workspaces.length;
  },
});

/** Deletes rows that were written before `before`, at most a page of them. @returns how many. */
async function deletePage(
  db: Db,
  { workspaceId, table, at, which }: Expiring & { readonly workspaceId: string },
  before: Date,
): Promise<number> {
  const deleted = await inWorkspace(db, workspaceId, (tx) =>
    sql`
      DELETE FROM ${sql.table(table)} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${sql.table(table)}
        WHERE workspace_id = ${workspaceId} AND ${sql.ref(at)} < ${before} AND ${which ?? sql`true`} LIMIT ${page}
      ))`.execute(tx),
  );
  return Number(deleted.numAffectedRows ?? 0);
}
