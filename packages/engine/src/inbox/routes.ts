import { z } from '@hono/zod-openapi';
import { requireContact } from '../contacts/routes-shared.ts';
import { writeFeed } from '../db/feed.ts';
import { queueState } from '../db/states.ts';
import { nameOf } from '../flows/routes-enrollments-shared.ts';
import { contactIdSchema, messageIdSchema, pageQuerySchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, searchedId, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { showReason } from '../http/reasons.ts';
import { route } from '../http/route.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { type LinkMaker, linkBase } from '../links/shorten.ts';
import { showMessageMedia } from '../media/read-media.ts';
import { laneNames } from '../sending/queue.ts';
import {
  conversationListQuerySchema,
  conversationListSchema,
  type MessageDetail,
  messageDetailSchema,
  messageListSchema,
  messagePreviewSchema,
  type messageSchema,
  messageSearchQuerySchema,
  previewMessageSchema,
  sendMessagesSchema,
  sentMessagesSchema,
} from './contract.ts';
import { listConversations, listMessages, type MessageRow, markHandled } from './conversations.ts';
import { readMessage } from './message-detail.ts';
import { previewMessage } from './preview-message.ts';
import { searchMessages } from './search-messages.ts';
import { sendMessages } from './send-messages.ts';

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
    description:
      '`search` holds words of the text, `number` digits of the person’s number, `code` a provider’s code such as 30003. A search looks at the newest 200,000 messages before the cursor, and before `until`.',
    request: { query: messageSearchQuerySchema },
    responses: {
      200: answer(messageListSchema, 'A page of messages'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const detail = route(
  { resource: 'messages', verb: 'read', needs: 'messages.read' },
  {
    method: 'get',
    path: '/messages/{message_id}',
    summary: 'Read a message with every request to a provider and every receipt',
    request: { params: z.object({ message_id: messageIdSchema }) },
    responses: { 200: answer(messageDetailSchema, 'The message'), ...failures(...readFailures, 'not_found') },
  },
);

const send = route(
  {
    resource: 'messages',
    verb: 'send',
    needs: 'messages.write',
    audit: { action: 'messages.sent', words: 'Sent messages' },
  },
  {
    method: 'post',
    path: '/messages',
    summary: 'Send messages to up to 1,000 people',
    description:
      'Each message passes the gate as those of flows do. One that it refuses is written down as `refused` and answered with its reason; the others go out. With an Idempotency-Key a repeat sends nothing again.',
    request: { headers: idempotencyHeaders, body: jsonBody(sendMessagesSchema) },
    responses: {
      202: answer(sentMessagesSchema, 'What became of each message, in order'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

const preview = route(
  { resource: 'messages', verb: 'check', needs: 'messages.read', audit: 'nothing changes' },
  {
    method: 'post',
    path: '/messages/preview',
    summary: 'Ask what would happen to a message, sending nothing',
    description:
      'Answers with the sender and the route that it would take, its length, and what every rule of the gate says of it now.',
    request: { body: jsonBody(previewMessageSchema) },
    responses: { 200: answer(messagePreviewSchema, 'What would happen'), ...failures(...bodyFailures) },
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
    media: showMessageMedia(row.media),
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

type Detail = NonNullable<Awaited<ReturnType<typeof readMessage>>>;

function showDetail(publicUrl: string, { message, attempts, receipts, links }: Detail): MessageDetail {
  const { lane, queue_attempts, not_before, expires_at } = message;
  return {
    ...showMessage(message),
    purpose: message.purpose,
    possible_duplicate: message.possible_duplicate,
    cost:
      message.cost === null || message.cost_currency === null
        ? null
        : { micro_units: message.cost, currency: message.cost_currency, told: message.cost_told === true },
    estimate: message.estimate === null ? null : { micro_units: message.estimate, currency: message.home_currency },
    route: message.route_id === null ? null : { id: shown('route', message.route_id), name: message.route_name },
    template: message.template === null ? null : { ...message.template, id: shown('template', message.template.id) },
    queue:
      lane === null || not_before === null || expires_at === null
        ? null
        : {
            lane: laneNames.get(lane) ?? String(lane),
            attempts: queue_attempts ?? 0,
            not_before: not_before.toISOString(),
            expires_at: expires_at.toISOString(),
          },
    attempts: attempts.map((attempt) => ({
      id: shown('attempt', attempt.id),
      account_id: shown('account', attempt.account_id),
      account_name: attempt.account_name,
      provider: attempt.provider,
      provider_id: attempt.provider_id,
      state: attempt.state,
      error_class: attempt.error_class,
      error_code: attempt.error_code,
      started_at: attempt.started_at.toISOString(),
      settled_at: attempt.settled_at?.toISOString() ?? null,
    })),
    receipts: receipts.map((receipt) => ({ ...receipt, received_at: receipt.received_at.toISOString() })),
    links: links.map(({ code, host, target, clicks, first_clicked_at, last_clicked_at, expires_at }) => ({
      url: linkBase(publicUrl, host) + code,
      target,
      clicks,
      first_clicked_at: first_clicked_at?.toISOString() ?? null,
      last_clicked_at: last_clicked_at?.toISOString() ?? null,
      expires_at: expires_at.toISOString(),
    })),
  };
}

/** What messages are sent through, beside the services of every route. */
export type InboxDeps = RouteDeps<{
  /** Tells dispatchers that messages were queued. */
  readonly onQueued: () => void;
  readonly links: LinkMaker;
}>;

/** Messages and conversations. */
export function messageRoutes(deps: InboxDeps) {
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
      const asked = c.req.valid('query');
      const { limit } = asked;
      const query = {
        words: asked.search ?? '',
        number: asked.number ?? '',
        code: asked.code ?? '',
        state: asked.state,
        direction: asked.direction,
        accountId: searchedId('account', asked.account_id),
        flowId: searchedId('flow', asked.flow_id),
        since: asked.since === undefined ? undefined : new Date(asked.since),
        until: asked.until === undefined ? undefined : new Date(asked.until),
        limit: limit + 1,
        before: readCursor(asked.cursor, idCursor)?.[0] ?? null,
      };
      const rows = await reading(c, deps, (scope) => searchMessages(scope, query));
      return c.json(
        toPage(rows, limit, showMessage, (row) => [row.id]),
        200,
      );
    })
    .openapi(detail, async (c) => {
      const id = idFrom('message', c.req.valid('param').message_id);
      const found = await reading(c, deps, (scope) => readMessage(scope, id));
      if (found === null) throw new ProblemError('not_found');
      return c.json(showDetail(deps.engine.publicUrl, found), 200);
    })
    .openapi(preview, async (c) => {
      const { to, purpose, text, media, sender, shorten_links } = c.req.valid('json');
      const asked = { to, purpose, text, media, sender, shortenLinks: shorten_links };
      const { publicUrl } = deps.engine;
      const body = await reading(c, deps, (scope) =>
        previewMessage(publicUrl, { ...scope, now: deps.engine.clock.now() }, asked),
      );
      return c.json(body, 200);
    })
    .openapi(send, async (c) => {
      const { workspaceId } = c.var.actor;
      const { messages: asked, purpose, lane, sender, send_at, valid_for, shorten_links } = c.req.valid('json');
      const sendAt = send_at === undefined ? undefined : new Date(send_at);
      const done = await effect(
        c,
        deps,
        send,
        sentMessagesSchema,
        async (work) => {
          const sent = await sendMessages(deps.engine, work, {
            messages: asked,
            purpose,
            lane,
            sender,
            sendAt,
            validMs: valid_for === undefined ? undefined : valid_for * 1_000,
            shortening: shorten_links ? deps.engine.links : null,
          });
          await writeFeed(work, { contactIds: sent.map(({ contactId }) => contactId) });
          const queued = sent.filter(({ state }) => state === 'queued').length;
          return {
            body: {
              data: sent.map(({ id, contactId, number, state, reason }) => ({
                id: id === null ? null : shown('message', id),
                contact_id: shown('contact', contactId),
                to: number,
                state,
                reason: showReason(reason),
              })),
            },
            subject: null,
            detail: { queued, refused: sent.length - queued },
            after: () => {
              if (queued > 0) deps.engine.onQueued();
              notifier.changed(workspaceId);
            },
          };
        },
        { plans: 'kept', trips: 'few' },
      );
      return c.json(done.body, 202, done.headers);
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
