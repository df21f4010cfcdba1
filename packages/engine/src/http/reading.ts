import type { Context } from 'hono';
import { readWorkspace } from '../db/database.ts';
import type { Scope } from '../db/work.ts';
import type { ApiEnv, RouteDeps } from './env.ts';

/** Reads in the workspace of whoever asks, in one transaction in which nothing can be changed: a change goes through `effect`. */
export function reading<T>(
  c: Context<ApiEnv>,
  deps: Pick<RouteDeps, 'engine'>,
  read: (scope: Scope) => Promise<T>,
): Promise<T> {
  const { workspaceId } = c.var.actor;
  return readWorkspace(deps.engine.db, workspaceId, (tx) => read({ tx, workspaceId }));
}
