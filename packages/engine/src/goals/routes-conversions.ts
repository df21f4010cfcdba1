import { z } from '@hono/zod-openapi';
import { goalIdSchema } from '../http/contract.ts';
import { csvAnswer, csvHeaders, csvStream } from '../http/csv-export.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { type Conversion, conversionListSchema, conversionQuerySchema, goalDaysSchema } from './contract.ts';
import { type ConversionRow, listConversions, readDays } from './conversions.ts';
import { exactAmount } from './exact-amount.ts';
import { requireGoal } from './routes-shared.ts';

const params = z.object({ goal_id: goalIdSchema });
const exportPage = 1_000;

const list = route(
  { resource: 'goals', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/goals/{goal_id}/conversions',
    summary: 'List who reached a goal and when, the latest first',
    request: { params, query: conversionQuerySchema },
    responses: {
      200: answer(conversionListSchema, 'A page of conversions'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const days = route(
  { resource: 'goals', verb: 'read', needs: 'goals.read' },
  {
    method: 'get',
    path: '/goals/{goal_id}/days',
    summary: 'Count how often a goal was reached on each of the last 30 days',
    request: { params },
    responses: { 200: answer(goalDaysSchema, 'The days'), ...failures(...readFailures, 'not_found') },
  },
);

const exportCsv = route(
  { resource: 'goals', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/goals/{goal_id}/conversions/export',
    summary: 'Export who reached a goal and when as CSV',
    description: 'Every conversion, the latest first.',
    request: { params },
    responses: {
      200: csvAnswer(
        'The file',
        'at,contact_id,phone,first_name,last_name,value,currency\r\n2026-11-22T17:35:00.000Z,con_01jd4w7h8zqv3m5k2n9x6r0t4c,+12025550192,Ada,,49.90,USD\r\n',
      ),
      ...failures(...readFailures, 'not_found'),
    },
  },
);

const show = (row: ConversionRow): Conversion => ({
  event_id: shown('event', row.event_id),
  contact_id: shown('contact', row.contact_id),
  first_name: row.first_name,
  last_name: row.last_name,
  phone: row.phone,
  at: row.at.toISOString(),
  micro_units: row.value_micro,
  currency: row.currency,
});

const line = (row: ConversionRow) => [
  row.at.toISOString(),
  shown('contact', row.contact_id),
  row.phone,
  row.first_name,
  row.last_name,
  row.value_micro === null ? null : exactAmount(row.value_micro),
  row.currency,
];

/** Who reached goals. */
export function conversionRoutes(deps: RouteDeps) {
  return newRoutes()
    .openapi(list, async (c) => {
      const id = idFrom('goal', c.req.valid('param').goal_id);
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, timeAndIdCursor);
      const rows = await reading(c, deps, async (scope) => {
        await requireGoal(scope, id);
        return listConversions(scope, id, { limit: limit + 1, before });
      });
      return c.json(
        toPage(rows, limit, show, (row) => [row.place, row.event_id]),
        200,
      );
    })
    .openapi(days, async (c) => {
      const id = idFrom('goal', c.req.valid('param').goal_id);
      const data = await reading(c, deps, async (scope) => {
        await requireGoal(scope, id);
        return readDays(scope, id, deps.engine.clock.now());
      });
      return c.json({ data }, 200);
    })
    .openapi(exportCsv, async (c) => {
      const id = idFrom('goal', c.req.valid('param').goal_id);
      await reading(c, deps, (scope) => requireGoal(scope, id));
      const file = csvStream<readonly [string, string]>(
        ['at', 'contact_id', 'phone', 'first_name', 'last_name', 'value', 'currency'],
        async (before) => {
          const rows = await reading(c, deps, (scope) => listConversions(scope, id, { before, limit: exportPage }));
          const last = rows.at(-1);
          return {
            rows: rows.map(line),
            next: rows.length < exportPage || last === undefined ? null : [last.place, last.event_id],
          };
        },
      );
      return c.body(file, 200, csvHeaders('conversions'));
    });
}
