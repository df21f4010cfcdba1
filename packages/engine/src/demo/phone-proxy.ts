import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { Agent, request } from 'undici';
import type { ApiEnv, DemoMode } from '../http/env.ts';
import { ProblemError } from '../http/problems.ts';

const allowed = /^\/demo\/phone\/(phones(\/[^/]+\/(messages|events)|\/pictures\/[0-9a-f]{64})?|numbers)$/;
const passedOn = ['accept', 'content-type', 'last-event-id'] as const;

/**
 * The phone on the screen reaches the demo carrier through us: its phones and numbers, nothing else of it. Cookies stay here.
 */
export function phoneRoutes(demo: DemoMode | null) {
  const app = new Hono<ApiEnv>();
  if (demo === null) return app;
  const agent = new Agent({ headersTimeout: 10_000, bodyTimeout: 0 });

  return app.on(['GET', 'POST'], '/demo/phone/*', async (c) => {
    const url = new URL(c.req.url);
    if (!allowed.test(decodeURIComponent(url.pathname))) throw new ProblemError('not_found');
    const headers: Record<string, string> = {};
    for (const name of passedOn) {
      const value = c.req.header(name);
      if (value !== undefined) headers[name] = value;
    }
    const answer = await request(
      `${demo.carrierUrl}/_carrier${url.pathname.slice('/demo/phone'.length)}${url.search}`,
      {
        method: c.req.method === 'POST' ? 'POST' : 'GET',
        headers,
        ...(c.req.method === 'POST' ? { body: await c.req.text() } : {}),
        dispatcher: agent,
        signal: c.req.raw.signal,
      },
    ).catch(() => null);
    if (answer === null) throw new ProblemError('carrier_unreachable');
    const contentType = answer.headers['content-type'];
    answer.body.on('error', () => undefined);
    return new Response(Readable.toWeb(answer.body), {
      status: answer.statusCode,
      headers: {
        'content-type': typeof contentType === 'string' ? contentType : 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    });
  });
}
