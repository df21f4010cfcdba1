import type { Needs } from '../http/permissions.ts';
import type { TokenScope } from './tokens.ts';

/** Whether a token of this scope may do what a route needs: one that may only read has every permission to read, and no other. */
export function allows(scope: TokenScope, needs: Needs): boolean {
  return scope === 'full' || needs === 'signed_in' || needs.endsWith('.read');
}
