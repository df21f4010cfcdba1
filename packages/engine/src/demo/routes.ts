import { z } from '@hono/zod-openapi';
import { writeFeed } from '../db/feed.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { ProblemError } from '../http/problems.ts';
import { route } from '../http/route.ts';
import { failures, idempotencyHeaders, keyFailures, newRoutes, writeFailures } from '../http/route-parts.ts';
import { removeSampleData } from './remove-sample-data.ts';

const remove = route(
  {
    resource: 'demo',
    verb: 'delete',
    needs: 'demo.write',
    audit: { action: 'sample_data.removed', words: 'Removed the sample contacts and flows' },
  },
  {
    method: 'post',
    path: '/demo/remove-sample-data',
    summary: 'Remove the sample contacts and flows (demo mode only)',
    description: 'The demo account stays, so that the phone on the screen goes on working.',
    request: { headers: idempotencyHeaders },
    responses: { 204: { description: 'Removed' }, ...failures(...writeFailures, ...keyFailures, 'not_found') },
  },
);

/** What exists in demo mode only. */
export function demoRoutes(deps: RouteDeps) {
  const { clock, notifier } = deps.engine;
  return newRoutes().openapi(remove, async (c) => {
    if (deps.demo === null) throw new ProblemError('not_found');
    const { workspaceId } = c.var.actor;
    const done = await effect(c, deps, remove, z.null(), async (work) => {
      const { tx } = work;
      const flowIds = await removeSampleData(work);
      await writeFeed({ tx, workspaceId, now: clock.now() }, { flowIds });
      await tx.insertInto('feed').values({ workspace_id: workspaceId, everything: true, at: clock.now() }).execute();
      return { body: null, subject: null, after: () => notifier.changed(workspaceId) };
    });
    return c.body(null, 204, done.headers);
  });
}
