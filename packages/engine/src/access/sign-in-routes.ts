import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { ApiEnv, RouteDeps } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { signInTexts } from '../http/texts.ts';
import { sessionCookie } from './authenticate.ts';
import { editorGate } from './editor-gate.ts';
import { accessPage } from './page.ts';
import { signIn } from './tokens.ts';

/** Bytes of the form: one token. */
const mostFormBytes = 4 * 1_024;

/** Links are followed by scanners and previews too: looking shows a button, only pressing it uses the link up. Beyond it nothing of the editor is open. */
export function signInRoutes(deps: Pick<RouteDeps, 'engine'>) {
  const { db, clock, publicUrl } = deps.engine;
  const secure = publicUrl.startsWith('https:');
  return new Hono<ApiEnv>()
    .get('/sign-in', async (c, next) => {
      const token = c.req.query('token');
      if (token === undefined) return next();
      c.header('cache-control', 'no-store');
      return c.html(
        accessPage(html`<h1>${signInTexts.heading}</h1><p>${signInTexts.text}</p>
          <form method="post" action="/sign-in"><input type="hidden" name="token" value="${token}"><button autofocus>${signInTexts.button}</button></form>`),
      );
    })
    .post('/sign-in', limitBody(mostFormBytes), async (c) => {
      c.header('cache-control', 'no-store');
      const form = await c.req.parseBody();
      const token = form.token;
      const session = typeof token === 'string' ? await signIn(db, token, clock.now()) : null;
      if (session === null)
        return c.html(accessPage(html`<h1>${signInTexts.failedHeading}</h1><p>${signInTexts.failedText}</p>`), 401);
      setCookie(c, sessionCookie(publicUrl), session.token, {
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure,
        expires: session.expiresAt,
      });
      return c.redirect('/', 303);
    })
    .get('*', editorGate(deps));
}
