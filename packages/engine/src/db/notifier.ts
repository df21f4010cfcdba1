import { sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Db } from './database.ts';

/** How long it takes until a connection that is gone, or a nudge that could not be sent, is tried again. */
const retryMs = 1_000;

export type Notifier = {
  /** Something of a workspace changed: tells this process now, the others soon. */
  readonly changed: (workspaceId: string) => void;
  /** Messages were queued: tells dispatchers in other processes. */
  readonly queued: () => void;
  /** Calls `listener` with each workspace that changed. @returns the way to stop listening. */
  readonly onChanged: (listener: (workspaceId: string) => void) => () => void;
  /** Calls `listener` when nudges may have been missed. @returns the way to stop listening. */
  readonly onGap: (listener: () => void) => () => void;
  readonly onQueued: (listener: () => void) => void;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * Nudges across processes by NOTIFY, after commits and coalesced. While the connection is away nudges are missed: once it is back, whoever
 * listens hears that there was a gap and looks for itself (protocol 31).
 */
export function createNotifier(options: {
  readonly db: Db;
  readonly log: Logger;
  readonly listenUrl: string | null;
}): Notifier {
  const channel = 'signalbox';
  const changedListeners = new Set<(workspaceId: string) => void>();
  const queuedListeners = new Set<() => void>();
  const gapListeners = new Set<() => void>();
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let client: pg.Client | null = null;
  let stopped = false;

  const flush = async (): Promise<void> => {
    timer = null;
    const payloads = [...pending];
    pending.clear();
    if (stopped || payloads.length === 0) return;
    try {
      await sql`SELECT pg_notify(${channel}, p) FROM unnest(${payloads}::text[]) AS u(p)`.execute(options.db.router);
    } catch (error) {
      options.log.debug({ err: error }, 'nudges could not be sent; they will be tried again');
      for (const payload of payloads) pending.add(payload);
      if (!stopped) timer ??= setTimeout(() => void flush(), retryMs);
    }
  };

  const send = (payload: string): void => {
    if (options.listenUrl === null) return;
    pending.add(payload);
    timer ??= setTimeout(() => void flush(), payload === 'queued' ? 10 : 250);
  };

  const tellChanged = (workspaceId: string): void => {
    for (const listener of changedListeners) listener(workspaceId);
  };

  const connect = async (): Promise<void> => {
    if (options.listenUrl === null || stopped) return;
    const next = new pg.Client({
      connectionString: options.listenUrl,
      application_name: 'signalbox-listen',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    next.on('notification', ({ payload }) => {
      if (payload === 'queued') for (const listener of queuedListeners) listener();
      else if (payload?.startsWith('changed:')) tellChanged(payload.slice(8));
    });
    const lose = (): void => {
      if (client !== next) return;
      client = null;
      reconnect();
    };
    next.on('error', lose);
    next.on('end', lose);
    await next.connect();
    await next.query(`LISTEN ${channel}`);
    client = next;
    if (stopped) await next.end();
  };

  const reconnect = (): void => {
    if (stopped) return;
    setTimeout(() => {
      connect().then(
        () => {
          for (const listener of [...gapListeners, ...queuedListeners]) listener();
        },
        (error: unknown) => {
          options.log.debug({ err: error }, 'nobody can be heard yet; it will be tried again');
          reconnect();
        },
      );
    }, retryMs);
  };

  return {
    changed(workspaceId) {
      tellChanged(workspaceId);
      send(`changed:${workspaceId}`);
    },
    queued: () => send('queued'),
    onChanged(listener) {
      changedListeners.add(listener);
      return () => changedListeners.delete(listener);
    },
    onGap(listener) {
      gapListeners.add(listener);
      return () => gapListeners.delete(listener);
    },
    onQueued(listener) {
      queuedListeners.add(listener);
    },
    start: connect,
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
