import { createHash } from 'node:crypto';
import type { Purpose } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';
import type { Recorder } from '../http/recorder.ts';

/** A programme as it is stored, with its words. */
export type ProgrammeRow = {
  readonly id: string;
  readonly name: string;
  readonly purpose: Purpose;
  readonly brand: string;
  readonly description: string;
  readonly archived_at: Date | null;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

export type VersionRow = {
  readonly programme_id: string;
  readonly version: number;
  readonly disclosure: string;
  readonly question: string | null;
  readonly hash: Buffer;
  readonly actor_kind: string | null;
  readonly actor: string | null;
  readonly created_at: Date;
};

export type Programme = ProgrammeRow & { readonly versions: readonly VersionRow[] };

/** Programmes with their words, the newest first; one alone where it is named. */
export async function listProgrammes(
  { tx, workspaceId }: Scope,
  query: { readonly id?: string; readonly before: string | null; readonly limit: number },
): Promise<Programme[]> {
  const { id = null, before, limit } = query;
  const found = await sql<ProgrammeRow>`
    SELECT id, name, purpose, brand, description, archived_at, revision, created_at, updated_at FROM consent_programmes
    WHERE workspace_id = ${workspaceId} AND (${id}::uuid IS NULL OR id = ${id}::uuid) AND (${before}::uuid IS NULL OR id < ${before}::uuid)
    ORDER BY id DESC LIMIT ${limit}`.execute(tx);
  const versions = await sql<VersionRow>`
    SELECT programme_id, version, disclosure, question, hash, actor_kind, actor, created_at FROM consent_versions
    WHERE workspace_id = ${workspaceId} AND programme_id = ANY(${found.rows.map((row) => row.id)}::uuid[]) ORDER BY version DESC`.execute(
    tx,
  );
  const byProgramme = Map.groupBy(versions.rows, (row) => row.programme_id);
  return found.rows.map((row) => ({ ...row, versions: byProgramme.get(row.id) ?? [] }));
}

/** One programme; null where there is none. */
export async function readProgramme(scope: Scope, id: string): Promise<Programme | null> {
  const [programme] = await listProgrammes(scope, { id, before: null, limit: 1 });
  return programme ?? null;
}

/** Locks a programme, so that two who change it do so one after another. */
export async function lockProgramme({ tx, workspaceId }: Work, id: string): Promise<void> {
  await tx
    .selectFrom('consent_programmes')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute();
}

export type Words = { readonly disclosure: string; readonly question: string | null };

/** By which words are known to be the same, for good. */
export function hashOfWords({ disclosure, question }: Words): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([disclosure, question]))
    .digest();
}

/** Adds words to a programme, which must be locked or new. */
export async function insertVersion(
  { tx, workspaceId, now }: Work,
  programmeId: string,
  version: number,
  words: Words,
  by: Recorder | null,
): Promise<void> {
  await tx
    .insertInto('consent_versions')
    .values({
      workspace_id: workspaceId,
      programme_id: programmeId,
      version,
      ...words,
      hash: hashOfWords(words),
      actor_kind: by?.kind ?? null,
      actor: by?.id ?? null,
      created_at: now,
    })
    .execute();
}

/** A row of the ledger with the words that were shown. */
export type LedgerRow = {
  readonly id: string;
  readonly at: Date;
  readonly phone: string;
  readonly contact_id: string;
  readonly purpose: string;
  readonly action: string;
  readonly method: string;
  readonly programme: string | null;
  readonly version: number | null;
  readonly hash: Buffer | null;
  readonly disclosure: string | null;
  readonly wording: string | null;
  readonly source: string | null;
  readonly source_url: string | null;
  readonly source_text: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly given_at: Date | null;
};

/** The whole ledger, in the order in which it was written. */
export async function readLedger(
  { tx, workspaceId }: Scope,
  after: string | null,
  limit: number,
): Promise<LedgerRow[]> {
  const rows = await sql<LedgerRow>`
    SELECT l.id, l.at, CASE WHEN c.deleted_at IS NULL THEN c.phone ELSE coalesce(d.phone, '') END AS phone, l.contact_id, l.purpose, l.action, l.method, p.name AS programme, l.version, v.hash, v.disclosure, l.wording, l.source,
      l.source_url, m.body AS source_text, l.ip, l.user_agent, l.given_at
    FROM consent_ledger l
    JOIN contacts c ON c.workspace_id = l.workspace_id AND c.id = l.contact_id
    LEFT JOIN deleted_contacts d ON d.workspace_id = l.workspace_id AND d.contact_id = l.contact_id
    LEFT JOIN messages m ON m.workspace_id = l.workspace_id AND m.id = l.source_message_id
    LEFT JOIN consent_programmes p ON p.workspace_id = l.workspace_id AND p.id = l.programme_id
    LEFT JOIN consent_versions v ON v.workspace_id = l.workspace_id AND v.programme_id = l.programme_id AND v.version = l.version
    WHERE l.workspace_id = ${workspaceId} AND (${after}::uuid IS NULL OR l.id > ${after}::uuid)
    ORDER BY l.id LIMIT ${limit}`.execute(tx);
  return rows.rows;
}
