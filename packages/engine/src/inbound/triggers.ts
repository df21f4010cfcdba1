import type { KeywordMatch } from '@signalbox/nodes/text/keywords';
import { alwaysOpen, type OpeningHours, openingHoursSchema } from '@signalbox/nodes/time/opening-hours';
import type { WeekHours } from '@signalbox/nodes/time/week-hours';
import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { answersInCircles } from '../notices/answers-in-circles.ts';
import { lowestIdAt } from '../runtime/ids.ts';
import type { RoutedText } from './routed-text.ts';

/** A stored text that no question took. */
export type HeardText = Pick<RoutedText, 'id' | 'contactId' | 'to' | 'body'> & { readonly at: Date };

/** A live flow's trigger that may take a text. */
export type StoredTrigger = {
  readonly flowId: string;
  readonly versionId: string;
  readonly step: number;
  readonly kind: 'keyword' | 'text';
  readonly value: string;
  readonly match: KeywordMatch;
  /** The empty one is any. */
  readonly sender: string;
  readonly hours: readonly WeekHours[];
  readonly onceADay: boolean;
  readonly answeredToday: boolean;
};

/** Everything that decides what takes a text. */
export type Heard = {
  readonly triggers: readonly StoredTrigger[];
  readonly zone: string;
  readonly country: string;
  readonly openingHours: OpeningHours;
  /** Whether the person never texted before. */
  readonly first: boolean;
  /** Automatic answers to this number within the last minute. */
  readonly answers: number;
  /** Whether people were told that this number and a flow answer each other. */
  readonly inCircles: boolean;
  /** Whether an answer to missed keywords wants to know which was meant, and no keyword may take the text. */
  readonly looksForMeant: boolean;
};

type Row = {
  flow_id: string;
  version_id: string;
  step: number;
  kind: 'keyword' | 'text';
  value: string;
  match: KeywordMatch;
  sender: string;
  hours: WeekHours[];
  once_a_day: boolean;
  did_you_mean: boolean;
  answered_today: boolean;
  zone: string;
  country: string;
  opening_hours: unknown;
  first: boolean;
  answers: number;
  in_circles: boolean;
};

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The live triggers that may take a text, with what decides between them: one statement, and what it asks beside is asked only where
 * there is such a trigger. Ids of messages begin with their time: of somebody's long history only the last day is read.
 */
export async function readTriggers(
  { tx, workspaceId }: Scope,
  text: HeardText,
  keywords: readonly string[],
): Promise<Heard> {
  const since = (ms: number) => {
    const from = new Date(text.at.getTime() - ms);
    return sql`m.workspace_id = ${workspaceId} AND m.contact_id = ${text.contactId} AND m.direction = 'in' AND m.id <> ${text.id}
      AND m.id >= ${lowestIdAt(from.getTime())}::uuid AND m.created_at > ${from}`;
  };
  const rows = await sql<Row>`
    SELECT t.flow_id, t.version_id, t.step, t.kind, t.value, t.match, t.sender, t.hours, t.once_a_day, t.did_you_mean,
      t.once_a_day AND EXISTS (SELECT 1 FROM messages m WHERE ${since(dayMs)} AND m.reason->>'code' = 'answered_' || t.value) AS answered_today,
      w.time_zone AS zone, w.home_country AS country,
      CASE WHEN t.kind = 'text' THEN (SELECT settings FROM opening_hours WHERE workspace_id = ${workspaceId}) END AS opening_hours,
      t.value = 'first' AND t.kind = 'text' AND NOT EXISTS (
        SELECT 1 FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = ${text.contactId} AND m.direction = 'in' AND m.id < ${text.id}
      ) AS first,
      (SELECT count(*)::int FROM messages m WHERE ${since(minuteMs)} AND m.handled_by IN ('keyword', 'auto_response')
        AND m.reason->>'code' IS DISTINCT FROM 'already_in_flow') AS answers,
      EXISTS (SELECT 1 FROM notices WHERE workspace_id = ${workspaceId} AND kind = ${answersInCircles.kind}
        AND subject = ${shown('contact', text.contactId)} AND resolved_at IS NULL) AS in_circles
    FROM (
      SELECT * FROM flow_triggers WHERE workspace_id = ${workspaceId} AND kind = 'keyword' AND value = ANY(${[...keywords]}::text[])
      UNION ALL SELECT * FROM flow_triggers WHERE workspace_id = ${workspaceId} AND kind = 'text'
    ) t
    JOIN flows f ON f.workspace_id = t.workspace_id AND f.id = t.flow_id AND f.state IN ('live', 'paused') AND f.archived_at IS NULL
    JOIN workspaces w ON w.workspace_id = t.workspace_id
    WHERE t.sender IN ('', ${text.to}) ORDER BY t.kind, t.value`.execute(tx);
  const [row] = rows.rows;
  return {
    triggers: rows.rows.map((each) => ({
      flowId: each.flow_id,
      versionId: each.version_id,
      step: each.step,
      kind: each.kind,
      value: each.value,
      match: each.match,
      sender: each.sender,
      hours: each.hours,
      onceADay: each.once_a_day,
      answeredToday: each.answered_today,
    })),
    zone: row?.zone ?? 'UTC',
    country: row?.country ?? '',
    openingHours:
      rows.rows.flatMap((each) =>
        each.opening_hours === null ? [] : [openingHoursSchema.parse(each.opening_hours)],
      )[0] ?? alwaysOpen,
    first: rows.rows.some((each) => each.first),
    answers: row?.answers ?? 0,
    inCircles: row?.in_circles ?? false,
    looksForMeant: rows.rows.some((each) => each.did_you_mean) && rows.rows.every(({ kind }) => kind === 'text'),
  };
}
