import { numberSpellings } from '@signalbox/nodes/text/one-number';
import { sql } from 'kysely';
import { addDigests, type NumberDeps } from '../contacts/numbers.ts';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { Work } from '../db/work.ts';
import type { InboundDeps } from '../inbound/inbound-deps.ts';
import { mostAtOnce } from './delete.ts';
import { leaveEverything } from './leave.ts';
import { type Deleted, meant } from './restore.ts';

/** Days that deleted people can be taken back. */
export const keptDays = 30;
const dayMs = 86_400_000;

/** When what was deleted then is erased. */
export const erasedAt = (deletedAt: Date): Date => new Date(deletedAt.getTime() + keptDays * dayMs);

/** Who was deleted so long ago that they are to be erased. */
export const dueBefore = (now: Date): Date => new Date(now.getTime() - keptDays * dayMs);

const page = 500;
const digestPage = 1_000;

/**
 * Erases deleted people for good: their number, their words and what tells of them in ledgers goes, and rows stay without it
 * (docs/decisions/0006). That a number opted out stays as a digest alone. Somebody new who has the number by now keeps theirs.
 *
 * @param which some of them, or those deleted before a moment: the first page.
 * @returns ids of the contacts.
 */
export async function eraseContacts(
  deps: Pick<InboundDeps, 'versions'> & Pick<NumberDeps, 'digests'>,
  work: Work,
  which: Deleted | { readonly before: Date },
): Promise<readonly string[]> {
  const { tx, workspaceId } = work;
  const due =
    'before' in which
      ? sql`d.workspace_id = ${workspaceId} AND d.deleted_at <= ${which.before}`
      : meant(workspaceId, which);
  const limit = 'before' in which ? page : mostAtOnce;
  const { rows } = await sql<{ contact_id: string; phone: string }>`
    SELECT d.contact_id, d.phone FROM deleted_contacts d WHERE ${due} ORDER BY d.contact_id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED`.execute(
    tx,
  );
  const contactIds = rows.map((row) => row.contact_id);
  if (contactIds.length === 0) return [];
  const ids = uuidArray(contactIds);
  await sql`SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`.execute(
    tx,
  );
  // Nobody can have let them in since; whoever was just about to has not heard of it.
  await leaveEverything(deps, work, contactIds);
  await emptyWords(work, ids);
  await forgetNumbers(
    deps,
    work,
    rows.flatMap(({ phone }) => numberSpellings(phone)),
  );
  await sql`DELETE FROM deleted_contacts WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${ids}::uuid[])`.execute(
    tx,
  );
  return contactIds;
}

/** Texts, values and places, wherever they stand with the person's id. */
async function emptyWords({ tx, workspaceId }: Work, ids: string): Promise<void> {
  const of = sql`workspace_id = ${workspaceId} AND contact_id = ANY(${ids}::uuid[])`;
  const theirs = sql`SELECT id FROM messages WHERE ${of}`;
  await sql`DELETE FROM message_queue WHERE workspace_id = ${workspaceId} AND message_id IN (${theirs})`.execute(tx);
  // What was found in a text stands in its reason. Pictures go with their text.
  await sql`
    UPDATE messages SET body = NULL, number = '', reason = CASE WHEN direction = 'in' THEN NULL ELSE reason END WHERE ${of}`.execute(
    tx,
  );
  await sql`UPDATE links SET target = '', expires_at = least(expires_at, created_at) WHERE ${of}`.execute(tx);
  await sql`
    UPDATE consent_ledger SET wording = NULL, source = NULL, source_url = NULL, ip = NULL, user_agent = NULL WHERE ${of}`.execute(
    tx,
  );
  await sql`UPDATE events SET data = '{}' WHERE ${of}`.execute(tx);
  await sql`UPDATE webhook_events SET body = NULL WHERE ${of}`.execute(tx);
  await sql`
    UPDATE enrollment_path p SET reason = jsonb_build_object('code', p.reason->'code')
    WHERE p.workspace_id = ${workspaceId} AND p.reason IS NOT NULL AND p.enrollment_id IN (SELECT id FROM enrollment_history WHERE ${of})`.execute(
    tx,
  );
  await sql`
    UPDATE enrollment_history SET reason = jsonb_build_object('code', reason->'code') WHERE ${of} AND reason IS NOT NULL`.execute(
    tx,
  );
}

/** Numbers that nobody has any more. Without a digest a suppression could not be known again, so that those are made first. */
async function forgetNumbers(
  deps: Pick<NumberDeps, 'digests'>,
  work: Work,
  spellings: readonly string[],
): Promise<void> {
  const { tx, workspaceId } = work;
  const { rows } = await sql<{ number: string }>`
    SELECT x.number FROM unnest(${textArray(spellings)}::text[]) AS x(number)
    WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = ${workspaceId} AND c.phone = x.number)`.execute(
    tx,
  );
  const gone = textArray(rows.map(({ number }) => number));
  for (let made = digestPage; made === digestPage; ) made = await addDigests(deps, work, digestPage);
  await sql`
    UPDATE suppressions SET number = NULL, note = NULL WHERE workspace_id = ${workspaceId} AND number = ANY(${gone}::text[]) AND digest IS NOT NULL`.execute(
    tx,
  );
  await sql`DELETE FROM numbers WHERE workspace_id = ${workspaceId} AND number = ANY(${gone}::text[])`.execute(tx);
  await sql`DELETE FROM text_parts WHERE workspace_id = ${workspaceId} AND number = ANY(${gone}::text[])`.execute(tx);
}
