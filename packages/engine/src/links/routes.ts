import { z } from '@hono/zod-openapi';
import { readCursor, toPage } from '../http/cursors.ts';
import type { RouteDeps } from '../http/env.ts';
import { searchedId } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { linkListQuerySchema, linkTargetListSchema } from './contract.ts';
import { listTargets } from './read-links.ts';

const list = route(
  { resource: 'links', verb: 'list', needs: 'messages.read' },
  {
    method: 'get',
    path: '/links',
    summary: 'List where short links lead, with who followed them',
    description:
      'Of one message, of one flow, or of all; those in most messages first. The newest 200,000 links are counted. Previews and robots are no clicks.',
    request: { query: linkListQuerySchema },
    responses: {
      200: answer(linkTargetListSchema, 'A page of targets'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const targetCursor = z.tuple([z.int(), z.string()]);

/** Where short links lead. */
export function linkRoutes(deps: RouteDeps) {
  return newRoutes().openapi(list, async (c) => {
    const { message_id, flow_id, limit, cursor } = c.req.valid('query');
    const query = {
      messageId: searchedId('message', message_id),
      flowId: searchedId('flow', flow_id),
      limit: limit + 1,
      before: readCursor(cursor, targetCursor),
    };
    const rows = await reading(c, deps, (scope) => listTargets(scope, query));
    return c.json(
      toPage(
        rows,
        limit,
        (row) => ({ ...row, last_clicked_at: row.last_clicked_at?.toISOString() ?? null }),
        (row) => [row.messages, row.target],
      ),
      200,
    );
  });
}
