import { isLinkCode } from '@signalbox/nodes/text/links';
import { type Context, Hono } from 'hono';
import { clientAddress } from '../http/client-address.ts';
import type { ApiEnv } from '../http/env.ts';
import { findLink } from '../links/find-link.ts';
import { createGuessLimit } from '../links/guessing.ts';
import { readVisitor } from '../links/visitor.ts';
import { type ClickDeps, createClickLog } from './link-clicks.ts';

/** Nobody keeps an answer, and where it leads does not learn of the code. */
const headers = {
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
} as const;

const mostDomains = 10_000;

const page = (title: string, text: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`;

const unknown = page('No such link', 'Nothing is at this address. It may have been copied without its last letters.');
const expired = page('This link has expired', 'Ask whoever sent it to you for a new one.');

const tooMany = page('Too many links were asked for', 'None of them was there. Try again in a minute.');

const answerPage = (body: string, status: 404 | 410 | 429, more: Readonly<Record<string, string>> = {}): Response =>
  new Response(body, {
    status,
    headers: {
      ...headers,
      ...more,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    },
  });

/**
 * Short links: below `/l/` of the engine's own address, and at the root of a workspace's domain for links. They lead where they were made
 * to lead and nowhere that a request says. The click is written behind. Whoever tries codes is answered without asking the database, once
 * they have tried some (`links/guessing.ts`).
 */
export function linkPages(
  deps: ClickDeps & { readonly publicUrl: string },
  { trustedProxies = 0 }: { readonly trustedProxies?: number } = {},
) {
  const log = createClickLog(deps);
  const ownHost = new URL(deps.publicUrl).host;
  const guesses = createGuessLimit(deps.clock.monotonic);
  /** Hosts that were found to be some workspace's for links. */
  const linkDomains = new Set<string>();

  const addressOf = ({ env }: Context<ApiEnv>): string =>
    env?.incoming === undefined ? '' : clientAddress(env.incoming, trustedProxies);

  const follow = async (request: Request, address: string, code: string, below: boolean): Promise<Response | null> => {
    const host = (request.headers.get('host') ?? ownHost).toLowerCase();
    if (!below && (host === ownHost || !isLinkCode(code))) return null;
    if (!isLinkCode(code)) return answerPage(unknown, 404);
    const waitMs = guesses.waitMs(address);
    if (waitMs > 0) {
      // At a host that is not known to be for links it may be a page of the editor's: that is served as ever.
      if (!below && !linkDomains.has(host)) return null;
      return answerPage(tooMany, 429, { 'retry-after': String(Math.ceil(waitMs / 1_000)) });
    }
    const { link, isLinkDomain } = await findLink(deps.db, { code, host, below });
    if (isLinkDomain && linkDomains.size < mostDomains) linkDomains.add(host);
    if (link === null && (below || isLinkDomain)) guesses.missed(address);
    // At another name of the engine's own a word may be a page of the editor's.
    if (link === null) return below || isLinkDomain ? answerPage(unknown, 404) : null;
    const at = deps.clock.now();
    if (link.expiresAt <= at) return answerPage(expired, 410);
    const visitor = readVisitor({
      method: request.method,
      header: (name) => request.headers.get(name) ?? undefined,
    });
    log.add(link.workspaceId, { code, at, ...visitor });
    return new Response(null, { status: 302, headers: { ...headers, location: link.target } });
  };

  const app = new Hono<ApiEnv>()
    .get('/l/:code', async (c) => (await follow(c.req.raw, addressOf(c), c.req.param('code'), true)) ?? c.notFound())
    .get('/:code', async (c, next) => {
      const answer = await follow(c.req.raw, addressOf(c), c.req.param('code'), false);
      return answer ?? next();
    });
  return { app, drain: log.drain };
}
