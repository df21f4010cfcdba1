import type { Logger } from 'pino';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Notifier } from '../db/notifier.ts';
import { countsOf, flowIds } from '../flows/store.ts';
import { shown } from '../http/ids.ts';
import type { StreamEvent } from './contract.ts';
import { type Cursor, type FeedRow, isKept, mostRows, presentCursor, readFeed } from './feed-rows.ts';

/** An event with the cursor from which a client goes on after it. */
export type FeedEvent = { readonly id: string; readonly event: StreamEvent };

/** Takes events in order; false says that it cannot keep up and must be dropped. */
export type FeedListener = (events: readonly FeedEvent[]) => boolean;

type Reader = {
  readonly workspaceId: string;
  readonly listeners: Set<FeedListener>;
  /** Watchers that have not got their first events yet. */
  joining: number;
  cursor: Cursor | null;
  /** Everything that reads goes one after another, so that no older count follows a newer one. */
  chain: Promise<void>;
  timer: NodeJS.Timeout | null;
};

const gatherMs = 50;
/** A row behind a transaction still open is looked for again after this. */
const hiddenMs = 100;
const mostContacts = 200;

export type FeedHub = ReturnType<typeof createFeedHub>;

/** One reader of the feed for each workspace that somebody watches. It reads when something changed, never on a clock. */
export function createFeedHub(deps: {
  readonly db: Db;
  readonly log: Logger;
  readonly notifier: Pick<Notifier, 'onChanged'>;
  readonly now: () => Date;
}) {
  const { db, log } = deps;
  const readers = new Map<string, Reader>();

  const schedule = (reader: Reader, ms: number): void => {
    reader.timer ??= setTimeout(() => {
      reader.timer = null;
      void enqueue(reader, () => advance(reader));
    }, ms);
  };

  const stopNotices = deps.notifier.onChanged((workspaceId) => {
    const reader = readers.get(workspaceId);
    if (reader !== undefined) schedule(reader, gatherMs);
  });

  const enqueue = (reader: Reader, work: () => Promise<void>): Promise<void> => {
    reader.chain = reader.chain
      .then(work)
      .catch((error: unknown) => log.error({ err: error }, 'the feed could not be read'));
    return reader.chain;
  };

  const advance = async (reader: Reader): Promise<void> => {
    if (reader.cursor === null || reader.listeners.size === 0) return;
    const { rows, hidden } = await readFeed(db, reader.workspaceId, reader.cursor, null);
    const last = rows.at(-1);
    if (last !== undefined) {
      reader.cursor = { xid: last.xid, id: last.id };
      tell(reader, await toEvents(reader.workspaceId, rows, reader.cursor));
    }
    if (rows.length === mostRows) schedule(reader, 0);
    else if (hidden) schedule(reader, hiddenMs);
  };

  const tell = (reader: Reader, events: readonly FeedEvent[]): void => {
    for (const listener of reader.listeners) if (!listener(events)) leave(reader, listener);
  };

  const toEvents = async (workspaceId: string, rows: readonly FeedRow[], cursor: Cursor): Promise<FeedEvent[]> => {
    const counted = new Set(rows.flatMap((row) => (row.counts ? row.flow_ids : [])));
    const flows = new Set(rows.flatMap((row) => (row.counts ? [] : row.flow_ids)));
    const contacts = new Set(rows.flatMap((row) => row.contact_ids));
    const all = rows.some((row) => row.everything) || contacts.size > mostContacts;
    const events: StreamEvent[] = [];
    if (counted.size > 0)
      events.push({ event: 'counts', data: { counts: await readCountsOf(workspaceId, [...counted]) } });
    const flowIds = [...flows].map((id) => shown('flow', id));
    const contactIds = all ? [] : [...contacts].map((id) => shown('contact', id));
    const topics = topicsOf(rows, flowIds, contactIds);
    if (all || topics.length > 0) {
      events.push({ event: 'changed', data: { flows: flowIds, contacts: contactIds, topics, all } });
    }
    return events.map((event) => ({ id: showCursor(cursor), event }));
  };

  const readCountsOf = async (workspaceId: string, ids: readonly string[] | null) => {
    const counts = await inWorkspace(db, workspaceId, async (tx) =>
      countsOf({ tx, workspaceId }, ids ?? (await flowIds({ tx, workspaceId }))),
    );
    return [...counts].map(([id, count]) => ({ flow_id: shown('flow', id), ...count }));
  };

  const first = async (reader: Reader, resume: Cursor | null): Promise<FeedEvent[]> => {
    const { workspaceId } = reader;
    reader.cursor ??= await presentCursor(db, workspaceId);
    if (resume !== null && (await isKept(db, workspaceId, resume, deps.now()))) {
      const missed = await readFeed(db, workspaceId, resume, reader.cursor);
      if (missed.rows.length < mostRows)
        return missed.rows.length === 0 ? [] : toEvents(workspaceId, missed.rows, reader.cursor);
    }
    return [
      {
        id: showCursor(reader.cursor),
        event: { event: 'snapshot', data: { counts: await readCountsOf(workspaceId, null) } },
      },
    ];
  };

  const leave = (reader: Reader, listener: FeedListener): void => {
    reader.listeners.delete(listener);
    if (reader.listeners.size > 0 || reader.joining > 0) return;
    if (reader.timer !== null) clearTimeout(reader.timer);
    reader.timer = null;
    readers.delete(reader.workspaceId);
  };

  return {
    /**
     * Watches a workspace. The listener first gets a snapshot, or what it missed since `lastEventId` where that is still kept.
     *
     * @returns the way to stop watching.
     */
    watch(workspaceId: string, lastEventId: string | undefined, listener: FeedListener): () => void {
      const reader = readers.get(workspaceId) ?? {
        workspaceId,
        listeners: new Set<FeedListener>(),
        joining: 0,
        cursor: null,
        chain: Promise.resolve(),
        timer: null,
      };
      readers.set(workspaceId, reader);
      reader.joining += 1;
      let watching = true;
      void enqueue(reader, async () => {
        try {
          if (!watching) return;
          const events = await first(reader, parseCursor(lastEventId));
          // From here on the chain tells it everything after the reader's cursor.
          if (watching && listener(events)) reader.listeners.add(listener);
        } finally {
          reader.joining -= 1;
          if (reader.listeners.size === 0) leave(reader, listener);
          else schedule(reader, 0);
        }
      });
      return () => {
        watching = false;
        leave(reader, listener);
      };
    },
    /** How many connections watch. */
    watchers: (): number => [...readers.values()].reduce((sum, reader) => sum + reader.listeners.size, 0),
    close(): void {
      stopNotices();
      for (const reader of readers.values()) if (reader.timer !== null) clearTimeout(reader.timer);
      readers.clear();
    },
  };
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

function parseCursor(text: string | undefined): Cursor | null {
  const parts = text === undefined ? null : /^(\d{1,19})-(\d{1,18})$/.exec(text);
  return parts?.[1] === undefined || parts[2] === undefined ? null : { xid: parts[1], id: parts[2] };
}
