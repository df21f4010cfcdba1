import { z } from '@hono/zod-openapi';
import { deleteCookie } from 'hono/cookie';
import type { Scope } from '../db/work.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures, writeFailures } from '../http/route-parts.ts';
import { logSecurity } from '../http/security-events.ts';
import { sessionCookie } from './authenticate.ts';
import { sessionSchema } from './contract.ts';
import { removeToken } from './tokens.ts';

/** How the end of a session or token is called in the audit trail. */
export const signedOutAudit = { action: 'session.ended', words: 'Signed out, or revoked a token' } as const;

const session = route(
  { resource: 'sessions', verb: 'read', needs: 'signed_in' },
  {
    method: 'get',
    path: '/session',
    summary: 'Who is asking, and in which workspace',
    responses: { 200: answer(sessionSchema, 'The session or token'), ...failures(...readFailures) },
  },
);

const signOut = route(
  {
    resource: 'sessions',
    verb: 'end',
    needs: 'signed_in',
    audit: signedOutAudit,
  },
  {
    method: 'post',
    path: '/session/sign-out',
    summary: 'End this session, or revoke this token',
    responses: { 204: { description: 'Ended' }, ...failures(...writeFailures) },
  },
);

type SessionDeps = RouteDeps & {
  /** Called once a session or token is ended. */
  readonly onSignedOut: (tokenHash: Buffer) => void;
  /** What the demo adds to a session; null outside of demo mode. */
  readonly demoOf: (scope: Scope) => Promise<z.infer<typeof sessionSchema>['demo']>;
};

/** Who is asking, and the end of it. */
export function sessionRoutes(deps: SessionDeps) {
  const { publicUrl } = deps.engine;

  return newRoutes()
    .openapi(session, async (c) => {
      const { workspaceId, scope: tokenScope, expiresAt } = c.var.actor;
      const body = await reading(c, deps, async (scope) => {
        const workspace = await scope.tx
          .selectFrom('workspaces')
          .select(['name', 'time_zone', 'home_country'])
          .where('workspace_id', '=', workspaceId)
          .executeTakeFirstOrThrow();
        return {
          workspace: { id: shown('workspace', workspaceId), ...workspace },
          scope: tokenScope,
          expires_at: expiresAt.toISOString(),
          demo: await deps.demoOf(scope),
        };
      });
      return c.json(body, 200);
    })
    .openapi(signOut, async (c) => {
      const { workspaceId, tokenHash, via } = c.var.actor;
      await effect(c, deps, signOut, z.null(), async (work) => {
        await removeToken(work, tokenHash);
        return { body: null, subject: null };
      });
      const secure = publicUrl.startsWith('https:');
      if (via === 'session') deleteCookie(c, sessionCookie(publicUrl), { path: '/', secure });
      deps.onSignedOut(tokenHash);
      logSecurity(c, 'signed_out', { workspaceId, tokenHash });
      return c.body(null, 204);
    });
}
