import {
  type AttributeValue,
  type StoredContact,
  type WrittenFieldName,
  writtenFieldNames,
} from '@signalbox/nodes/define/contact-fields';
import { sql } from 'kysely';
import { containing } from '../db/like.ts';
import type { ConsentAction, ConsentRowState } from '../db/states.ts';
import { storedColumns } from '../db/stored-columns.ts';
import type { Scope, Work } from '../db/work.ts';
import { digitsSought } from './digits-sought.ts';
import { makeNumbers, type NumberDeps } from './numbers.ts';
import { storedSpellings } from './one-person.ts';

/** A contact with its consent and its number's suppression. */
export type ContactRow = StoredContact & {
  readonly id: string;
  readonly attributes: Record<string, AttributeValue>;
  readonly unhandled: boolean;
  readonly is_sample: boolean;
  readonly revision: number;
  readonly updated_at: Date;
  readonly consent: Record<string, ConsentRowState>;
  readonly suppressed_at: Date | null;
  readonly suppressed_reason: string | null;
};

const columns = sql`
  c.id, ${storedColumns('c')}, c.attributes, c.unhandled, c.is_sample, c.revision, c.updated_at,
  (SELECT coalesce(jsonb_object_agg(s.purpose, s.state), '{}') FROM consents s WHERE s.workspace_id = c.workspace_id AND s.contact_id = c.id) AS consent,
  n.suppressed_at, n.suppressed_reason`;
const written = sql.join(writtenFieldNames.map((name) => sql.ref(name)));
const source = sql`contacts c LEFT JOIN numbers n ON n.workspace_id = c.workspace_id AND n.number = c.phone`;

/** What a search in people matches: name, email, or digits of the number. True for everyone without a search. */
export function matchesSearch(search: string | undefined) {
  const text = search?.trim() ?? '';
  if (text === '') return sql`true`;
  const pattern = containing(text);
  const digits = text.replace(/[\s().+-]/g, '');
  const byPhone = /^\d{2,15}$/.test(digits)
    ? sql`OR c.phone LIKE ANY(${digitsSought(digits).map(containing)}::text[])`
    : sql``;
  return sql`(concat_ws(' ', c.first_name, c.last_name) ILIKE ${pattern} OR c.email ILIKE ${pattern} ${byPhone})`;
}

/** Whom a list of people is about; all of them where nothing is asked for. */
export type ContactFilter = {
  readonly search: string | undefined;
  readonly externalId: string | undefined;
  /** On this list, or with this tag. */
  readonly listId: string | undefined;
  /** Changed then or later. */
  readonly since: Date | null;
};

/** Who of a workspace a filter is about, of contacts called `c`. */
export function matchesFilter(workspaceId: string, { search, externalId, since, listId }: ContactFilter) {
  return sql`c.workspace_id = ${workspaceId} AND c.deleted_at IS NULL AND ${matchesSearch(search)}
    ${listId === undefined ? sql`` : sql`AND EXISTS (SELECT 1 FROM contact_list_members k WHERE k.workspace_id = c.workspace_id AND k.list_id = ${listId}::uuid AND k.contact_id = c.id)`}
    ${externalId === undefined ? sql`` : sql`AND c.external_id = ${externalId}`} ${since === null ? sql`` : sql`AND c.updated_at >= ${since}`}`;
}

/** Contacts that changed, the longest unchanged first; with the time of the change as a cursor has it. */
export async function listChangedContacts(
  { tx, workspaceId }: Scope,
  query: ContactFilter & { readonly limit: number; readonly after: readonly [string, string] | null },
): Promise<{ readonly rows: Array<ContactRow & { readonly updated_text: string }>; readonly total: number }> {
  const where = matchesFilter(workspaceId, query);
  const { after } = query;
  const beyond = after === null ? sql`` : sql`AND (c.updated_at, c.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const rows = await sql<ContactRow & { updated_text: string }>`
    SELECT ${columns}, to_char(c.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_text FROM ${source}
    WHERE ${where} ${beyond} ORDER BY c.updated_at, c.id LIMIT ${query.limit}`.execute(tx);
  const total = await sql<{ n: number }>`SELECT count(*)::int AS n FROM contacts c WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: total.rows[0]?.n ?? 0 };
}

/** Contacts, latest added first. */
export async function listContacts(
  work: Scope,
  query: ContactFilter & { readonly limit: number; readonly before: string | null },
): Promise<{ readonly rows: ContactRow[]; readonly total: number }> {
  const { tx, workspaceId } = work;
  const where = matchesFilter(workspaceId, query);
  const rows = await sql<ContactRow>`
    SELECT ${columns} FROM ${source} WHERE ${where} ${query.before === null ? sql`` : sql`AND c.id < ${query.before}::uuid`}
    ORDER BY c.id DESC LIMIT ${query.limit}`.execute(tx);
  const total = await sql<{ n: number }>`SELECT count(*)::int AS n FROM contacts c WHERE ${where}`.execute(tx);
  return { rows: rows.rows, total: total.rows[0]?.n ?? 0 };
}

/** One contact, locked where it is to be changed; null where there is none, or none any more. */
export async function readContact(work: Scope, contactId: string, lock = false): Promise<ContactRow | null> {
  const { tx, workspaceId } = work;
  const rows = await sql<ContactRow>`
    SELECT ${columns} FROM ${source} WHERE c.workspace_id = ${workspaceId} AND c.id = ${contactId} AND c.deleted_at IS NULL ${lock ? sql`FOR NO KEY UPDATE OF c` : sql``}`.execute(
    tx,
  );
  return rows.rows[0] ?? null;
}

export type ContactFields = { readonly [Name in WrittenFieldName]?: string | null | undefined } & {
  readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined;
};

/** Who was stored, and whether they were new. */
export type UpsertedContact = { readonly id: string; readonly created: boolean };

export type NewContact = ContactFields & { readonly id: string; readonly phone: string };

/** Stores one contact with its number's row. False where the number has a contact already. */
export async function insertContact(
  deps: Pick<NumberDeps, 'digests'>,
  work: Work,
  contact: NewContact,
  isSample: boolean,
): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const stored = await storedSpellings({ tx, workspaceId }, [contact.phone]);
  if (stored.get(contact.phone) !== contact.phone) return false;
  await makeNumbers(deps, work, [contact.phone]);
  const rows = await sql`
    INSERT INTO contacts (workspace_id, id, phone, ${written}, attributes, is_sample, created_at, updated_at)
    VALUES (${workspaceId}, ${contact.id}, ${contact.phone}, ${sql.join(writtenFieldNames.map((name) => contact[name] ?? null))},
      jsonb_strip_nulls(${JSON.stringify(contact.attributes ?? {})}::jsonb), ${isSample}, ${now}, ${now})
    ON CONFLICT (workspace_id, phone) DO NOTHING RETURNING 1`.execute(tx);
  return rows.rows.length > 0;
}

/** Changes the fields that are given; an attribute set to null goes away. The contact must be locked. */
export async function updateContact(work: Work, contactId: string, fields: ContactFields): Promise<void> {
  const { tx, workspaceId, now } = work;
  const { attributes, ...plain } = fields;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  await tx
    .updateTable('contacts')
    .set((eb) => ({
      ...given,
      ...(attributes === undefined
        ? {}
        : { attributes: sql<string>`jsonb_strip_nulls(attributes || ${JSON.stringify(attributes)}::jsonb)` }),
      revision: eb('revision', '+', 1),
      updated_at: now,
    }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', contactId)
    .execute();
}

/**
 * Stores or changes many contacts by number, in ascending order of numbers; fields that are not given stay, and an attribute that is null
 * goes away. Numbers must not repeat.
 *
 * @returns how many were new, and who is behind each number as it was given.
 */
export async function upsertContacts(
  deps: Pick<NumberDeps, 'digests'>,
  work: Work,
  contacts: readonly NewContact[],
  isSample: boolean,
): Promise<{
  readonly created: number;
  readonly ids: string[];
  readonly byPhone: ReadonlyMap<string, UpsertedContact>;
}> {
  const { tx, workspaceId, now } = work;
  if (contacts.length === 0) return { created: 0, ids: [], byPhone: new Map() };
  const spelling = await storedSpellings(
    { tx, workspaceId },
    contacts.map((contact) => contact.phone),
  );
  const rows = contacts
    .map((contact) => ({ ...contact, phone: spelling.get(contact.phone) ?? contact.phone }))
    .toSorted((a, b) => (a.phone < b.phone ? -1 : 1));
  const arrays = writtenFieldNames.map((name) => sql`${rows.map((row) => row[name] ?? null)}::text[]`);
  const overwritten = writtenFieldNames.map(
    (name) => sql`${sql.ref(name)} = coalesce(${sql.ref(`excluded.${name}`)}, ${sql.ref(`c.${name}`)})`,
  );
  await makeNumbers(
    deps,
    work,
    rows.map((row) => row.phone),
  );
  const stored = await sql<UpsertedContact & { phone: string }>`
    INSERT INTO contacts AS c (workspace_id, id, phone, ${written}, attributes, is_sample, created_at, updated_at)
    SELECT ${workspaceId}::uuid, x.id, x.phone, ${sql.join(writtenFieldNames.map((name) => sql.ref(`x.${name}`)))}, x.attributes::jsonb, ${isSample}, ${now}, ${now}
    FROM unnest(
      ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.phone)}::text[], ${sql.join(arrays)}, ${rows.map((row) => JSON.stringify(row.attributes ?? {}))}::text[]
    ) WITH ORDINALITY AS x(id, phone, ${written}, attributes, place)
    ORDER BY x.place
    ON CONFLICT (workspace_id, phone) DO UPDATE SET
      ${sql.join(overwritten)}, attributes = jsonb_strip_nulls(c.attributes || excluded.attributes), revision = c.revision + 1, updated_at = excluded.updated_at
    RETURNING id, phone, (xmax = 0) AS created`.execute(tx);
  // Nothing to be removed yet of who is new.
  const withNulls = rows.filter(({ attributes = {} }) => Object.values(attributes).includes(null)).map((row) => row.id);
  if (withNulls.length > 0)
    await sql`
      UPDATE contacts SET attributes = jsonb_strip_nulls(attributes) WHERE workspace_id = ${workspaceId} AND id = ANY(${withNulls}::uuid[])`.execute(
      tx,
    );
  const bySpelling = new Map(stored.rows.map(({ id, phone, created }) => [phone, { id, created }]));
  return {
    created: stored.rows.filter((row) => row.created).length,
    ids: stored.rows.map((row) => row.id),
    byPhone: new Map(
      contacts.flatMap(({ phone }) => {
        const person = bySpelling.get(spelling.get(phone) ?? phone);
        return person === undefined ? [] : [[phone, person] as const];
      }),
    ),
  };
}

export type ConsentRow = {
  readonly id: string;
  readonly purpose: string;
  readonly action: ConsentAction;
  readonly method: string;
  readonly wording: string | null;
  readonly source_message_id: string | null;
  readonly source_text: string | null;
  readonly flow_id: string | null;
  readonly programme_id: string | null;
  readonly programme: string | null;
  readonly version: number | null;
  /** The words that the programme shows in that version. */
  readonly disclosure: string | null;
  readonly hash: Buffer | null;
  readonly source: string | null;
  readonly source_url: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly given_at: Date | null;
  readonly actor_kind: string | null;
  readonly actor: string | null;
  readonly at: Date;
};

/** What a contact agreed to and took back, latest first. */
export async function listConsent(
  work: Scope,
  contactId: string,
  limit: number,
  before: string | null,
): Promise<ConsentRow[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<ConsentRow>`
    SELECT l.id, l.purpose, l.action, l.method, l.wording, l.source_message_id, m.body AS source_text, l.flow_id, l.at,
      l.programme_id, p.name AS programme, l.version, v.disclosure, v.hash, l.source, l.source_url, l.ip, l.user_agent, l.given_at, l.actor_kind, l.actor
    FROM consent_ledger l
    LEFT JOIN messages m ON m.workspace_id = l.workspace_id AND m.id = l.source_message_id
    LEFT JOIN consent_programmes p ON p.workspace_id = l.workspace_id AND p.id = l.programme_id
    LEFT JOIN consent_versions v ON v.workspace_id = l.workspace_id AND v.programme_id = l.programme_id AND v.version = l.version
    WHERE l.workspace_id = ${workspaceId} AND l.contact_id = ${contactId} ${before === null ? sql`` : sql`AND l.id < ${before}::uuid`}
    ORDER BY l.id DESC LIMIT ${limit}`.execute(tx);
  return rows.rows;
}
