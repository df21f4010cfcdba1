import { numberSpellings } from '@signalbox/nodes/text/one-number';
import { sql } from 'kysely';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { Scope } from '../db/work.ts';

/** A contact as its number finds it. Its number may be stored in another spelling than the canonical one, from before that was one. */
export type FoundContact = { readonly id: string; readonly phone: string };

/**
 * The contact whose phone this is, locked, however the number was spelled when it was stored. Where one phone became two contacts,
 * the one that was texted last: whoever answers answers that.
 */
export async function lockContactOf(work: Scope, number: string): Promise<FoundContact | null> {
  const { tx, workspaceId } = work;
  const spellings = numberSpellings(number);
  if (spellings.length === 1) {
    const rows = await sql<{ id: string }>`
      SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND phone = ${number} FOR NO KEY UPDATE`.execute(tx);
    const found = rows.rows[0];
    return found === undefined ? null : { id: found.id, phone: number };
  }
  const rows = await sql<FoundContact>`
    SELECT id, phone FROM contacts c WHERE workspace_id = ${workspaceId} AND phone = ANY(${[...spellings]}::text[])
    ORDER BY (SELECT m.id FROM messages m WHERE m.workspace_id = c.workspace_id AND m.contact_id = c.id AND m.direction = 'out' ORDER BY m.id DESC LIMIT 1) DESC NULLS LAST,
      phone = ${spellings[0]} DESC
    LIMIT 1 FOR NO KEY UPDATE`.execute(tx);
  return rows.rows[0] ?? null;
}

/** Every contact that is one of these phones, locked in ascending order: what its owner says holds for all of them. */
export async function lockAllOf(work: Scope, numbers: readonly string[]): Promise<FoundContact[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<FoundContact>`
    SELECT id, phone FROM contacts WHERE workspace_id = ${workspaceId} AND phone = ANY(${textArray(numbers.flatMap(numberSpellings))}::text[])
    ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  return rows.rows;
}

/** Locks contacts in ascending order: what is written of somebody is written one after another. */
export async function lockContacts({ tx, workspaceId }: Scope, contactIds: readonly string[]): Promise<void> {
  await sql`
    SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${uuidArray(contactIds)}::uuid[]) ORDER BY id FOR NO KEY UPDATE`.execute(
    tx,
  );
}

/** For canonical numbers, the spelling under which a contact of theirs is stored already; the number itself where there is none. */
export async function storedSpellings(work: Scope, numbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { tx, workspaceId } = work;
  const stored = new Map(numbers.map((number) => [number, number]));
  const owners = new Map(
    numbers.flatMap((number) => {
      const [, ...others] = numberSpellings(number);
      return others.length === 0 ? [] : [number, ...others].map((spelling) => [spelling, number] as const);
    }),
  );
  if (owners.size === 0) return stored;
  const rows = await sql<{ phone: string }>`
    SELECT phone FROM contacts WHERE workspace_id = ${workspaceId} AND phone = ANY(${[...owners.keys()]}::text[])`.execute(
    tx,
  );
  const found = new Set(rows.rows.map((row) => row.phone));
  for (const [spelling, number] of owners) if (!found.has(number) && found.has(spelling)) stored.set(number, spelling);
  return stored;
}
