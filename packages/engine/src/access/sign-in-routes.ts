import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { inWorkspace, through } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import type { ApiEnv, RouteDeps } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { ProblemError } from '../http/problems.ts';
import type { Audit } from '../http/route.ts';
import { logSecurity } from '../http/security-events.ts';
import { signInTexts } from '../http/texts.ts';
import { comesFromElsewhere, sessionCookie } from './authenticate.ts';
import { editorGate } from './editor-gate.ts';
import { accessPage } from './page.ts';
import { signedOutAudit } from './routes.ts';
import { findToken, hashToken, removeToken, signIn } from './tokens.ts';

/** Bytes of the form: one token. */
const mostFormBytes = 4 * 1_024;

/** How signing in is called in the audit trail. */
export const signedInAudit: Audit = { action: 'session.started', words: 'Signed in' };

type SignInDeps = Pick<RouteDeps, 'engine'> & {
  /** Called once a session is ended. */
  readonly onSignedOut: (tokenHash: Buffer) => void;
};

/** Links are followed by scanners and previews too: looking shows a button, only pressing it uses the link up. Beyond it nothing of the editor is open. */
export function signInRoutes(deps: SignInDeps) {
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
      // A page of another site could otherwise sign somebody in to a workspace of its own.
      if (comesFromElsewhere(c, publicUrl)) {
        logSecurity(c, 'sign_in_refused', { why: 'cross_site' });
        throw new ProblemError('cross_site');
      }
      const form = await c.req.parseBody();
      const token = form.token;
      const session =
        typeof token === 'string'
          ? await signIn(db, token, clock.now(), (work, hash) => recordSession(c, deps, work, hash, signedInAudit))
          : null;
      if (session === null) {
        logSecurity(c, 'sign_in_refused', typeof token === 'string' ? { tokenHash: hashToken(token) } : {});
        return c.html(accessPage(html`<h1>${signInTexts.failedHeading}</h1><p>${signInTexts.failedText}</p>`), 401);
      }
      await endOldSession(c, deps);
      logSecurity(c, 'signed_in', { workspaceId: session.workspaceId, tokenHash: hashToken(session.token) });
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

/** A session's beginning or end, by itself: nobody was signed in before, and nobody is after. */
function recordSession(
  c: Context<ApiEnv>,
  { engine }: Pick<RouteDeps, 'engine'>,
  work: Work,
  tokenHash: Buffer,
  { action }: Audit,
): Promise<void> {
  const verb = action === signedInAudit.action ? 'start' : 'end';
  const actor = { via: 'session', tokenHash } as const;
  const { requestId } = c.var;
  return engine.recordChange(work, {
    actor,
    resource: 'sessions',
    verb,
    action,
    subject: null,
    fields: [],
    detail: {},
    requestId,
  });
}

/** The session that the browser had until now ends: nobody could end it any more. */
async function endOldSession(c: Context<ApiEnv>, { engine, onSignedOut }: SignInDeps): Promise<void> {
  const { db, clock, publicUrl } = engine;
  const old = getCookie(c, sessionCookie(publicUrl));
  const found = old === undefined || old === '' ? null : await findToken(db, old, 'session', clock.now());
  if (found === null) return;
  const { workspaceId, tokenHash } = found;
  await inWorkspace(through(db, 'sessions'), workspaceId, async (tx) => {
    const work = { tx, workspaceId, now: clock.now() };
    if (await removeToken(work, tokenHash)) await recordSession(c, { engine }, work, tokenHash, signedOutAudit);
  });
  onSignedOut(tokenHash);
  logSecurity(c, 'signed_out', { workspaceId, tokenHash, why: 'signed in again' });
}
