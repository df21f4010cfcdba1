import { z } from '@hono/zod-openapi';
import { requireContact } from '../contacts/routes-shared.ts';
import { contactIdSchema, pageQuerySchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { idFrom } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { loadOrBare } from '../versions/version-cache.ts';
import { enrollmentListSchema } from './contract.ts';
import { showEnrollment } from './routes-enrollments-shared.ts';
import type { FlowDeps } from './services.ts';
import { listEnrollments } from './store-enrollments.ts';

const paged = { params: z.object({ contact_id: contactIdSchema }), query: pageQuerySchema };

const enrollments = route(
  { resource: 'enrollments', verb: 'list', needs: 'enrollments.read' },
  {
    method: 'get',
    path: '/contacts/{contact_id}/enrollments',
    summary: 'List a contact’s enrollments in flows, latest first',
    request: paged,
    responses: {
      200: answer(enrollmentListSchema, 'A page of enrollments'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

/** A contact's way through flows, for their page. */
export function contactEnrollmentRoutes(deps: FlowDeps) {
  const { versions } = deps.engine;

  return newRoutes().openapi(enrollments, async (c) => {
    const contactId = idFrom('contact', c.req.valid('param').contact_id);
    const { limit, cursor } = c.req.valid('query');
    const before = readCursor(cursor, idCursor)?.[0] ?? null;
    const body = await reading(c, deps, async (scope) => {
      await requireContact(scope, contactId);
      const rows = await listEnrollments(scope, { contactId, before, limit: limit + 1 });
      const items = [];
      for (const row of rows)
        items.push({
          id: row.id,
          item: showEnrollment(row, await loadOrBare(versions, scope, { id: row.version_id, flowId: row.flow_id })),
        });
      return toPage(
        items,
        limit,
        ({ item }) => item,
        ({ id }) => [id],
      );
    });
    return c.json(body, 200);
  });
}
