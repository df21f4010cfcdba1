import { gateReasons } from '@signalbox/nodes/gate/gate';
import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { wilson } from '@signalbox/statistics/estimates/proportions';
import { sql } from 'kysely';
import { readHome } from '../access/home.ts';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { showReason } from '../http/reasons.ts';
import type { CampaignResults } from './contract.ts';
import { messageNode } from './shape.ts';
import type { CampaignRow } from './store.ts';

/** People who are looked at, those who came last. */
const mostPeople = 50_000;
/** Up to so long after a message a text or an opt-out is put down to it. */
const resultHours = 72;
/** Of intervals: one in twenty does not hold the share that it is about. */
const alpha = 0.05;
/** A segment with fewer people tells nothing of them. */
const leastInSegment = 20;
const mostSegments = 20;
const mostRefusals = 10;

type Row = {
  readonly contact_id: string;
  readonly number: string;
  readonly sent: boolean;
  readonly delivered: boolean;
  readonly clicked: boolean;
  readonly replied: boolean;
  readonly opted_out: boolean;
  /** Of the message; null where there is none. */
  readonly reason: unknown;
  /** Of the last step of theirs that had one. */
  readonly last_reason: unknown;
};

/** Reasons for which a step queues no message. What other steps decided by may say what somebody wrote. */
const stepCodes: ReadonlySet<string> = new Set([
  ...Object.keys(gateReasons),
  ...Object.keys(messageNode.reasons ?? {}),
  'value_missing',
  'template_failed',
  'template_gone',
]);

/**
 * What became of a campaign's messages. People are counted, not messages: whoever got several and answered once answered. A text or an
 * opt-out is put down to the last message before it.
 */
export async function readResults(scope: Scope, campaign: CampaignRow): Promise<CampaignResults> {
  const rows = await readPeople(scope, campaign);
  const { currency } = await readHome(scope);
  const counted = measure(rows);
  return {
    ...counted,
    not_sent: rows.length - counted.sent,
    refusals: refusalsOf(rows.filter(({ sent }) => !sent)),
    cost: { micro_units: await spentBy(scope, campaign.flow_id), currency },
    by_country: byCountry(rows),
    by_segment: await bySegment(scope, rows),
    complete: rows.length < mostPeople,
    hours: resultHours,
  };
}

async function readPeople({ tx, workspaceId }: Scope, { id, flow_id: flowId }: CampaignRow): Promise<Row[]> {
  const { rows } = await sql<Row>`
    WITH people AS MATERIALIZED (
      SELECT contact_id, min(at) AS since FROM (
        SELECT contact_id, at FROM campaign_people WHERE workspace_id = ${workspaceId} AND campaign_id = ${id} ORDER BY at DESC LIMIT ${mostPeople}
      ) AS newest GROUP BY contact_id
    ), got AS MATERIALIZED (
      SELECT m.id, m.contact_id, m.number, m.accepted_at, m.delivered_at, m.reason, m.accepted_at + ${resultHours} * interval '1 hour' AS until,
        (SELECT min(o.accepted_at) FROM messages o WHERE o.workspace_id = ${workspaceId} AND o.contact_id = m.contact_id AND o.id > m.id AND o.direction = 'out') AS next_at
      FROM people p JOIN messages m ON m.workspace_id = ${workspaceId} AND m.contact_id = p.contact_id AND m.flow_id = ${flowId} AND m.direction = 'out'
    ), done AS (
      SELECT g.*,
        EXISTS (SELECT 1 FROM links l WHERE l.workspace_id = ${workspaceId} AND l.message_id = g.id AND l.clicks > 0) AS clicked,
        EXISTS (SELECT 1 FROM messages i WHERE i.workspace_id = ${workspaceId} AND i.contact_id = g.contact_id AND i.id > g.id AND i.direction = 'in'
          AND i.handled_by IS DISTINCT FROM 'compliance' AND i.created_at BETWEEN g.accepted_at AND g.until AND (g.next_at IS NULL OR i.created_at < g.next_at)) AS replied,
        EXISTS (SELECT 1 FROM consent_ledger c WHERE c.workspace_id = ${workspaceId} AND c.contact_id = g.contact_id AND c.action = 'revoked'
          AND c.at BETWEEN g.accepted_at AND g.until AND (g.next_at IS NULL OR c.at < g.next_at))
        OR EXISTS (SELECT 1 FROM numbers s WHERE s.workspace_id = ${workspaceId} AND s.number = g.number
          AND s.suppressed_at BETWEEN g.accepted_at AND g.until AND (g.next_at IS NULL OR s.suppressed_at < g.next_at)) AS opted_out
      FROM got g
    )
    SELECT p.contact_id, c.phone AS number, coalesce(bool_or(d.accepted_at IS NOT NULL), false) AS sent, coalesce(bool_or(d.delivered_at IS NOT NULL), false) AS delivered,
      coalesce(bool_or(d.clicked), false) AS clicked, coalesce(bool_or(d.replied), false) AS replied, coalesce(bool_or(d.opted_out), false) AS opted_out,
      (array_agg(d.reason) FILTER (WHERE d.reason IS NOT NULL))[1] AS reason, (
        SELECT h.reason FROM enrollment_path h JOIN enrollment_history e ON e.workspace_id = h.workspace_id AND e.id = h.enrollment_id
        WHERE e.workspace_id = ${workspaceId} AND e.contact_id = p.contact_id AND e.flow_id = ${flowId} AND h.workspace_id = e.workspace_id AND h.reason IS NOT NULL
        ORDER BY h.hop DESC LIMIT 1
      ) AS last_reason
    FROM people p JOIN contacts c ON c.workspace_id = ${workspaceId} AND c.id = p.contact_id LEFT JOIN done d ON d.contact_id = p.contact_id
    GROUP BY p.contact_id, c.phone`.execute(tx);
  return rows;
}

function measure(rows: readonly Row[]) {
  const sent = rows.filter((row) => row.sent);
  const share = (which: (row: Row) => boolean) => {
    const people = sent.filter(which).length;
    return { people, ...wilson({ people: sent.length, converted: people }, alpha) };
  };
  return {
    sent: sent.length,
    delivered: share(({ delivered }) => delivered),
    clicked: share(({ clicked }) => clicked),
    replied: share(({ replied }) => replied),
    opted_out: share(({ opted_out }) => opted_out),
  };
}

function refusalsOf(rows: readonly Row[]): CampaignResults['refusals'] {
  const reasons = rows.flatMap(({ reason, last_reason: last }) => {
    const of = showReason(reason);
    if (of !== null) return [of];
    const step = showReason(last);
    return step !== null && stepCodes.has(step.code) ? [step] : [];
  });
  return [...Map.groupBy(reasons, ({ code }) => code)]
    .map(([code, those]) => ({ code, text: those[0]?.text ?? code, people: those.length }))
    .sort((a, b) => b.people - a.people)
    .slice(0, mostRefusals);
}

function byCountry(rows: readonly Row[]): CampaignResults['by_country'] {
  return [...Map.groupBy(rows, ({ number }) => placeOfNumber(number).country)]
    .map(([country, those]) => ({ country, ...measure(those) }))
    .sort((a, b) => b.sent - a.sent);
}

async function bySegment({ tx, workspaceId }: Scope, rows: readonly Row[]): Promise<CampaignResults['by_segment']> {
  const { rows: members } = await sql<{ id: string; name: string; contact_ids: string[] }>`
    SELECT s.id, s.name, array_agg(m.contact_id) AS contact_ids FROM segments s
    JOIN segment_members m ON m.workspace_id = s.workspace_id AND m.segment_id = s.id
    WHERE s.workspace_id = ${workspaceId} AND m.contact_id = ANY(${rows.map((row) => row.contact_id)}::uuid[])
    GROUP BY s.id, s.name HAVING count(*) >= ${leastInSegment}`.execute(tx);
  const byId = new Map(rows.map((row) => [row.contact_id, row]));
  return members
    .map(({ id, name, contact_ids: ids }) => ({
      segment_id: shown('segment', id),
      name,
      ...measure(ids.flatMap((contactId) => byId.get(contactId) ?? [])),
    }))
    .sort((a, b) => b.clicked.low - a.clicked.low || b.clicked.high - a.clicked.high)
    .slice(0, mostSegments);
}

async function spentBy({ tx, workspaceId }: Scope, flowId: string): Promise<string> {
  const { rows } = await sql<{ spent: string }>`
    SELECT coalesce(sum(n), 0)::bigint::text AS spent FROM (
      SELECT micro_units AS n FROM spend_hours WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId}
      UNION ALL SELECT micro_units FROM spend_deltas WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId}
    ) AS parts`.execute(tx);
  return rows[0]?.spent ?? '0';
}
