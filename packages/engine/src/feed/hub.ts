import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import type { Notifier } from '../db/notifier.ts';
import { changesOf, type FeedEvent, snapshotOf } from './feed-events.ts';
import { type Cursor, isRemembered, mostRows, presentCursor, readFeed, readRecent } from './feed-rows.ts';

/** Takes events in order; false says that it cannot keep up and must be dropped. */
export type FeedListener = (events: readonly FeedEvent[]) => boolean;

type Reader = {
  readonly workspaceId: string;
  readonly listeners: Set<FeedListener>;
  /** Watchers that have not got their first events yet. */
  joining: number;
  cursor: Cursor | null;
  /** Rows behind the cursor that were told already: a transaction that began before them is still open. */
  ahead: ReadonlySet<string>;
  /** Everything that reads goes one after another, so that no older count follows a newer one. */
  chain: Promise<void>;
  timer: NodeJS.Timeout | null;
};

const gatherMs = 50;
/** While a transaction is open that began before a row, what it may commit is looked for again after this. */
const unsettledMs = 100;
/** What could not be read is tried again after this. */
const retryMs = 1_000;
/** A screen reads its data a little before its stream begins, or while the stream goes from one tab to another: told again at the beginning. */
const beginsBeforeMs = 60_000;

export type FeedHub = {
  /**
   * Watches a workspace. The listener first gets a snapshot, or what it missed since `lastEventId` where that is still kept.
   *
   * @returns the way to stop watching.
   */
  readonly watch: (workspaceId: string, lastEventId: string | undefined, listener: FeedListener) => () => void;
  /** How many connections watch. */
  readonly watchers: () => number;
  readonly close: () => void;
};

/** One reader of the feed for each workspace that somebody watches. It reads when something changed, never on a clock. */
export function createFeedHub(deps: {
  readonly db: Db;
  readonly log: Logger;
  readonly notifier: Pick<Notifier, 'onChanged' | 'onGap'>;
  readonly now: () => Date;
}): FeedHub {
  const { db, log } = deps;
  const readers = new Map<string, Reader>();
  let closed = false;

  const schedule = (reader: Reader, ms: number): void => {
    if (closed) return;
    reader.timer ??= setTimeout(() => {
      reader.timer = null;
      enqueue(
        reader,
        () => advance(reader),
        () => schedule(reader, retryMs),
      );
    }, ms);
  };

  const stopNotices = [
    deps.notifier.onChanged((workspaceId) => {
      const reader = readers.get(workspaceId);
      if (reader !== undefined) schedule(reader, gatherMs);
    }),
    deps.notifier.onGap(() => {
      for (const reader of readers.values()) schedule(reader, gatherMs);
    }),
  ];

  const enqueue = (reader: Reader, work: () => Promise<void>, onFailure: () => void): void => {
    reader.chain = reader.chain.then(work).catch((error: unknown) => {
      log.error({ err: error }, 'the feed could not be read; it will be tried again');
      onFailure();
    });
  };

  const advance = async (reader: Reader): Promise<void> => {
    if (reader.cursor === null || reader.listeners.size === 0) return;
    const { rows, settled } = await readFeed(db, reader.workspaceId, reader.cursor, null);
    const last = rows[settled - 1];
    const cursor = last === undefined ? reader.cursor : { xid: last.xid, id: last.id };
    const { ahead } = reader;
    const news = rows.filter((row) => !ahead.has(row.id));
    const events = await changesOf(db, reader.workspaceId, news, cursor);
    // Only here, so that what could not be read is read again.
    reader.cursor = cursor;
    reader.ahead = new Set(rows.slice(settled).map((row) => row.id));
    if (events.length > 0) tell(reader, events);
    if (rows.length === mostRows && settled > 0) schedule(reader, 0);
    else if (settled < rows.length) schedule(reader, unsettledMs);
  };

  const tell = (reader: Reader, events: readonly FeedEvent[]): void => {
    for (const listener of reader.listeners) if (!listener(events)) leave(reader, listener);
  };

  const first = async (reader: Reader, resume: Cursor | null): Promise<readonly FeedEvent[]> => {
    const { workspaceId } = reader;
    reader.cursor ??= await presentCursor(db, workspaceId);
    if (resume !== null && (await isRemembered(db, workspaceId, resume, deps.now()))) {
      const missed = await readFeed(db, workspaceId, resume, reader.cursor);
      if (missed.rows.length < mostRows) return changesOf(db, workspaceId, missed.rows, reader.cursor);
    }
    const since = new Date(deps.now().getTime() - beginsBeforeMs);
    const recent = await readRecent(db, workspaceId, reader.cursor, since);
    return [
      await snapshotOf(db, workspaceId, reader.cursor),
      ...(await changesOf(db, workspaceId, recent, reader.cursor)),
    ];
  };

  const leave = (reader: Reader, listener: FeedListener): void => {
    reader.listeners.delete(listener);
    if (reader.listeners.size > 0 || reader.joining > 0) return;
    if (reader.timer !== null) clearTimeout(reader.timer);
    reader.timer = null;
    if (readers.get(reader.workspaceId) === reader) readers.delete(reader.workspaceId);
  };

  return {
    watch(workspaceId, lastEventId, listener) {
      const reader = readers.get(workspaceId) ?? {
        workspaceId,
        listeners: new Set<FeedListener>(),
        joining: 0,
        cursor: null,
        ahead: new Set<string>(),
        chain: Promise.resolve(),
        timer: null,
      };
      readers.set(workspaceId, reader);
      reader.joining += 1;
      let watching = true;
      const join = async (): Promise<void> => {
        if (watching) {
          const events = await first(reader, parseCursor(lastEventId));
          // From here on the chain tells it everything after the reader's cursor; it has not heard what the others know already.
          if (watching && listener(events)) reader.listeners.add(listener);
          reader.ahead = new Set();
        }
        reader.joining -= 1;
        if (reader.listeners.size === 0) leave(reader, listener);
        else schedule(reader, 0);
      };
      const begin = (): void => enqueue(reader, join, () => void (closed || setTimeout(begin, retryMs)));
      begin();
      return () => {
        watching = false;
        leave(reader, listener);
      };
    },
    watchers: () => [...readers.values()].reduce((sum, reader) => sum + reader.listeners.size, 0),
    close() {
      closed = true;
      for (const stop of stopNotices) stop();
      for (const reader of readers.values()) if (reader.timer !== null) clearTimeout(reader.timer);
      readers.clear();
    },
  };
}

function parseCursor(text: string | undefined): Cursor | null {
  const parts = text === undefined ? null : /^(\d{1,19})-(\d{1,18})$/.exec(text);
  return parts?.[1] === undefined || parts[2] === undefined ? null : { xid: parts[1], id: parts[2] };
}
