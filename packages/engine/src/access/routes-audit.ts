import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import type { RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { listChanges } from './audit-trail.ts';
import { auditListQuerySchema, auditListSchema } from './contract.ts';

const list = route(
  { resource: 'audit', verb: 'list', needs: 'audit.read' },
  {
    method: 'get',
    path: '/audit',
    summary: 'List what was changed, latest first',
    description:
      'Every change through the API: by whom, what, of what, and which fields the request named; never what they hold.',
    request: { query: auditListQuerySchema },
    responses: {
      200: answer(auditListSchema, 'A page of the trail'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

type AuditDeps = RouteDeps & {
  /** What an action is called, of every route; asked once all of them are there. */
  readonly wordsOf: (action: string) => string | undefined;
};

/** The audit trail. */
export function auditRoutes(deps: AuditDeps) {
  return newRoutes().openapi(list, async (c) => {
    const { resource, action, subject, limit, cursor } = c.req.valid('query');
    const before = readCursor(cursor, idCursor)?.[0] ?? null;
    const rows = await reading(c, deps, (scope) =>
      listChanges(scope, { resource, action, subject, before, limit: limit + 1 }),
    );
    const page = toPage(
      rows,
      limit,
      (row) => ({
        id: shown('audit', row.id),
        at: row.at.toISOString(),
        actor: { kind: row.actor_kind, id: row.actor },
        resource: row.resource,
        verb: row.verb,
        action: row.action,
        text: deps.wordsOf(row.action) ?? row.action,
        subject: row.subject,
        fields: row.fields,
        detail: row.detail,
        request_id: row.request_id,
      }),
      (row) => [row.id],
    );
    return c.json(page, 200);
  });
}
