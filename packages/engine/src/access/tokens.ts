import { createHash, randomBytes } from 'node:crypto';
import { type Db, inWorkspace, through } from '../db/database.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Audit } from '../http/route.ts';

export type TokenKind = 'sign_in' | 'session' | 'bearer';
export type TokenScope = 'read' | 'full';

export const tokenLifeMs = { sign_in: 15 * 60_000, session: 30 * 86_400_000 } as const;

/** A token as the database knows it: never the text itself. */
export type StoredToken = {
  readonly workspaceId: string;
  readonly tokenHash: Buffer;
  readonly kind: string;
  readonly scope: TokenScope;
  readonly expiresAt: Date;
};

/** `npx pnpm run token` made one. */
export const tokenMadeAudit: Audit = { action: 'token.made', words: 'Made a token on the command line' };

/** SHA-256: tokens are 256 random bits, so nothing slower is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Makes and stores a token; the text is returned here and never again. Expired ones of the workspace go at the same time. */
export async function createToken(
  work: Scope,
  options: {
    readonly kind: TokenKind;
    readonly scope: TokenScope;
    readonly label?: string;
    readonly now: Date;
    readonly lifeMs: number;
  },
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const { tx, workspaceId } = work;
  const token = `${options.kind === 'bearer' ? 'sbx_' : ''}${randomBytes(32).toString('base64url')}`;
  const expiresAt = new Date(options.now.getTime() + options.lifeMs);
  await tx
    .deleteFrom('access_tokens')
    .where('workspace_id', '=', workspaceId)
    .where('expires_at', '<=', options.now)
    .execute();
  await tx
    .insertInto('access_tokens')
    .values({
      workspace_id: workspaceId,
      token_hash: hashToken(token),
      kind: options.kind,
      scope: options.scope,
      label: options.label ?? '',
      created_at: options.now,
      expires_at: expiresAt,
    })
    .execute();
  return { token, expiresAt };
}

/** Looks a token up across workspaces, by its hash alone (router role). Null where unknown, expired or of another kind. */
export async function findToken(db: Db, token: string, kind: TokenKind, now: Date): Promise<StoredToken | null> {
  const row = await db.access
    .selectFrom('access_tokens')
    .select(['workspace_id', 'token_hash', 'kind', 'scope', 'expires_at'])
    .where('token_hash', '=', hashToken(token))
    .where('kind', '=', kind)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (row === undefined) return null;
  const scope: TokenScope = row.scope === 'full' ? 'full' : 'read';
  return { workspaceId: row.workspace_id, tokenHash: row.token_hash, kind: row.kind, scope, expiresAt: row.expires_at };
}

/** Whether a token that was valid a moment ago still is: another process may have ended it. */
export async function tokenHolds(db: Db, tokenHash: Buffer, now: Date): Promise<boolean> {
  const row = await db.access
    .selectFrom('access_tokens')
    .select('kind')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes a token; false where it was gone already, so of two takers one alone gets true. */
export async function removeToken(work: Scope, tokenHash: Buffer): Promise<boolean> {
  const { tx, workspaceId } = work;
  const removed = await tx
    .deleteFrom('access_tokens')
    .where('workspace_id', '=', workspaceId)
    .where('token_hash', '=', tokenHash)
    .returning('workspace_id')
    .executeTakeFirst();
  return removed !== undefined;
}

/** A fresh single-use link that signs a browser in. */
export async function createSignInLink(db: Db, workspaceId: string, publicUrl: string, now: Date): Promise<string> {
  const { token } = await inWorkspace(through(db, 'sessions'), workspaceId, (tx) =>
    createToken({ tx, workspaceId }, { kind: 'sign_in', scope: 'full', now, lifeMs: tokenLifeMs.sign_in }),
  );
  return `${publicUrl}/sign-in?token=${token}`;
}

/**
 * Turns a sign-in token into a session, once. Null where the token is unknown, used or expired.
 *
 * @param record writes the new session down, in the same transaction.
 */
export async function signIn(
  db: Db,
  token: string,
  now: Date,
  record: (work: Work, session: Buffer) => Promise<void>,
): Promise<{ readonly workspaceId: string; readonly token: string; readonly expiresAt: Date } | null> {
  const found = await findToken(db, token, 'sign_in', now);
  if (found === null) return null;
  return inWorkspace(through(db, 'sessions'), found.workspaceId, async (tx) => {
    const work = { tx, workspaceId: found.workspaceId, now };
    if (!(await removeToken(work, found.tokenHash))) return null;
    const session = await createToken(work, {
      kind: 'session',
      scope: found.scope,
      now,
      lifeMs: tokenLifeMs.session,
    });
    await record(work, hashToken(session.token));
    return { workspaceId: found.workspaceId, ...session };
  });
}
