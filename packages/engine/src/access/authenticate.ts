import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Actor, ApiEnv, RouteDeps } from '../http/env.ts';
import { ProblemError } from '../http/problems.ts';
import { logSecurity, tokenId } from '../http/security-events.ts';
import { allows } from './permitted.ts';
import { findToken, hashToken } from './tokens.ts';

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
  return found === null ? null : { ...found, via, may: (needs) => allows(found.scope, needs) };
}

/** Whether the browser says that a page of another site sent the request. Such a page cannot send our header without asking first, either. */
export function comesFromElsewhere(c: Context<ApiEnv>, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const own = new Set([new URL(publicUrl).origin, new URL(c.req.url).origin]);
  return (site !== undefined && site !== 'same-origin') || (origin !== undefined && !own.has(origin));
}

/** Lets only requests with a valid session or token pass, and puts who it is into `actor`. Who is turned away is written down. */
export function authenticate(deps: Pick<RouteDeps, 'engine'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const actor = await findActor(c, deps);
    if (actor === null) {
      // A browser that is not signed in is nothing to write down; a credential that does not hold is.
      if (c.req.header('authorization') !== undefined) logSecurity(c, 'token_refused', refusedToken(c));
      throw new ProblemError('unauthenticated');
    }
    const note = (why: string): void => logSecurity(c, 'request_refused', { ...actor, why });
    if (!safeMethods.has(c.req.method)) {
      const foreign = c.req.header('x-signalbox') !== '1' || comesFromElsewhere(c, deps.engine.publicUrl);
      if (actor.via === 'session' && foreign) {
        note('cross_site');
        throw new ProblemError('cross_site');
      }
      if (actor.scope !== 'full') {
        note('read_only');
        throw new ProblemError('read_only');
      }
    }
    c.set('actor', actor);
    c.set('log', c.var.log.child({ workspace: actor.workspaceId, token: tokenId(actor.tokenHash) }));
    await next();
  };
}

/** The token that a request came with, by its hash. */
function refusedToken(c: Context<ApiEnv>): { readonly tokenHash?: Buffer } {
  const given = /^Bearer (\S{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1];
  return given === undefined ? {} : { tokenHash: hashToken(given) };
}
