import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Actor, ApiEnv, RouteDeps } from '../http/env.ts';
import { ProblemError } from '../http/problems.ts';
import { findToken } from './tokens.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The session cookie's name: bound to the host where the connection is encrypted. */
export function sessionCookie(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-signalbox_session' : 'signalbox_session';
}

/** Who asks, by a bearer token or the session's cookie; null where neither is valid. */
export async function findActor(c: Context<ApiEnv>, deps: Pick<RouteDeps, 'engine'>): Promise<Actor | null> {
  const { db, clock, publicUrl } = deps.engine;
  const header = c.req.header('authorization');
  const bearer = header === undefined ? null : (/^Bearer ([\w-]{20,100})$/i.exec(header)?.[1] ?? null);
  if (header !== undefined && bearer === null) return null;
  const token = bearer ?? getCookie(c, sessionCookie(publicUrl));
  if (token === undefined || token === '') return null;
  const via = bearer === null ? 'session' : 'bearer';
  const found = await findToken(db, token, via, clock.now());
  return found === null ? null : { ...found, via };
}

/**
 * A page of another site cannot send our header without asking first, and browsers say where a request comes from.
 *
 * @throws ProblemError `cross_site`.
 */
function requireOwnPage(c: Context<ApiEnv>, publicUrl: string): void {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const own = new Set([new URL(publicUrl).origin, new URL(c.req.url).origin]);
  const foreign = (site !== undefined && site !== 'same-origin') || (origin !== undefined && !own.has(origin));
  if (c.req.header('x-signalbox') !== '1' || foreign) throw new ProblemError('cross_site');
}

/** Lets only requests with a valid session or token pass, and puts who it is into `actor`. */
export function authenticate(deps: Pick<RouteDeps, 'engine'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const actor = await findActor(c, deps);
    if (actor === null) throw new ProblemError('unauthenticated');
    if (!safeMethods.has(c.req.method)) {
      if (actor.via === 'session') requireOwnPage(c, deps.engine.publicUrl);
      if (actor.scope !== 'full') throw new ProblemError('read_only');
    }
    c.set('actor', actor);
    await next();
  };
}
