import { sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Db } from './database.ts';

/** Nudges across processes by NOTIFY, after commits and coalesced; a missed one costs at most a poll (protocol 31). */
export function createNotifier(options: { readonly db: Db; readonly log: Logger; readonly listenUrl: string | null }) {
  const channel = 'signalbox';
  const changedListeners = new Set<(workspaceId: string) => void>();
  const queuedListeners = new Set<() => void>();
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
      options.log.debug({ err: error }, 'a nudge was lost');
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
    const next = new pg.Client({ connectionString: options.listenUrl, application_name: 'signalbox-listen' });
    next.on('notification', ({ payload }) => {
      if (payload === 'queued') for (const listener of queuedListeners) listener();
      else if (payload?.startsWith('changed:')) tellChanged(payload.slice(8));
    });
    next.on('error', () => {
      client = null;
      if (!stopped) setTimeout(() => void connect().catch(() => undefined), 1_000);
    });
    await next.connect();
    await next.query(`LISTEN ${channel}`);
    client = next;
  };

  return {
    /** Something of a workspace changed: tells this process now, the others soon. */
    changed(workspaceId: string): void {
      tellChanged(workspaceId);
      send(`changed:${workspaceId}`);
    },
    /** Messages were queued: tells dispatchers in other processes. */
    queued: (): void => send('queued'),
    onChanged(listener: (workspaceId: string) => void): () => void {
      changedListeners.add(listener);
      return () => changedListeners.delete(listener);
    },
    onQueued: (listener: () => void): void => {
      queuedListeners.add(listener);
    },
    start: connect,
    async stop(): Promise<void> {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}

export type Notifier = ReturnType<typeof createNotifier>;
