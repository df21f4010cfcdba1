import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../db/work.ts';

/** Links that are counted, from the newest back. */
const mostCounted = 200_000;

export type TargetRow = {
  readonly target: string;
  readonly messages: number;
  readonly people: number;
  readonly people_clicked: number;
  readonly clicks: number;
  readonly last_clicked_at: Date | null;
};

export type TargetQuery = {
  readonly messageId: string | undefined;
  readonly flowId: string | undefined;
  readonly limit: number;
  /** The last target of the page before: its messages and itself. */
  readonly before: readonly [number, string] | null;
};

/** Where short links lead, those in most messages first, with how many people got and followed them. */
export async function listTargets({ tx, workspaceId }: Scope, query: TargetQuery): Promise<TargetRow[]> {
  const { messageId, flowId, limit, before } = query;
  const conditions: Array<RawBuilder<unknown>> = [sql`workspace_id = ${workspaceId}`];
  if (messageId !== undefined) conditions.push(sql`message_id = ${messageId}`);
  if (flowId !== undefined) conditions.push(sql`flow_id = ${flowId}`);
  const { rows } = await sql<TargetRow>`
    SELECT target, count(DISTINCT message_id)::int AS messages, count(DISTINCT contact_id)::int AS people,
      count(DISTINCT contact_id) FILTER (WHERE clicks > 0)::int AS people_clicked, sum(clicks)::int AS clicks, max(last_clicked_at) AS last_clicked_at
    FROM (
      SELECT target, message_id, contact_id, clicks, last_clicked_at FROM links
      WHERE ${sql.join(conditions, sql` AND `)} ORDER BY message_id DESC LIMIT ${mostCounted}
    ) l
    GROUP BY target
    ${before === null ? sql`` : sql`HAVING (-count(DISTINCT message_id), target) > (${-before[0]}, ${before[1]})`}
    ORDER BY -count(DISTINCT message_id), target LIMIT ${limit}`.execute(tx);
  return rows;
}

export type MessageLinkRow = {
  readonly code: string;
  readonly host: string | null;
  readonly target: string;
  readonly clicks: number;
  readonly first_clicked_at: Date | null;
  readonly last_clicked_at: Date | null;
  readonly expires_at: Date;
};

/** The short links of a message, as they stand in its text. */
export async function linksOfMessage(
  { tx, workspaceId }: Scope,
  { id, body }: { readonly id: string; readonly body: string | null },
): Promise<MessageLinkRow[]> {
  const rows = await tx
    .selectFrom('links')
    .select(['host', 'target', 'clicks', 'first_clicked_at', 'last_clicked_at', 'expires_at', 'code'])
    .where('workspace_id', '=', workspaceId)
    .where('message_id', '=', id)
    .execute();
  return rows.sort((a, b) => (body ?? '').indexOf(a.code) - (body ?? '').indexOf(b.code));
}
