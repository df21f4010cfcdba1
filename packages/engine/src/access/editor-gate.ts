import type { MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { isEditorPath } from '../http/editor-path.ts';
import type { ApiEnv, RouteDeps } from '../http/env.ts';
import { ProblemError } from '../http/problems.ts';
import { signInTexts } from '../http/texts.ts';
import { findActor } from './authenticate.ts';
import { accessPage } from './page.ts';

/**
 * Keeps the editor, its page and its files, to those who are signed in. Whoever is not gets a page that needs nothing else of
 * ours and says where a sign-in link comes from. Everything that is not the editor's looks after itself.
 */
export function editorGate(deps: Pick<RouteDeps, 'engine'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (!isEditorPath(c.req.path) || (await findActor(c, deps)) !== null) return next();
    c.header('cache-control', 'no-store');
    if (/\.\w+$/.test(c.req.path)) throw new ProblemError('unauthenticated');
    return c.html(
      accessPage(html`<h1>${signInTexts.title}</h1><p>${signInTexts.lockedText}</p>
          <p><code>npx pnpm start</code></p><a href="">${signInTexts.lockedAgain}</a>`),
      401,
    );
  };
}
