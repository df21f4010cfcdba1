import { type Db, inWorkspace } from '../db/database.ts';
import { countsOf, flowIds } from '../flows/store.ts';
import { shown } from '../http/ids.ts';
import type { StreamEvent } from './contract.ts';
import type { Cursor, FeedRow } from './feed-rows.ts';

/** An event with the cursor from which a client goes on after it. */
export type FeedEvent = { readonly id: string; readonly event: StreamEvent };

/** More contacts than this that changed at once are told as everything. */
const mostContacts = 200;

/** What a client begins with: the counts of every flow. */
export async function snapshotOf(db: Db, workspaceId: string, cursor: Cursor): Promise<FeedEvent> {
  const counts = await readCountsOf(db, workspaceId, null);
  return { id: showCursor(cursor), event: { event: 'snapshot', data: { counts } } };
}

/** What rows of the feed say, with the counts of the flows that moved as they are now. */
export async function changesOf(
  db: Db,
  workspaceId: string,
  rows: readonly FeedRow[],
  cursor: Cursor,
): Promise<FeedEvent[]> {
  const counted = new Set(rows.flatMap((row) => (row.counts ? row.flow_ids : [])));
  const flows = new Set(rows.flatMap((row) => (row.counts ? [] : row.flow_ids)));
  const contacts = new Set(rows.flatMap((row) => row.contact_ids));
  const all = rows.some((row) => row.everything) || contacts.size > mostContacts;
  const events: StreamEvent[] = [];
  if (counted.size > 0)
    events.push({ event: 'counts', data: { counts: await readCountsOf(db, workspaceId, [...counted]) } });
  const flowIds = [...flows].map((id) => shown('flow', id));
  const contactIds = all ? [] : [...contacts].map((id) => shown('contact', id));
  const topics = topicsOf(rows, flowIds, contactIds);
  if (all || topics.length > 0)
    events.push({ event: 'changed', data: { flows: flowIds, contacts: contactIds, topics, all } });
  return events.map((event) => ({ id: showCursor(cursor), event }));
}

async function readCountsOf(db: Db, workspaceId: string, ids: readonly string[] | null) {
  const counts = await inWorkspace(db, workspaceId, async (tx) =>
    countsOf({ tx, workspaceId }, ids ?? (await flowIds({ tx, workspaceId }))),
  );
  return [...counts].map(([id, count]) => ({ flow_id: shown('flow', id), ...count }));
}

/** Each topic that changed with its ids, once. */
function topicsOf(rows: readonly FeedRow[], flowIds: readonly string[], contactIds: readonly string[]) {
  const topics = new Map<string, Set<string>>();
  const add = (topic: string, ids: readonly string[]) => {
    const known = topics.get(topic) ?? new Set();
    for (const id of ids) known.add(id);
    topics.set(topic, known);
  };
  if (flowIds.length > 0) add('flows', flowIds);
  if (contactIds.length > 0) add('contacts', contactIds);
  for (const row of rows) if (row.topic !== null) add(row.topic, row.ids);
  return [...topics].map(([topic, ids]) => ({ topic, ids: [...ids] }));
}

function showCursor(cursor: Cursor): string {
  return `${cursor.xid}-${cursor.id}`;
}
