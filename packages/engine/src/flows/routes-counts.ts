import { z } from '@hono/zod-openapi';
import { flowIdSchema } from '../http/contract.ts';
import { idFrom, shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { dayNow, readDayCounts } from '../versions/counts.ts';
import { flowCountsSchema, flowDayCountsSchema } from './contract.ts';
import { daysQuerySchema, daysWithin } from './count-days.ts';
import { requireFlow } from './routes-shared.ts';
import type { FlowDeps } from './services.ts';
import { countsOf, nestCounts } from './store.ts';

const params = z.object({ flow_id: flowIdSchema });

const counts = route(
  { resource: 'flows', verb: 'read', needs: 'flows.read' },
  {
    method: 'get',
    path: '/flows/{flow_id}/counts',
    summary: 'Count a flow’s people by step and outlet',
    request: { params },
    responses: { 200: answer(flowCountsSchema, 'The counts'), ...failures(...readFailures, 'not_found') },
  },
);

const days = route(
  { resource: 'flows', verb: 'read', needs: 'flows.read' },
  {
    method: 'get',
    path: '/flows/{flow_id}/counts/days',
    summary: 'Count a flow’s people by day, step and outlet',
    description:
      'Days are those of the workspace’s time zone. `from` and `to` are both counted, and are at most 92 days; with one of them it is 30 days from or up to it, with neither the last 30. Days on which nobody moved are left out. All days and `undated` together are what the flow’s counts say.',
    request: { params, query: daysQuerySchema },
    responses: { 200: answer(flowDayCountsSchema, 'The counts'), ...failures(...readFailures, 'not_found') },
  },
);

/** How many people came to each step and left it: since the flow began, and by day. */
export function flowCountRoutes(deps: FlowDeps) {
  return newRoutes()
    .openapi(counts, async (c) => {
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const found = await reading(c, deps, async (scope) => {
        await requireFlow(deps, scope, id);
        return countsOf(scope, [id]);
      });
      return c.json({ flow_id: shown('flow', id), ...(found.get(id) ?? { steps: {}, outlets: {} }) }, 200);
    })
    .openapi(days, async (c) => {
      const id = idFrom('flow', c.req.valid('param').flow_id);
      const query = c.req.valid('query');
      const body = await reading(c, deps, async (scope) => {
        await requireFlow(deps, scope, id);
        const { zone, today } = await dayNow(scope, deps.engine.clock.now());
        const range = daysWithin(query, today);
        const byDay = Map.groupBy(await readDayCounts(scope, id, { ...range, zone }), ({ day }) => day);
        const dated = [...byDay].flatMap(([day, rows]) => (day === null ? [] : [{ day, ...nestCounts(rows) }]));
        return { ...range, time_zone: zone, days: dated, undated: nestCounts(byDay.get(null) ?? []) };
      });
      return c.json({ flow_id: shown('flow', id), ...body }, 200);
    });
}
