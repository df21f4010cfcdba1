import { z } from '@hono/zod-openapi';
import { toAttributeName } from '@signalbox/nodes/define/attribute-name';
import { isContactFieldName } from '@signalbox/nodes/define/contact-fields';
import { sql } from 'kysely';
import { lockWorkspace, readHome } from '../access/home.ts';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { contactFieldIdSchema } from '../http/contract.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
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
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import {
  type ContactField,
  contactFieldListSchema,
  contactFieldSchema,
  createContactFieldSchema,
  updateContactFieldSchema,
} from './contract.ts';
import { type FieldRow, listFields, mostFields } from './fields.ts';

const list = route(
  { resource: 'contacts', verb: 'list', needs: 'contacts.read' },
  {
    method: 'get',
    path: '/contact-fields',
    summary: 'List the fields that the workspace made up, in its order',
    description: 'All of them, at most 200. Retired ones are still there for their values.',
    responses: { 200: answer(contactFieldListSchema, 'The fields'), ...failures(...readFailures) },
  },
);

const create = route(
  {
    resource: 'contacts',
    verb: 'create',
    needs: 'contacts.write',
    audit: { action: 'contact_field.created', words: 'Added a field of people' },
  },
  {
    method: 'post',
    path: '/contact-fields',
    summary: 'Add a field of people',
    description:
      'The attribute with its key holds its values. Without a key it has one made of its label. Amounts are in the workspace’s currency unless another is named. Neither key nor type changes later.',
    request: { headers: idempotencyHeaders, body: jsonBody(createContactFieldSchema) },
    responses: {
      201: answerWithTag(contactFieldSchema, 'The field'),
      ...failures(...bodyFailures, ...keyFailures, 'contact_field_exists', 'contact_fields_limit'),
    },
  },
);

const update = route(
  {
    resource: 'contacts',
    verb: 'update',
    needs: 'contacts.write',
    audit: { action: 'contact_field.updated', words: 'Changed a field of people' },
  },
  {
    method: 'patch',
    path: '/contact-fields/{field_id}',
    summary: 'Rename, move, retire or bring back a field of people',
    description:
      'Values stay as they are: those of a retired field, and those whose option is no longer there. A position counts from 0; the others move.',
    request: {
      params: z.object({ field_id: contactFieldIdSchema }),
      headers: matchHeaders.extend(idempotencyHeaders.shape),
      body: jsonBody(updateContactFieldSchema),
    },
    responses: {
      200: answerWithTag(contactFieldSchema, 'The field'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

function show(row: FieldRow): ContactField {
  return {
    id: shown('field', row.id),
    key: row.key,
    label: row.label,
    type: row.type,
    options: [...row.options],
    currency: row.currency,
    position: row.position,
    retired: row.retired_at !== null,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** The fields that a workspace made up: list, add, change. */
export function contactFieldRoutes(deps: RouteDeps) {
  const stored = async (work: Work, id: string) => {
    const row = (await listFields(work)).find((each) => each.id === id);
    if (row === undefined) throw new Error('A field that was just written is gone.');
    await writeTopic(work, { topic: 'contact_fields', ids: [shown('field', id)] });
    return changedDocument(deps, work, show(row));
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const rows = await reading(c, deps, listFields);
      return c.json({ data: rows.map(show), next_cursor: null }, 200);
    })
    .openapi(create, async (c) => {
      const { key: wanted, label, type, options = [], currency } = c.req.valid('json');
      const key = wanted ?? toAttributeName(label);
      if (key === null) throw fieldProblem(['key'], 'field_key_missing', fieldTexts.field_key_missing);
      if (isContactFieldName(key)) throw fieldProblem(['key'], 'field_key_taken', fieldTexts.field_key_taken);
      requireOptions(type, options);
      if (currency !== undefined && type !== 'money')
        throw fieldProblem(['currency'], 'field_currency_unfit', fieldTexts.field_currency_unfit);
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, contactFieldSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        const present = await listFields(work);
        if (present.some((row) => row.key === key)) throw new ProblemError('contact_field_exists');
        if (present.length >= mostFields) throw new ProblemError('contact_fields_limit');
        const id = deps.engine.ids.uuid();
        await tx
          .insertInto('contact_fields')
          .values({
            workspace_id: workspaceId,
            id,
            key,
            label,
            type,
            options: JSON.stringify(options),
            currency: type === 'money' ? (currency ?? (await readHome(work)).currency) : null,
            position: present.length,
            is_sample: isSample,
            created_at: now,
            updated_at: now,
          })
          .execute();
        return stored(work, id);
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('field', c.req.valid('param').field_id);
      const { label, options, position, retired } = c.req.valid('json');
      const done = await effect(c, deps, update, contactFieldSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        const rows = await listFields(work);
        const present = rows.find((row) => row.id === id);
        if (present === undefined) throw new ProblemError('not_found');
        requireMatch(c.req.header('if-match'), present.revision, () => show(present));
        if (options !== undefined) requireOptions(present.type, options);
        await tx
          .updateTable('contact_fields')
          .set({
            ...(label === undefined ? {} : { label }),
            ...(options === undefined ? {} : { options: JSON.stringify(options) }),
            ...(retired === undefined ? {} : { retired_at: retired ? (present.retired_at ?? now) : null }),
            is_sample: false,
            revision: present.revision + 1,
            updated_at: now,
          })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        if (position !== undefined) {
          const order = rows.map((row) => row.id).filter((each) => each !== id);
          order.splice(position, 0, id);
          await sql`
            UPDATE contact_fields f SET position = x.place - 1
            FROM unnest(${order}::uuid[]) WITH ORDINALITY AS x(id, place)
            WHERE f.workspace_id = ${workspaceId} AND f.id = x.id AND f.position <> x.place - 1`.execute(tx);
        }
        return stored(work, id);
      });
      return c.json(done.body, 200, done.headers);
    });
}

/** @throws ProblemError `validation_failed` where a choice has nothing to choose, or a type has options that takes none. */
function requireOptions(type: FieldRow['type'], options: readonly string[]): void {
  if (type === 'choice' && options.length === 0)
    throw fieldProblem(['options'], 'field_options_missing', fieldTexts.field_options_missing);
  if (type !== 'choice' && type !== 'list' && options.length > 0)
    throw fieldProblem(['options'], 'field_options_unfit', fieldTexts.field_options_unfit);
}
