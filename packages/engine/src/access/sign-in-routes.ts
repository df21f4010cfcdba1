import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { ApiDeps, ApiEnv } from '../api/env.ts';
import { signInTexts } from '../api/texts.ts';
import { sessionCookie } from './authenticate.ts';
import { signIn } from './tokens.ts';

/** Links are followed by scanners and previews too: looking shows a button, only pressing it uses the link up. */
export function signInRoutes(deps: Pick<ApiDeps, 'engine'>) {
  const { db, clock, publicUrl } = deps.engine;
  const secure = publicUrl.startsWith('https:');
  return new Hono<ApiEnv>()
    .get('/sign-in', async (c, next) => {
      const token = c.req.query('token');
      if (token === undefined) return next();
      c.header('cache-control', 'no-store');
      return c.html(
        page(html`<h1>${signInTexts.heading}</h1><p>${signInTexts.text}</p>
          <form method="post" action="/sign-in"><input type="hidden" name="token" value="${token}"><button autofocus>${signInTexts.button}</button></form>`),
      );
    })
    .post('/sign-in', async (c) => {
      c.header('cache-control', 'no-store');
      const form = await c.req.parseBody();
      const token = form.token;
      const session = typeof token === 'string' ? await signIn(db, token, clock.now()) : null;
      if (session === null)
        return c.html(page(html`<h1>${signInTexts.failedHeading}</h1><p>${signInTexts.failedText}</p>`), 401);
      setCookie(c, sessionCookie(publicUrl), session.token, {
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure,
        expires: session.expiresAt,
      });
      return c.redirect('/', 303);
    });
}

function page(content: ReturnType<typeof html>) {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${signInTexts.title}</title>
<style>
:root{color-scheme:light dark;--ink:#16202e;--paper:#f6f7f9;--card:#fff;--line:#dfe3e9;--soft:#5b6675;--act:#1f4b9a}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--paper:#0f141b;--card:#171e28;--line:#2a3442;--soft:#9aa6b6;--act:#7aa7f5}}
*{box-sizing:border-box}body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:24px;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:12px}
h1{margin:0 0 8px;font-size:22px;line-height:1.25}p{margin:0 0 24px;color:var(--soft)}p:last-child{margin:0}
button{width:100%;min-height:44px;border:0;border-radius:8px;background:var(--act);color:var(--card);font:600 16px/1 system-ui,sans-serif;cursor:pointer}
button:focus-visible{outline:3px solid var(--act);outline-offset:3px}
</style></head><body><main>${content}</main></body></html>`;
}
