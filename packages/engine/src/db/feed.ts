import { sql } from 'kysely';
import { toldLater } from './connection.ts';
import type { Work } from './work.ts';

/** Ids that changed. More contacts than this are announced as "everything". */
const mostIds = 50;

/** Something else that changed than a flow or a contact: `accounts`, say, with ids as the API shows them. */
export type FeedTopic = { readonly topic: string; readonly ids: readonly string[] };

/** Announces a change of something that is neither a flow nor a contact, for whoever shows that topic. */
export async function writeTopic({ tx, workspaceId, now: at }: Work, { topic, ids }: FeedTopic): Promise<void> {
  const many = ids.length > mostIds;
  await sql`
    INSERT INTO feed (workspace_id, topic, ids, everything, at)
    VALUES (${workspaceId}, ${topic}, ${many ? [] : [...ids]}::text[], ${many}, ${at})`.execute(tx);
}

/** Announces what a transaction changed to server-sent events: one row, ids only, whatever the number of people. */
export async function writeFeed(
  work: Work,
  change: { readonly flowIds?: readonly string[]; readonly contactIds?: readonly string[]; readonly counts?: boolean },
): Promise<void> {
  const { tx, workspaceId, now: at } = work;
  const contacts = [...new Set(change.contactIds ?? [])];
  const many = contacts.length > mostIds;
  await sql`${toldLater}
    INSERT INTO feed (workspace_id, flow_ids, contact_ids, counts, everything, at)
    VALUES (${workspaceId}, ${[...(change.flowIds ?? [])]}::uuid[], ${many ? [] : contacts}::uuid[], ${change.counts ?? false}, ${many}, ${at})`.execute(
    tx,
  );
}
