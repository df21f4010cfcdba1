import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { ApiEnv, Services } from './env.ts';

/** What one answered request leaves for whoever counts. */
export type ObservedRequest = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
};

/** Routes of which the address by itself opens something of a person's. */
const secretRoutes: ReadonlySet<string> = new Set(['/m/:token', '/l/:code', '/:code']);

/**
 * Gives every request an id, in the log and in the answer, and writes one line when it is answered. Bodies and queries are never logged, nor
 * addresses that open something for whoever has them.
 */
export function requestLog(
  engine: Pick<Services, 'log' | 'ids' | 'clock'>,
  onRequest: (request: ObservedRequest) => void,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w-]{1,64}$/.test(given) ? given : engine.ids.uuid();
    const log = engine.log.child({ request_id: requestId });
    c.set('requestId', requestId);
    c.set('log', log);
    c.header('x-request-id', requestId);
    const startedAt = engine.clock.monotonic();
    await next();
    const ms = Math.round(engine.clock.monotonic() - startedAt);
    // The one that answered: the last that ran.
    const route = routePath(c);
    onRequest({ method: c.req.method, route, status: c.res.status, ms });
    log[c.res.status >= 500 ? 'warn' : 'debug'](
      { method: c.req.method, path: secretRoutes.has(route) ? route : c.req.path, status: c.res.status, ms },
      'request',
    );
  };
}
