import type { Context } from 'hono';
import type { ApiEnv } from './env.ts';
import { tokenId } from './security-events.ts';

/** Who recorded something that is kept for years, as the audit trail names them. */
export type Recorder = { readonly kind: string; readonly id: string };

/** Whoever makes this request. */
export function recorderOf(c: Context<ApiEnv>): Recorder {
  const { via, tokenHash } = c.var.actor;
  return { kind: via, id: tokenId(tokenHash) };
}
