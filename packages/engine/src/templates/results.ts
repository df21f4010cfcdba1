import { wilson } from '@signalbox/statistics/estimates/proportions';
import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import type { TemplateResults } from './contract.ts';

/** Messages that are looked at, the newest of a template. */
const mostMessages = 50_000;
/** Up to so long after a message a text or an opt-out is put down to it. */
export const resultHours = 72;
/** Of intervals: one in twenty does not hold the share that it is about. */
const alpha = 0.05;

type Row = {
  readonly version: number;
  readonly language: string | null;
  readonly gaps: boolean | null;
  readonly sent: number;
  readonly delivered: number;
  readonly clicked: number;
  readonly replied: number;
  readonly opted_out: number;
};

/**
 * What became of the messages that were made of a template: by version, and of each version by language and by whether something was not
 * known. People are counted, not messages: whoever got it twice and answered once answered. A text or an opt-out is put down to the last
 * message before it.
 */
export async function readResults({ tx, workspaceId }: Scope, templateId: string): Promise<TemplateResults> {
  const { rows } = await sql<Row & { looked_at: number }>`
    WITH newest AS MATERIALIZED (
      SELECT m.id, m.contact_id, m.accepted_at, m.delivered_at, m.number AS phone, v.number AS version, m.template_language AS language, coalesce(m.template_gaps, false) AS gaps
      FROM message_template_versions v
      JOIN messages m ON m.workspace_id = v.workspace_id AND m.template_version_id = v.id
      WHERE v.workspace_id = ${workspaceId} AND v.template_id = ${templateId}::uuid AND m.accepted_at IS NOT NULL
      ORDER BY m.id DESC LIMIT ${mostMessages}
    ), told AS (
      SELECT n.*, n.accepted_at + ${resultHours} * interval '1 hour' AS until,
        EXISTS (SELECT 1 FROM links l WHERE l.workspace_id = ${workspaceId} AND l.message_id = n.id AND l.clicks > 0) AS clicked,
        (SELECT min(o.accepted_at) FROM messages o WHERE o.workspace_id = ${workspaceId} AND o.contact_id = n.contact_id AND o.id > n.id AND o.direction = 'out') AS next_at
      FROM newest n
    ), done AS (
      SELECT t.*,
        EXISTS (SELECT 1 FROM messages i WHERE i.workspace_id = ${workspaceId} AND i.contact_id = t.contact_id AND i.id > t.id AND i.direction = 'in'
          AND i.handled_by IS DISTINCT FROM 'compliance' AND i.created_at BETWEEN t.accepted_at AND t.until AND (t.next_at IS NULL OR i.created_at < t.next_at)) AS replied,
        EXISTS (SELECT 1 FROM consent_ledger c WHERE c.workspace_id = ${workspaceId} AND c.contact_id = t.contact_id AND c.action = 'revoked'
          AND c.at BETWEEN t.accepted_at AND t.until AND (t.next_at IS NULL OR c.at < t.next_at))
        OR EXISTS (SELECT 1 FROM numbers s WHERE s.workspace_id = ${workspaceId} AND s.number = t.phone
          AND s.suppressed_at BETWEEN t.accepted_at AND t.until AND (t.next_at IS NULL OR s.suppressed_at < t.next_at)) AS opted_out
      FROM told t
    )
    SELECT version, language, gaps, (SELECT count(*) FROM newest)::int AS looked_at,
      count(DISTINCT contact_id)::int AS sent,
      count(DISTINCT contact_id) FILTER (WHERE delivered_at IS NOT NULL)::int AS delivered,
      count(DISTINCT contact_id) FILTER (WHERE clicked)::int AS clicked,
      count(DISTINCT contact_id) FILTER (WHERE replied)::int AS replied,
      count(DISTINCT contact_id) FILTER (WHERE opted_out)::int AS opted_out
    FROM done GROUP BY GROUPING SETS ((version), (version, language), (version, gaps))
    ORDER BY version DESC, language NULLS FIRST, gaps NULLS FIRST`.execute(tx);
  const messages = rows[0]?.looked_at ?? 0;
  return {
    data: rows.map(({ version, language, gaps, sent, ...row }) => {
      const share = (people: number) => ({ people, ...wilson({ people: sent, converted: people }, alpha) });
      return {
        version,
        language,
        gaps,
        sent,
        delivered: share(row.delivered),
        clicked: share(row.clicked),
        replied: share(row.replied),
        opted_out: share(row.opted_out),
      };
    }),
    messages,
    complete: messages < mostMessages,
    hours: resultHours,
  };
}
