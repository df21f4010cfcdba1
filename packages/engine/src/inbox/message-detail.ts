import { sql } from 'kysely';
import type { AttemptState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { linksOfMessage, type MessageLinkRow } from '../links/read-links.ts';
import { type MessageRow, messageColumns, messageJoins } from './conversations.ts';

export type MessageDetailRow = MessageRow & {
  readonly purpose: string | null;
  readonly possible_duplicate: boolean;
  /** What its requests cost, as providers said or as it was reckoned; null where nobody knows. */
  readonly cost: string | null;
  readonly cost_currency: string | null;
  readonly cost_told: boolean | null;
  /** What they were reckoned to cost when they were made; null where nobody knew. */
  readonly estimate: string | null;
  readonly home_currency: string;
  readonly route_id: string | null;
  /** Null also where the route is gone. */
  readonly route_name: string | null;
  /** The template that it was made of, with its version and the text's language; null where it was none, or is gone. */
  readonly template: {
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly language: string;
  } | null;
  /** Of its entry in the queue; null once it has left it. */
  readonly lane: number | null;
  readonly queue_attempts: number | null;
  readonly not_before: Date | null;
  readonly expires_at: Date | null;
};

export type AttemptRow = {
  readonly id: string;
  readonly account_id: string;
  readonly account_name: string | null;
  readonly provider: string | null;
  readonly provider_id: string | null;
  readonly state: AttemptState;
  readonly error_class: string | null;
  readonly error_code: string | null;
  readonly started_at: Date;
  readonly settled_at: Date | null;
};

export type ReceiptRow = {
  readonly status: string;
  readonly failure: string | null;
  readonly error_code: string | null;
  readonly received_at: Date;
};

/** One message with the requests that were made for it and what providers told of it, each in order of time; null where there is none. */
export async function readMessage(
  work: Scope,
  messageId: string,
): Promise<{
  readonly message: MessageDetailRow;
  readonly attempts: readonly AttemptRow[];
  readonly receipts: readonly ReceiptRow[];
  readonly links: readonly MessageLinkRow[];
} | null> {
  const { tx, workspaceId } = work;
  const messages = await sql<MessageDetailRow>`
    SELECT ${messageColumns}, m.purpose, m.possible_duplicate, m.route_id, c.cost, c.currency AS cost_currency, c.told AS cost_told, c.estimate, w.currency AS home_currency,
      (SELECT name FROM sender_routes r WHERE r.workspace_id = m.workspace_id AND r.id = m.route_id) AS route_name,
      (SELECT jsonb_build_object('id', t.id, 'name', t.name, 'version', v.number, 'language', m.template_language) FROM message_template_versions v
        JOIN message_templates t ON t.workspace_id = v.workspace_id AND t.id = v.template_id
        WHERE v.workspace_id = m.workspace_id AND v.id = m.template_version_id) AS template, q.lane, q.attempts AS queue_attempts, q.not_before, q.expires_at
    FROM messages m ${messageJoins}
    JOIN workspaces w ON w.workspace_id = m.workspace_id
    LEFT JOIN LATERAL (
      SELECT sum(coalesce(t.cost, t.estimate)) AS cost, coalesce(min(t.cost_currency), w.currency) AS currency, sum(t.estimate) AS estimate,
        bool_and(t.cost IS NOT NULL) AS told
      FROM message_attempts t WHERE t.workspace_id = m.workspace_id AND t.message_id = m.id AND t.state <> 'refused'
    ) c ON true
    WHERE m.workspace_id = ${workspaceId} AND m.id = ${messageId}`.execute(tx);
  const message = messages.rows[0];
  if (message === undefined) return null;
  const attempts = await sql<AttemptRow>`
    SELECT t.id, t.account_id, a.name AS account_name, a.provider, t.provider_id, t.state, t.error_class, t.error_code, t.started_at, t.settled_at
    FROM message_attempts t LEFT JOIN accounts a ON a.workspace_id = t.workspace_id AND a.id = t.account_id
    WHERE t.workspace_id = ${workspaceId} AND t.message_id = ${messageId} ORDER BY t.started_at, t.id`.execute(tx);
  const receipts = await sql<ReceiptRow>`
    SELECT status, failure, error_code, received_at FROM message_receipts
    WHERE workspace_id = ${workspaceId} AND message_id = ${messageId} ORDER BY received_at, id`.execute(tx);
  const links = await linksOfMessage(work, message);
  return { message, attempts: attempts.rows, receipts: receipts.rows, links };
}
