import { readMembers } from '../contacts/read-members.ts';
import { writeFeed, writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { readShown, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { recorderOf } from '../http/recorder.ts';
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
} from '../http/route-parts.ts';
import { refuseTaken } from '../http/taken.ts';
import { fieldTexts } from '../http/texts.ts';
import type { CommitEngine } from '../inbound/webhook-commits.ts';
import {
  contactDeletionSchema,
  type DeletedContact,
  deleteContactsSchema,
  deletedContactListSchema,
  deletedContactQuerySchema,
  eraseContactsSchema,
  erasedContactsSchema,
  restoreContactsSchema,
  restoredContactsSchema,
  type SomeDeleted,
} from './contract.ts';
import { countMembers, deleteContacts } from './delete.ts';
import { eraseContacts, erasedAt } from './erase.ts';
import { countDeleted, type Deleted, restoreContacts } from './restore.ts';
import { type DeletedRow, listDeleted, unknownDeleted } from './store.ts';

const remove = route(
  {
    resource: 'contacts',
    verb: 'delete',
    needs: 'contacts.write',
    audit: { action: 'contacts.deleted', words: 'Deleted people' },
  },
  {
    method: 'post',
    path: '/contacts/delete',
    summary: 'Delete contacts, to be erased after 30 days',
    description:
      'Some by id, or everybody whom a filter is about. They leave every list, flow and queue at once, and can be taken back until they are erased. One answer is about 2,000 people at most: while it says that some are left, ask again with its `deletion_id`.',
    request: { headers: idempotencyHeaders, body: jsonBody(deleteContactsSchema) },
    responses: {
      200: answer(contactDeletionSchema, 'How many were deleted, and what brings them back'),
      ...failures(...bodyFailures, ...keyFailures, 'contacts_changed'),
    },
  },
);

const list = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/deleted-contacts',
    summary: 'List deleted contacts that are not erased yet, the latest first',
    request: { query: deletedContactQuerySchema },
    responses: {
      200: answer(deletedContactListSchema, 'A page of deleted contacts'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const restore = route(
  {
    resource: 'contacts',
    verb: 'restore',
    needs: 'contacts.write',
    audit: { action: 'contacts.restored', words: 'Took back deleted people' },
  },
  {
    method: 'post',
    path: '/deleted-contacts/restore',
    summary: 'Take deleted contacts back',
    description:
      'With everything that was known of them, and onto their lists. Flows that they left stay left. Who cannot come back, as somebody else has their number or external id by now, stays deleted.',
    request: { headers: idempotencyHeaders, body: jsonBody(restoreContactsSchema) },
    responses: {
      200: answer(restoredContactsSchema, 'How many are back'),
      ...failures(...bodyFailures, ...keyFailures, 'contacts_changed'),
    },
  },
);

const erase = route(
  {
    resource: 'contacts',
    verb: 'erase',
    needs: 'contacts.write',
    audit: { action: 'contacts.erased', words: 'Erased deleted people for good' },
  },
  {
    method: 'post',
    path: '/deleted-contacts/erase',
    summary: 'Erase deleted contacts for good, now',
    description:
      'Their number, name and words are gone from everywhere; what happened stays as times and codes, and an opt-out of their number goes on holding. Nothing brings them back.',
    request: { headers: idempotencyHeaders, body: jsonBody(eraseContactsSchema) },
    responses: {
      200: answer(erasedContactsSchema, 'How many were erased'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

function show(row: DeletedRow): DeletedContact {
  const { contact_id, deletion_id, first_name, last_name, phone, deleted_at, is_taken, actor_kind, actor } = row;
  return {
    id: shown('contact', contact_id),
    first_name,
    last_name,
    phone,
    deletion_id: shown('deletion', deletion_id),
    deleted_at: deleted_at.toISOString(),
    erased_at: erasedAt(deleted_at).toISOString(),
    taken: is_taken,
    deleted_by: { kind: actor_kind, id: actor },
  };
}

/** Whom of the deleted a request means. @throws ProblemError `validation_failed` where it names nobody, or who is not among them. */
async function readDeleted(work: Work, { contact_ids: given, deletion_id: deletion }: SomeDeleted): Promise<Deleted> {
  if ((given === undefined) === (deletion === undefined))
    throw fieldProblem(['contact_ids'], 'deleted_unnamed', fieldTexts.deleted_unnamed);
  if (deletion !== undefined) {
    const deletionId = readShown('deletion', deletion);
    if (deletionId === null) throw fieldProblem(['deletion_id'], 'deleted_unknown', fieldTexts.deleted_unknown);
    return { deletionId };
  }
  const ids = (given ?? []).map((id) => readShown('contact', id));
  const contactIds = ids.filter((id) => id !== null);
  const unknown = await unknownDeleted(work, contactIds);
  const at = ids.findIndex((id) => id === null || unknown.has(id));
  if (at !== -1) throw fieldProblem(['contact_ids', at], 'deleted_unknown', fieldTexts.deleted_unknown);
  return { contactIds };
}

/** What people are deleted through, beside the services of every route. */
export type ErasureDeps = RouteDeps<Pick<CommitEngine, 'arrivalDeps' | 'onArrived'>>;

/** Deleting people, taking them back, and erasing them. */
export function erasureRoutes(deps: ErasureDeps) {
  const { arrivalDeps, onArrived, notifier, ids } = deps.engine;
  const told = async (work: Work, contactIds: readonly string[], flowIds: readonly string[] = []): Promise<void> => {
    await writeFeed(work, { contactIds, flowIds, counts: flowIds.length > 0 });
    await writeTopic(work, { topic: 'deleted_contacts', ids: [] });
    await writeTopic(work, { topic: 'contact_lists', ids: [] });
  };

  return newRoutes()
    .openapi(remove, async (c) => {
      const { expected, deletion_id: goesOn, ...named } = c.req.valid('json');
      const recorder = recorderOf(c);
      const before = goesOn === undefined ? undefined : readShown('deletion', goesOn);
      if (before === null) throw fieldProblem(['deletion_id'], 'deleted_unknown', fieldTexts.deleted_unknown);
      const done = await effect(c, deps, remove, contactDeletionSchema, async (work) => {
        const members = await readMembers(work, named);
        const all = await countMembers(work, members);
        if (expected !== undefined && expected !== all) throw new ProblemError('contacts_changed');
        const deletionId = before ?? ids.uuid();
        const { contactIds, flowIds, wake } = await deleteContacts(arrivalDeps, work, members, {
          deletionId,
          recorder,
        });
        if (contactIds.length > 0) await told(work, contactIds, flowIds);
        return {
          body: {
            deletion_id: shown('deletion', deletionId),
            deleted: contactIds.length,
            left: Math.max(0, all - contactIds.length),
            erased_at: erasedAt(work.now).toISOString(),
          },
          subject: shown('deletion', deletionId),
          detail: { deleted: contactIds.length },
          after: () => onArrived(work.workspaceId, { runs: [], wake }),
        };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(list, async (c) => {
      const { search, limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, timeAndIdCursor);
      const { rows, total } = await reading(c, deps, (scope) =>
        listDeleted(scope, { search, before, limit: limit + 1 }),
      );
      return c.json({ ...toPage(rows, limit, show, (row) => [row.place, row.contact_id]), total }, 200);
    })
    .openapi(restore, async (c) => {
      const body = c.req.valid('json');
      const done = await effect(c, deps, restore, restoredContactsSchema, async (work) => {
        const deleted = await readDeleted(work, body);
        const { free, taken } = await countDeleted(work, deleted);
        const contactIds = await restoreContacts(deps.engine, work, deleted);
        if (contactIds.length > 0) await told(work, contactIds);
        return {
          body: { restored: contactIds.length, taken, left: Math.max(0, free - contactIds.length) },
          subject: body.deletion_id ?? null,
          detail: { restored: contactIds.length, taken },
          after: () => notifier.changed(work.workspaceId),
        };
      }).catch(refuseTaken('contacts_changed'));
      return c.json(done.body, 200, done.headers);
    })
    .openapi(erase, async (c) => {
      const body = c.req.valid('json');
      const done = await effect(c, deps, erase, erasedContactsSchema, async (work) => {
        const deleted = await readDeleted(work, body);
        const { free, taken } = await countDeleted(work, deleted);
        const contactIds = await eraseContacts({ ...arrivalDeps, ...deps.engine }, work, deleted);
        if (contactIds.length > 0) await told(work, contactIds);
        return {
          body: { erased: contactIds.length, left: Math.max(0, free + taken - contactIds.length) },
          subject: body.deletion_id ?? null,
          detail: { erased: contactIds.length },
          after: () => notifier.changed(work.workspaceId),
        };
      });
      return c.json(done.body, 200, done.headers);
    });
}
