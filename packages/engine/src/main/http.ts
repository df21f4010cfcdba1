import { createServer, IncomingMessage, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** Answers within a second or counts as away. */
const probeMs = 2_000;

export type Probes = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * Whether this process lives, and whether it can work. Neither needs a session.
 *
 * @param required the probes without which it is not ready; the others are shown alone.
 */
export function healthRoutes(probes: Probes, required: readonly string[]) {
  return new Hono()
    .get('/healthz', (c) => c.json({ ok: true }))
    .get('/readyz', async (c) => {
      const results = await Promise.all(
        Object.entries(probes).map(async ([name, probe]) => {
          const late = new Promise<never>((_resolve, reject) => setTimeout(reject, probeMs, new Error('late')).unref());
          const ok = await Promise.race([probe(), late]).then(
            () => true,
            () => false,
          );
          return [name, ok] as const;
        }),
      );
      const ready = results.every(([name, ok]) => ok || !required.includes(name));
      return c.json({ ready, ...Object.fromEntries(results) }, ready ? 200 : 503, { 'cache-control': 'no-store' });
    });
}

/** True once PostgreSQL answers. */
export function databaseProbe(db: Db): () => Promise<unknown> {
  return () => sql`SELECT 1`.execute(db.router);
}

export type HttpServer = { readonly port: number; readonly close: () => Promise<void> };

/**
 * A balancer keeps idle connections for some 60 seconds: ours live longer, so that it never sends into one that we are closing. A
 * request has to be there whole in two minutes, its head much sooner.
 */
const timeouts = { keepAliveTimeout: 75_000, headersTimeout: 20_000, requestTimeout: 120_000 } as const;

/**
 * Listens. `first` may take a request before `fetch` sees it, by answering true. `close` takes no more connections, and ends those still open after `graceMs`.
 *
 * @throws Error where the port cannot be had.
 */
export async function listen(
  fetch: (request: Request, bindings: { readonly incoming?: IncomingMessage }) => Response | Promise<Response>,
  where: { readonly host: string; readonly port: number },
  options: {
    readonly first?: (request: IncomingMessage, response: ServerResponse) => boolean;
    readonly graceMs?: number;
    /** Shorter ones, to see them pass. */
    readonly timeouts?: {
      readonly headersTimeout: number;
      readonly requestTimeout: number;
      readonly connectionsCheckingInterval: number;
    };
  } = {},
): Promise<HttpServer> {
  const { first, graceMs = 5_000 } = options;
  const rest = getRequestListener(
    (request, { incoming }) => fetch(request, incoming instanceof IncomingMessage ? { incoming } : {}),
    { overrideGlobalObjects: false },
  );
  const server = createServer({ ...timeouts, ...options.timeouts }, (incoming, response) => {
    if (first?.(incoming, response) !== true) void rest(incoming, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, 1_024, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : where.port;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        const end = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(end);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
