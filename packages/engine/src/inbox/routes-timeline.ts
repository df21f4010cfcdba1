import { z } from '@hono/zod-openapi';
import { requireContact } from '../contacts/routes-shared.ts';
import { contactIdSchema } from '../http/contract.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { showReason } from '../http/reasons.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { type TimelineItem, timelineQuerySchema, timelineSchema } from './contract.ts';
import { readTimeline, type TimelineRow } from './timeline.ts';

const timeline = route(
  { resource: 'messages', verb: 'list', needs: 'messages.read' },
  {
    method: 'get',
    path: '/contacts/{contact_id}/timeline',
    summary: 'List everything that happened with a contact, the latest first',
    description:
      'Messages both ways, what was agreed to and taken back, flows that were entered and left, links that were followed, and events, in one order. `kind` keeps to one of them.',
    request: { params: z.object({ contact_id: contactIdSchema }), query: timelineQuerySchema },
    responses: {
      200: answer(timelineSchema, 'A page of the timeline'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const placeCursor = z.tuple([...timeAndIdCursor.def.items, z.string().max(200)]);

function show(row: TimelineRow): TimelineItem {
  const { kind, action, at, message_id, flow_id, flow_name, enrollment_id, text, state, purpose, method, reason } = row;
  return {
    kind,
    action,
    at: at.toISOString(),
    text,
    state,
    purpose,
    method,
    reason: showReason(reason),
    message_id: message_id === null ? null : shown('message', message_id),
    flow_id: flow_id === null ? null : shown('flow', flow_id),
    flow_name,
    enrollment_id: enrollment_id === null ? null : shown('enrollment', enrollment_id),
  };
}

/** What happened with a person, in one order. */
export function timelineRoutes(deps: RouteDeps) {
  return newRoutes().openapi(timeline, async (c) => {
    const contactId = idFrom('contact', c.req.valid('param').contact_id);
    const { kind, limit, cursor } = c.req.valid('query');
    const before = readCursor(cursor, placeCursor);
    const rows = await reading(c, deps, async (scope) => {
      await requireContact(scope, contactId);
      return readTimeline(scope, { contactId, kind, limit: limit + 1, before });
    });
    return c.json(
      toPage(rows, limit, show, (row) => [row.place, row.id, row.action]),
      200,
    );
  });
}
