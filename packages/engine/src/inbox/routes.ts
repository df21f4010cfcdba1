import { z } from '@hono/zod-openapi';
import { requireContact } from '../contacts/routes-shared.ts';
import { writeFeed } from '../db/feed.ts';
import { queueState } from '../db/states.ts';
import { nameOf } from '../flows/routes-enrollments-shared.ts';
import { contactIdSchema, pageQuerySchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { showReason } from '../http/reasons.ts';
import { route } from '../http/route.ts';
import {
  answer,
  failures,
  idempotencyHeaders,
  keyFailures,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import {
  conversationListQuerySchema,
  conversationListSchema,
  mediaSchema,
  messageListSchema,
  type messageSchema,
  messageSearchQuerySchema,
} from './contract.ts';
import { listConversations, listMessages, type MessageRow, markHandled, searchMessages } from './conversations.ts';

const params = z.object({ contact_id: contactIdSchema });

const messages = route(
  { resource: 'messages', verb: 'list', needs: 'messages.read' },
  {
    method: 'get',
    path: '/contacts/{contact_id}/messages',
    summary: 'List a contact’s messages, newest first',
    request: { params, query: pageQuerySchema },
    responses: {
      200: answer(messageListSchema, 'A page of messages'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

const search = route(
  { resource: 'messages', verb: 'list', needs: 'messages.read' },
  {
    method: 'get',
    path: '/messages',
    summary: 'List or find messages, newest first',
    description: '`search` holds words of the text; it looks at the newest 200,000 messages before the cursor.',
    request: { query: messageSearchQuerySchema },
    responses: {
      200: answer(messageListSchema, 'A page of messages'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const conversations = route(
  { resource: 'messages', verb: 'list', needs: 'messages.read' },
  {
    method: 'get',
    path: '/conversations',
    summary: 'List conversations, the latest first',
    description: 'Everyone who wrote or was written to, in the order of their latest message.',
    request: { query: conversationListQuerySchema },
    responses: {
      200: answer(conversationListSchema, 'A page of conversations'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const handled = route(
  {
    resource: 'messages',
    verb: 'handle',
    needs: 'messages.write',
    audit: { action: 'conversation.handled', words: 'Marked a conversation as handled' },
  },
  {
    method: 'post',
    path: '/conversations/{contact_id}/handled',
    summary: 'Clear a conversation’s “unhandled” mark',
    request: { params, headers: idempotencyHeaders },
    responses: { 204: { description: 'Cleared' }, ...failures(...writeFailures, ...keyFailures, 'not_found') },
  },
);

type ShownMessage = z.infer<typeof messageSchema>;

/** While a message is in the queue, the queue knows more than the message's own state. */
function stateOf(row: MessageRow): ShownMessage['state'] {
  if (row.queue_state === queueState.dispatching) return 'dispatching';
  if (row.queue_state === queueState.unknown) return 'unknown';
  return row.state;
}

/** A message as the API shows it. */
export function showMessage(row: MessageRow): ShownMessage {
  const outbound = row.direction === 'out';
  return {
    id: shown('message', row.id),
    contact_id: shown('contact', row.contact_id),
    direction: row.direction,
    text: row.body ?? '',
    media: z
      .array(mediaSchema)
      .catch([])
      .parse(row.media ?? []),
    from: outbound ? row.sender : row.number,
    to: outbound ? row.number : row.sender,
    state: stateOf(row),
    reason: showReason(row.reason),
    segments: row.segments,
    encoding: row.encoding === 'UCS-2' ? 'UCS-2' : 'GSM-7',
    handled_by: row.handled_by,
    flow_id: row.flow_id === null ? null : shown('flow', row.flow_id),
    flow_name: row.flow_name,
    created_at: row.created_at.toISOString(),
    accepted_at: row.accepted_at?.toISOString() ?? null,
    delivered_at: row.delivered_at?.toISOString() ?? null,
  };
}

/** Messages and conversations. */
export function messageRoutes(deps: RouteDeps) {
  const { notifier } = deps.engine;

  return newRoutes()
    .openapi(messages, async (c) => {
      const id = idFrom('contact', c.req.valid('param').contact_id);
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, async (scope) => {
        await requireContact(scope, id);
        return listMessages(scope, id, limit + 1, before);
      });
      return c.json(
        toPage(rows, limit, showMessage, (row) => [row.id]),
        200,
      );
    })
    .openapi(search, async (c) => {
      const { search: words, limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, (scope) => searchMessages(scope, words ?? '', limit + 1, before));
      return c.json(
        toPage(rows, limit, showMessage, (row) => [row.id]),
        200,
      );
    })
    .openapi(conversations, async (c) => {
      const { search, unhandled, limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const only = unhandled === undefined ? undefined : unhandled === 'true';
      const rows = await reading(c, deps, (scope) =>
        listConversations(scope, { search, unhandled: only, limit: limit + 1, before }),
      );
      const page = toPage(
        rows,
        limit,
        (row) => ({
          contact: {
            id: shown('contact', row.contact_id),
            phone: row.phone,
            name: nameOf(row),
            suppressed: row.suppressed,
          },
          last_message: showMessage(row),
          unhandled: row.unhandled,
        }),
        (row) => [row.id],
      );
      return c.json(page, 200);
    })
    .openapi(handled, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('contact', c.req.valid('param').contact_id);
      const done = await effect(c, deps, handled, z.null(), async (work) => {
        if (!(await markHandled(work, id))) throw new ProblemError('not_found');
        await writeFeed(work, { contactIds: [id] });
        return { body: null, subject: shown('contact', id), after: () => notifier.changed(workspaceId) };
      });
      return c.body(null, 204, done.headers);
    });
}
