import { sql } from 'kysely';
import { textArray, uuidArray } from '../db/array-literals.ts';
import { toldLater } from '../db/connection.ts';
import type { Scope, Work } from '../db/work.ts';
import { makeNumbers, type NumberDeps } from './numbers.ts';
import { type FoundContact, storedSpellings } from './one-person.ts';

/** The numbers of contacts that exist, by their ids. */
export async function phonesOfContacts(
  { tx, workspaceId }: Scope,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (contactIds.length === 0) return new Map();
  const rows = await sql<FoundContact>`
    SELECT id, phone FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${uuidArray([...new Set(contactIds)])}::uuid[]) AND deleted_at IS NULL`.execute(
    tx,
  );
  return new Map(rows.rows.map(({ id, phone }) => [id, phone]));
}

/** Whose numbers these are, by the number as it is given (E.164, canonical): who has no contact yet gets one. */
export async function contactsOfPhones(
  deps: NumberDeps,
  work: Work,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, FoundContact>> {
  if (numbers.length === 0) return new Map();
  const { tx, workspaceId, now } = work;
  const stored = await storedSpellings(work, numbers);
  // Two that add the same people lock them in the same order.
  const phones = [...new Set(stored.values())].sort();
  await makeNumbers(deps, work, phones);
  await sql`${toldLater}
    INSERT INTO contacts (workspace_id, id, phone, created_at, updated_at)
    SELECT ${workspaceId}::uuid, x.id, x.phone, ${now}, ${now}
    FROM unnest(${uuidArray(phones.map(() => deps.ids.uuid()))}::uuid[], ${textArray(phones)}::text[]) WITH ORDINALITY AS x(id, phone, place)
    ORDER BY x.place
    ON CONFLICT (workspace_id, phone) DO NOTHING`.execute(tx);
  const rows = await sql<FoundContact>`
    SELECT id, phone FROM contacts WHERE workspace_id = ${workspaceId} AND phone = ANY(${textArray(phones)}::text[])`.execute(
    tx,
  );
  const byPhone = new Map(rows.rows.map((row) => [row.phone, row]));
  return new Map(
    [...stored].flatMap(([number, phone]) => {
      const person = byPhone.get(phone);
      return person === undefined ? [] : [[number, person] as const];
    }),
  );
}
