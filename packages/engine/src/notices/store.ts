import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { textArray, uuidArray } from '../db/array-literals.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import type { Ids } from '../runtime/ids.ts';
import type { NoticeKind } from './define-notice.ts';

/** Something that is noticed: what it is about, by its id as the API shows it, and what its texts are made from. */
export type Incident<Values> = { readonly subject: string; readonly values: Values };

/** Another notice of the same kind about the same thing begins once the one before is over, and was for as long as its kind says. */
const whileOpen = sql`(workspace_id, kind, subject) WHERE resolved_at IS NULL`;

/**
 * Raises notices in the transaction of whatever noticed: one for each incident that is not open already; what goes on that was over
 * for a moment is the notice that it was. Repeating it changes nothing and costs one statement.
 *
 * @returns how many are new.
 */
export async function raiseNotices<Values extends z.ZodObject>(
  deps: { readonly ids: Ids },
  work: Work,
  { kind, severity, sameWithinMs }: NoticeKind<Values>,
  incidents: ReadonlyArray<Incident<z.infer<Values>>>,
): Promise<number> {
  const { tx, workspaceId, now } = work;
  if (incidents.length === 0) return 0;
  const lately = new Date(now.getTime() - sameWithinMs);
  // In one order, so that two who notice the same wait for each other and not both.
  const { rows } = await sql<{ id: string; is_new: boolean }>`
    WITH x AS (
      SELECT * FROM unnest(
        ${uuidArray(incidents.map(() => deps.ids.uuid()))}::uuid[], ${textArray(incidents.map(({ subject }) => subject))}::text[],
        ${textArray(incidents.map(({ values }) => JSON.stringify(values)))}::text[]
      ) AS x(id, subject, detail)
    ), ended AS (
      SELECT n.id, x.subject, x.detail FROM x CROSS JOIN LATERAL (
        SELECT id, resolved_at FROM notices WHERE workspace_id = ${workspaceId} AND kind = ${kind} AND subject = x.subject ORDER BY id DESC LIMIT 1
      ) n WHERE n.resolved_at > ${lately} ORDER BY x.subject
    ), goes_on AS (
      UPDATE notices n SET resolved_at = NULL, detail = ended.detail::jsonb, mail_at = CASE WHEN n.mailed_at IS NULL THEN ${now}::timestamptz END
      FROM ended WHERE n.workspace_id = ${workspaceId} AND n.id = ended.id AND n.resolved_at IS NOT NULL RETURNING n.id, n.subject
    ), begun AS (
      INSERT INTO notices (workspace_id, id, kind, subject, severity, detail, raised_at, mail_at)
      SELECT ${workspaceId}::uuid, x.id, ${kind}, x.subject, ${severity}, x.detail::jsonb, ${now}, ${now}
      FROM x WHERE x.subject NOT IN (SELECT subject FROM goes_on) ORDER BY x.subject
      ON CONFLICT ${whileOpen} DO NOTHING RETURNING id
    )
    SELECT id, false AS is_new FROM goes_on UNION ALL SELECT id, true FROM begun`.execute(tx);
  await announce(work, rows);
  return rows.filter((row) => row.is_new).length;
}

/** Ends the incidents of a kind that are open about these, in the transaction of whatever put them right. */
export async function resolveNotices(
  work: Work,
  { kind }: Pick<NoticeKind, 'kind'>,
  subjects: readonly string[],
): Promise<void> {
  const { tx, workspaceId, now } = work;
  // Nobody is mailed about what is over.
  const rows = await sql<{ id: string }>`
    UPDATE notices SET resolved_at = ${now}, mail_at = NULL
    WHERE workspace_id = ${workspaceId} AND kind = ${kind} AND subject = ANY(${textArray(subjects)}::text[]) AND resolved_at IS NULL
    RETURNING id`.execute(tx);
  await announce(work, rows.rows);
}

async function announce(work: Work, rows: ReadonlyArray<{ readonly id: string }>): Promise<void> {
  if (rows.length > 0) await writeTopic(work, { topic: 'notices', ids: rows.map(({ id }) => shown('notice', id)) });
}

/** Whether the workspace has an open notice of a kind, for a statement that is made anyway: asking costs nothing more than a look into an index. */
export function anyOpen({ workspaceId }: Scope, { kind }: Pick<NoticeKind, 'kind'>): RawBuilder<boolean> {
  return sql<boolean>`EXISTS (SELECT 1 FROM notices WHERE workspace_id = ${workspaceId} AND kind = ${kind} AND resolved_at IS NULL)`;
}

/** A notice as it is stored. */
export type NoticeRow = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly severity: string;
  readonly detail: unknown;
  readonly raised_at: Date;
  readonly resolved_at: Date | null;
  readonly read_at: Date | null;
  readonly mailed_at: Date | null;
};

/** Notices, the newest first: open ones, past ones, or both. */
export async function listNotices(
  { tx, workspaceId }: Scope,
  query: { readonly state: 'open' | 'past' | undefined; readonly before: string | null; readonly limit: number },
): Promise<NoticeRow[]> {
  const { state, before, limit } = query;
  let rows = tx
    .selectFrom('notices')
    .select(['id', 'kind', 'subject', 'severity', 'detail', 'raised_at', 'resolved_at', 'read_at', 'mailed_at'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (state !== undefined) rows = rows.where('resolved_at', state === 'open' ? 'is' : 'is not', null);
  if (before !== null) rows = rows.where('id', '<', before);
  return rows.execute();
}

/** How many notices nobody has read. */
export async function countUnread({ tx, workspaceId }: Scope): Promise<number> {
  const rows = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM notices WHERE workspace_id = ${workspaceId} AND read_at IS NULL`.execute(tx);
  return rows.rows[0]?.n ?? 0;
}

/**
 * Marks a notice and all before it as read, for everybody in the workspace. One that came meanwhile stays unread.
 *
 * @returns false where there is no such notice.
 */
export async function markRead(work: Work, noticeId: string): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const known = await tx
    .selectFrom('notices')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', noticeId)
    .executeTakeFirst();
  if (known === undefined) return false;
  const read = await sql<{ id: string }>`
    UPDATE notices SET read_at = ${now} WHERE workspace_id = ${workspaceId} AND read_at IS NULL AND id <= ${noticeId} RETURNING id`.execute(
    tx,
  );
  await announce(work, read.rows);
  return true;
}
