import { sql } from 'kysely';
import type { ArrivedPage } from '../cohorts/arrival-pages.ts';
import { noRuns, type RunRef } from '../cohorts/run-ref.ts';
import { alone } from '../db/alone.ts';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import type { InboundDeps } from './inbound-deps.ts';
import { giveReply, waitingEnrollments } from './inbound-routing.ts';
import { reasonOf, toTheInbox } from './routed-text.ts';
import { startFlow } from './start-flow.ts';

/** Texts routed on in one transaction. */
export const returnedTextsBatch = 100;

/**
 * Routes on replies that were kept for someone whose enrollment did not want them after all: to another waiting enrollment, a keyword, an
 * answer to any text, else the inbox. Whatever ended the enrollment wrote a `released_texts` row in its transaction. Contacts are locked first, as for
 * any text (protocol 5). Compliance words are never kept.
 */
export async function routeReturnedTexts(deps: InboundDeps, work: Work): Promise<ArrivedPage> {
  const { tx, workspaceId } = work;
  const picked = await sql<{ message_id: string }>`
    SELECT message_id FROM released_texts WHERE workspace_id = ${workspaceId} ORDER BY message_id LIMIT ${returnedTextsBatch} FOR UPDATE SKIP LOCKED`.execute(
    tx,
  );
  const ids = picked.rows.map((row) => row.message_id);
  if (ids.length === 0) return { taken: 0, runs: noRuns, wake: [] };
  await sql`
    SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id IN (
      SELECT contact_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[])
    ) ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  const texts = await sql<{ id: string; contact_id: string; sender: string; body: string | null; created_at: Date }>`
    SELECT id, contact_id, sender, body, created_at FROM messages WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[]) ORDER BY id`.execute(
    tx,
  );
  const runs: RunRef[] = [];
  const wake: string[] = [];
  const flowIds = new Set<string>();
  for (const text of texts.rows) {
    const message = {
      id: text.id,
      contactId: text.contact_id,
      to: text.sender,
      body: text.body ?? '',
      at: text.created_at,
    };
    const found = await alone(tx, async () => {
      const waiting = await waitingEnrollments(work, message);
      return (await giveReply(deps, work, message, waiting)) ?? (await startFlow(deps, work, message));
    });
    // One that cannot be routed on waits for a person, and takes no other along.
    const routed = found instanceof Error ? toTheInbox : found;
    runs.push(...routed.runs);
    wake.push(...routed.wake);
    for (const flowId of routed.flowIds) flowIds.add(flowId);
    await sql`
      WITH handled AS (
        UPDATE messages SET handled_by = ${routed.handledBy}, consumed_by = ${routed.consumedBy}::uuid, reason = ${reasonOf(routed)}::jsonb
        WHERE workspace_id = ${workspaceId} AND id = ${text.id}
      )
      UPDATE contacts SET unhandled = unhandled OR ${routed.handledBy === 'unhandled'} WHERE workspace_id = ${workspaceId} AND id = ${text.contact_id}`.execute(
      tx,
    );
  }
  await sql`DELETE FROM released_texts WHERE workspace_id = ${workspaceId} AND message_id = ANY(${ids}::uuid[])`.execute(
    tx,
  );
  await writeFeed(work, {
    contactIds: texts.rows.map((text) => text.contact_id),
    flowIds: [...flowIds],
    counts: flowIds.size > 0,
  });
  return { taken: ids.length, runs, wake };
}
