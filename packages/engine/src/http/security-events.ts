import type { Context } from 'hono';
import type { ApiEnv } from './env.ts';

/** What is worth a line whoever asks: who came in, who was turned away. */
export type SecurityEvent = 'signed_in' | 'sign_in_refused' | 'signed_out' | 'token_refused' | 'request_refused';

/** How a token is called in the log: the beginning of its hash, from which nobody gets the token. */
export function tokenId(tokenHash: Buffer): string {
  return tokenHash.toString('hex', 0, 6);
}

/** Writes a security event down, with the workspace and the token it is about where they are known. */
export function logSecurity(
  c: Context<ApiEnv>,
  event: SecurityEvent,
  about: { readonly workspaceId?: string; readonly tokenHash?: Buffer; readonly why?: string } = {},
): void {
  const { workspaceId, tokenHash, why } = about;
  c.var.log[event === 'signed_in' || event === 'signed_out' ? 'info' : 'warn'](
    {
      security: event,
      ...(workspaceId === undefined ? {} : { workspace: workspaceId }),
      ...(tokenHash === undefined ? {} : { token: tokenId(tokenHash) }),
      ...(why === undefined ? {} : { why }),
    },
    'security',
  );
}
