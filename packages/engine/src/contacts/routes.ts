import { z } from '@hono/zod-openapi';
import { readHome } from '../access/home.ts';
import { writeFeed } from '../db/feed.ts';
import { contactIdSchema, pageQuerySchema } from '../http/contract.ts';
import { idCursor, readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, searchedId, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { requireMatch, tagOf } from '../http/revisions.ts';
import { route } from '../http/route.ts';
import {
  answer,
  answerWithTag,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  matchHeaders,
  newRoutes,
  readFailures,
} from '../http/route-parts.ts';
import {
  consentHistorySchema,
  contactListQuerySchema,
  contactListSchema,
  contactSchema,
  createContactSchema,
  updateContactSchema,
} from './contract.ts';
import { typedAttributes } from './fields.ts';
import { isAttributesLimit, isExternalIdTaken } from './refusals.ts';
import { emptyToNull, requireAccepted, requireContact, requirePhone, showContact } from './routes-shared.ts';
import {
  type ContactRow,
  insertContact,
  listChangedContacts,
  listConsent,
  listContacts,
  updateContact,
} from './store.ts';

const params = z.object({ contact_id: contactIdSchema });
const paged = { params, query: pageQuerySchema };

const list = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/contacts',
    summary: 'List contacts, latest added first',
    description:
      'With `updated_since` those that changed then or later, the longest unchanged first: whoever keeps a copy asks from a minute before the last answer on, as changes that were under way come in late. The search looks in names, email addresses and the digits of numbers. A page of people with many attributes may hold fewer than asked for.',
    request: { query: contactListQuerySchema },
    responses: { 200: answer(contactListSchema, 'A page of contacts'), ...failures(...readFailures, 'cursor_invalid') },
  },
);

const create = route(
  {
    resource: 'contacts',
    verb: 'create',
    needs: 'contacts.write',
    audit: { action: 'contact.created', words: 'Added a contact' },
  },
  {
    method: 'post',
    path: '/contacts',
    summary: 'Add a contact',
    description:
      'The number may be written as people write it; one without a country code is read as a number of the workspace’s home country.',
    request: { headers: idempotencyHeaders, body: jsonBody(createContactSchema) },
    responses: {
      201: answerWithTag(contactSchema, 'The contact'),
      ...failures(
        ...bodyFailures,
        ...keyFailures,
        'contact_exists',
        'contact_attributes_limit',
        'contact_external_id_taken',
      ),
    },
  },
);

const read = route(
  { resource: 'contacts', verb: 'read', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/contacts/{contact_id}',
    summary: 'Read a contact',
    request: { params },
    responses: { 200: answerWithTag(contactSchema, 'The contact'), ...failures(...readFailures, 'not_found') },
  },
);

const update = route(
  {
    resource: 'contacts',
    verb: 'update',
    needs: 'contacts.write',
    audit: { action: 'contact.updated', words: 'Changed a contact' },
  },
  {
    method: 'patch',
    path: '/contacts/{contact_id}',
    summary: 'Change a contact',
    description: 'Fields left out stay; null clears a field. Attributes are merged; null removes one.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateContactSchema) },
    responses: {
      200: answerWithTag(contactSchema, 'The contact'),
      ...failures(
        ...bodyFailures,
        ...keyFailures,
        'not_found',
        'revision_required',
        'stale',
        'contact_attributes_limit',
        'contact_external_id_taken',
      ),
    },
  },
);

const consent = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/contacts/{contact_id}/consent',
    summary: 'List what a contact agreed to and took back, latest first',
    request: paged,
    responses: {
      200: answer(consentHistorySchema, 'A page of the ledger'),
      ...failures(...readFailures, 'cursor_invalid', 'not_found'),
    },
  },
);

/** People: list, add, read, change, and what happened to them. */
export function contactRoutes(deps: RouteDeps) {
  const { ids } = deps.engine;

  return newRoutes()
    .openapi(list, async (c) => {
      const {
        search,
        limit,
        cursor,
        external_id: externalId,
        updated_since: since,
        list_id: list,
      } = c.req.valid('query');
      const listId = searchedId('list', list);
      const filter = { search, externalId, listId, since: since === undefined ? null : new Date(since) };
      if (filter.since !== null) {
        const after = readCursor(cursor, timeAndIdCursor);
        const { rows, total } = await reading(c, deps, (scope) =>
          listChangedContacts(scope, { ...filter, limit: limit + 1, after }),
        );
        const fitting = Math.min(limit, howManyFit(rows));
        return c.json({ ...toPage(rows, fitting, showContact, (row) => [row.updated_text, row.id]), total }, 200);
      }
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const { rows, total } = await reading(c, deps, (scope) =>
        listContacts(scope, { ...filter, limit: limit + 1, before }),
      );
      const fitting = Math.min(limit, howManyFit(rows));
      return c.json({ ...toPage(rows, fitting, showContact, (row) => [row.id]), total }, 200);
    })
    .openapi(create, async (c) => {
      const { phone: written, ...fields } = c.req.valid('json');
      requireAccepted(fields);
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, contactSchema, async (work) => {
        const phone = requirePhone(written, (await readHome(work)).country);
        const id = ids.uuid();
        const typed = await typedAttributes(work, emptyToNull(fields));
        if (!(await limited(insertContact(deps.engine, work, { ...typed, id, phone }, isSample))))
          throw new ProblemError('contact_exists');
        await writeFeed(work, { contactIds: [id] });
        return changedDocument(deps, work, showContact(await requireContact(work, id)));
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(read, async (c) => {
      const id = idFrom('contact', c.req.valid('param').contact_id);
      const row = await reading(c, deps, (scope) => requireContact(scope, id));
      return c.json(showContact(row), 200, { etag: tagOf(row.revision) });
    })
    .openapi(update, async (c) => {
      const id = idFrom('contact', c.req.valid('param').contact_id);
      const fields = c.req.valid('json');
      requireAccepted(fields);
      const done = await effect(c, deps, update, contactSchema, async (work) => {
        const present = await requireContact(work, id, true);
        requireMatch(c.req.header('if-match'), present.revision, () => showContact(present));
        await limited(updateContact(work, id, await typedAttributes(work, emptyToNull(fields))));
        await writeFeed(work, { contactIds: [id] });
        return changedDocument(deps, work, showContact(await requireContact(work, id)));
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(consent, async (c) => {
      const id = idFrom('contact', c.req.valid('param').contact_id);
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, async (scope) => {
        await requireContact(scope, id);
        return listConsent(scope, id, limit + 1, before);
      });
      const page = toPage(
        rows,
        limit,
        (row) => ({
          purpose: row.purpose,
          action: row.action,
          method: row.method,
          wording: row.wording,
          source_message_id: row.source_message_id === null ? null : shown('message', row.source_message_id),
          source_text: row.source_text,
          flow_id: row.flow_id === null ? null : shown('flow', row.flow_id),
          programme:
            row.programme_id === null || row.programme === null || row.version === null
              ? null
              : {
                  id: shown('programme', row.programme_id),
                  name: row.programme,
                  version: row.version,
                  disclosure: row.disclosure ?? '',
                  hash: row.hash?.toString('hex') ?? '',
                },
          source: row.source,
          source_url: row.source_url,
          ip: row.ip,
          user_agent: row.user_agent,
          given_at: row.given_at?.toISOString() ?? null,
          recorded_by: row.actor_kind === null ? null : { kind: row.actor_kind, id: row.actor ?? '' },
          at: row.at.toISOString(),
        }),
        (row) => [row.id],
      );
      return c.json(page, 200);
    });
}

/** Bytes of attributes on one page, about. */
const mostPageBytes = 512 * 1_024;

/** How many of these rows a page holds, at least one. */
function howManyFit(rows: readonly ContactRow[]): number {
  let bytes = 0;
  const over = rows.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(row.attributes));
    return bytes > mostPageBytes;
  });
  return over === -1 ? rows.length : Math.max(1, over);
}

/** @throws ProblemError `contact_attributes_limit`, `contact_external_id_taken` where the database refuses what is written. */
async function limited<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isAttributesLimit(error)) throw new ProblemError('contact_attributes_limit');
    if (isExternalIdTaken(error)) throw new ProblemError('contact_external_id_taken');
    throw error;
  }
}
