import { z } from '@hono/zod-openapi';
import { lockWorkspace } from '../access/home.ts';
import { writeFeed, writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { contactIdSchema, contactListIdSchema } from '../http/contract.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { requireMatch } from '../http/revisions.ts';
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
  writeFailures,
} from '../http/route-parts.ts';
import {
  type ContactListEntry,
  changedMembersSchema,
  changeMembersSchema,
  contactListEntrySchema,
  contactListsSchema,
  createContactListSchema,
  updateContactListSchema,
} from './contract.ts';
import { addMembers, type ListRow, listKinds, listLists, mostLists, readList, removeMembers } from './lists.ts';
import { readMembers } from './read-members.ts';
import { requireContact } from './routes-shared.ts';

const params = z.object({ list_id: contactListIdSchema });

const list = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/contact-lists',
    summary: 'List lists and tags with their sizes, by name',
    description: 'All of them, at most 1,000. `GET /contacts` with `list_id` lists the people of one.',
    request: { query: z.object({ kind: z.enum(listKinds).optional() }) },
    responses: { 200: answer(contactListsSchema, 'Lists and tags'), ...failures(...readFailures) },
  },
);

const ofContact = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/contacts/{contact_id}/lists',
    summary: 'List the lists that a contact is on, and their tags',
    request: { params: z.object({ contact_id: contactIdSchema }) },
    responses: { 200: answer(contactListsSchema, 'Lists and tags'), ...failures(...readFailures, 'not_found') },
  },
);

const create = route(
  {
    resource: 'contacts',
    verb: 'create',
    needs: 'contacts.write',
    audit: { action: 'contact_list.created', words: 'Added a list or a tag' },
  },
  {
    method: 'post',
    path: '/contact-lists',
    summary: 'Add a list or a tag',
    request: { headers: idempotencyHeaders, body: jsonBody(createContactListSchema) },
    responses: {
      201: answerWithTag(contactListEntrySchema, 'The list'),
      ...failures(...bodyFailures, ...keyFailures, 'contact_list_exists', 'contact_lists_limit'),
    },
  },
);

const update = route(
  {
    resource: 'contacts',
    verb: 'update',
    needs: 'contacts.write',
    audit: { action: 'contact_list.updated', words: 'Renamed a list or a tag' },
  },
  {
    method: 'patch',
    path: '/contact-lists/{list_id}',
    summary: 'Rename a list or a tag',
    request: {
      params,
      headers: matchHeaders.extend(idempotencyHeaders.shape),
      body: jsonBody(updateContactListSchema),
    },
    responses: {
      200: answerWithTag(contactListEntrySchema, 'The list'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale', 'contact_list_exists'),
    },
  },
);

const remove = route(
  {
    resource: 'contacts',
    verb: 'delete',
    needs: 'contacts.write',
    audit: { action: 'contact_list.deleted', words: 'Deleted a list or a tag' },
  },
  {
    method: 'delete',
    path: '/contact-lists/{list_id}',
    summary: 'Delete a list or a tag; its people stay',
    request: { params, headers: idempotencyHeaders },
    responses: { 204: { description: 'Deleted' }, ...failures(...writeFailures, ...keyFailures, 'not_found') },
  },
);

const change = route(
  {
    resource: 'contacts',
    verb: 'update',
    needs: 'contacts.write',
    audit: { action: 'contact_list.members_changed', words: 'Put people on a list, or took them off' },
  },
  {
    method: 'post',
    path: '/contact-lists/{list_id}/members',
    summary: 'Put people on a list, or take them off',
    description: 'Some by id, or everybody whom a filter is about. Who is on it already, or is not, stays as they are.',
    request: { params, headers: idempotencyHeaders, body: jsonBody(changeMembersSchema) },
    responses: {
      200: answer(changedMembersSchema, 'How many were changed, and the list'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found'),
    },
  },
);

function show(row: ListRow): ContactListEntry {
  return {
    id: shown('list', row.id),
    kind: row.kind,
    name: row.name,
    size: row.size,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** @throws ProblemError `not_found`. */
async function requireList(scope: Scope, id: string): Promise<ListRow> {
  const row = await readList(scope, id);
  if (row === null) throw new ProblemError('not_found');
  return row;
}

/** @throws ProblemError `contact_list_exists` where another one of the kind is called so. */
function requireFreeName(rows: readonly ListRow[], kind: string, name: string, ownId: string | null): void {
  const taken = (row: ListRow) =>
    row.id !== ownId && row.kind === kind && row.name.toLowerCase() === name.toLowerCase();
  if (rows.some(taken)) throw new ProblemError('contact_list_exists');
}

/** Lists and tags, and who is on them. */
export function contactListRoutes(deps: RouteDeps) {
  const told = (work: Work, id: string) => writeTopic(work, { topic: 'contact_lists', ids: [shown('list', id)] });

  return newRoutes()
    .openapi(list, async (c) => {
      const { kind } = c.req.valid('query');
      const rows = await reading(c, deps, (scope) => listLists(scope, { kind }));
      return c.json({ data: rows.map(show), next_cursor: null }, 200);
    })
    .openapi(ofContact, async (c) => {
      const contactId = idFrom('contact', c.req.valid('param').contact_id);
      const rows = await reading(c, deps, async (scope) => {
        await requireContact(scope, contactId);
        return listLists(scope, { contactId });
      });
      return c.json({ data: rows.map(show), next_cursor: null }, 200);
    })
    .openapi(create, async (c) => {
      const { name, kind } = c.req.valid('json');
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, contactListEntrySchema, async (work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        const present = await listLists(work);
        requireFreeName(present, kind, name, null);
        if (present.length >= mostLists) throw new ProblemError('contact_lists_limit');
        const id = deps.engine.ids.uuid();
        await tx
          .insertInto('contact_lists')
          .values({ workspace_id: workspaceId, id, kind, name, is_sample: isSample, created_at: now, updated_at: now })
          .execute();
        await told(work, id);
        return changedDocument(deps, work, show(await requireList(work, id)));
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('list', c.req.valid('param').list_id);
      const { name } = c.req.valid('json');
      const done = await effect(c, deps, update, contactListEntrySchema, async (work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        const present = await requireList(work, id);
        requireMatch(c.req.header('if-match'), present.revision, () => show(present));
        requireFreeName(await listLists(work, { kind: present.kind }), present.kind, name, id);
        await tx
          .updateTable('contact_lists')
          .set({ name, is_sample: false, revision: present.revision + 1, updated_at: now })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        await told(work, id);
        return changedDocument(deps, work, show(await requireList(work, id)));
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(remove, async (c) => {
      const { list_id: shownId } = c.req.valid('param');
      const id = idFrom('list', shownId);
      const done = await effect(c, deps, remove, z.null(), async (work) => {
        const { tx, workspaceId } = work;
        const gone = await tx
          .deleteFrom('contact_lists')
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .returning('id')
          .execute();
        if (gone.length === 0) throw new ProblemError('not_found');
        await told(work, id);
        return { body: null, subject: shownId, after: () => deps.engine.notifier.changed(workspaceId) };
      });
      return c.body(null, 204, done.headers);
    })
    .openapi(change, async (c) => {
      const id = idFrom('list', c.req.valid('param').list_id);
      const body = c.req.valid('json');
      const done = await effect(c, deps, change, changedMembersSchema, async (work) => {
        await requireList(work, id);
        const members = await readMembers(work, body);
        const { changed, some } = await (body.action === 'add' ? addMembers : removeMembers)(work, id, members);
        if (changed > 0) {
          await writeFeed(work, { contactIds: some });
          await told(work, id);
        }
        return {
          body: { changed, list: show(await requireList(work, id)) },
          subject: shown('list', id),
          detail: { action: body.action, changed },
          after: () => deps.engine.notifier.changed(work.workspaceId),
        };
      });
      return c.json(done.body, 200, done.headers);
    });
}
