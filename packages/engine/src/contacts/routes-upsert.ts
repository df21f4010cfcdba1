import { type WrittenFieldName, writtenField, writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import { canonicalNumber } from '@signalbox/nodes/text/one-number';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { sql } from 'kysely';
import type { z } from 'zod';
import { readHome } from '../access/home.ts';
import { textArray } from '../db/array-literals.ts';
import type { Scope } from '../db/work.ts';
import { createEffectInParts } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
} from '../http/route-parts.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import { attributesFit } from './attribute-limits.ts';
import { upsertContactsSchema, upsertedContactsSchema } from './contract.ts';
import { type FieldRow, fieldsByKey, readAttributes } from './fields.ts';
import type { NewContact } from './store.ts';
import { createRowStore, type WaitingRow } from './store-rows.ts';

const upsert = route(
  {
    resource: 'contacts',
    verb: 'import',
    needs: 'contacts.write',
    audit: { action: 'contacts.upserted', words: 'Added or changed a list of contacts' },
  },
  {
    method: 'post',
    path: '/contacts/upsert',
    summary: 'Add or change up to 1,000 contacts',
    description:
      'Each is known by its number, or by its external id: who has neither yet is added, and needs a number. Fields left out stay, attributes are merged, and null removes an attribute. Those that do not fit are left out, and told at their place; the others are stored. A number does not change: an external id that is somebody else’s is refused.',
    request: { headers: idempotencyHeaders, body: jsonBody(upsertContactsSchema) },
    responses: {
      200: answer(upsertedContactsSchema, 'What became of each'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

type Given = z.output<typeof upsertContactsSchema>['contacts'][number];
type Refusal = { readonly path: ReadonlyArray<string | number>; readonly code: string; readonly message: string };
type Known = {
  readonly country: string;
  readonly fields: ReadonlyMap<string, FieldRow>;
  readonly phones: ReadonlyMap<string, string>;
};

const refuse = (code: FieldCode, ...path: string[]): Refusal => ({ path, code, message: fieldTexts[code] });

/** The numbers of those who have these external ids. */
async function phonesOfExternalIds(
  { tx, workspaceId }: Scope,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  if (externalIds.length === 0) return new Map();
  const rows = await sql<{ external_id: string; phone: string }>`
    SELECT external_id, phone FROM contacts WHERE workspace_id = ${workspaceId} AND external_id = ANY(${textArray(externalIds)}::text[])`.execute(
    tx,
  );
  return new Map(rows.rows.map(({ external_id: id, phone }) => [id, phone]));
}

/** Somebody of the list as they are stored, or what is wrong. */
function read(
  { phone: written, attributes: given = {}, ...plain }: Given,
  known: Known,
): Omit<NewContact, 'id'> | readonly Refusal[] {
  const externalId = plain.external_id;
  const theirs = externalId === undefined ? undefined : known.phones.get(externalId);
  if (written === undefined && theirs === undefined) return [refuse('contact_unnamed', 'phone')];
  const parsed = written === undefined ? null : parsePhone(written, known.country);
  if (parsed !== null && !parsed.ok) return [refuse(parsed.code, 'phone')];
  const phone = parsed === null ? (theirs ?? '') : parsed.e164;
  if (theirs !== undefined && canonicalNumber(theirs) !== canonicalNumber(phone))
    return [refuse('external_id_taken', 'external_id')];
  const fields: { [Name in WrittenFieldName]?: string } = {};
  for (const name of writtenFieldNames) {
    const value = plain[name];
    if (value === undefined || value === '') continue;
    const { accepts, problem } = writtenField(name);
    if (!accepts(value)) return [refuse(problem, name)];
    fields[name] = value;
  }
  const { attributes, problems } = readAttributes(known.fields, given);
  if (problems.length > 0)
    return problems.map(({ key, code, message }) => ({ path: ['attributes', key], code, message }));
  if (!attributesFit(attributes)) return [refuse('attributes_limit', 'attributes')];
  return { ...fields, phone, attributes };
}

/** A list of people, by number or by what another system calls them. */
export function upsertRoutes(deps: RouteDeps) {
  const effectInParts = createEffectInParts();
  const storeRows = createRowStore(deps);
  return newRoutes().openapi(upsert, async (c) => {
    const { contacts } = c.req.valid('json');
    const isSample = isSeed(c, deps.demo);
    const known = await reading(
      c,
      deps,
      async (scope): Promise<Known> => ({
        country: (await readHome(scope)).country,
        fields: await fieldsByKey(scope),
        phones: await phonesOfExternalIds(scope, [
          ...new Set(contacts.flatMap(({ external_id: id }) => (id === undefined || id === '' ? [] : [id]))),
        ]),
      }),
    );
    const refused = new Map<number, readonly Refusal[]>();
    const rows: WaitingRow[] = [];
    const taken = new Set<string>();
    for (const [row, given] of contacts.entries()) {
      const person = read(given, known);
      if (!('phone' in person)) {
        refused.set(row, person);
        continue;
      }
      const number = canonicalNumber(person.phone);
      if (taken.has(number)) refused.set(row, [refuse('contact_twice', 'phone')]);
      else rows.push({ row, contact: { ...person, id: deps.engine.ids.uuid() } });
      taken.add(number);
    }
    const done = await effectInParts(c, deps, upsert, upsertedContactsSchema, async (runPart) => {
      const result = rows.length === 0 ? null : await storeRows(runPart, rows, isSample);
      const told = new Map(refused);
      for (const { row, field, code, message } of result?.refused ?? [])
        told.set(row, [{ path: [field === '' ? 'attributes' : field], code, message }]);
      const data = contacts.map((_, row) => {
        const person = result?.stored.get(row);
        const errors = (told.get(row) ?? []).map(({ path, code, message }) => ({
          path: ['contacts', row, ...path],
          code,
          message,
        }));
        if (person === undefined) return { id: null, outcome: 'refused' as const, errors };
        return {
          id: shown('contact', person.id),
          outcome: person.created ? ('created' as const) : ('updated' as const),
          errors,
        };
      });
      const count = (outcome: string) => data.filter((each) => each.outcome === outcome).length;
      return { body: { created: count('created'), updated: count('updated'), failed: count('refused'), data } };
    });
    return c.json(done.body, 200, done.headers);
  });
}
