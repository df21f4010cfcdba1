import { wallTime } from '@signalbox/nodes/time/zoned-time';
import { type RawBuilder, sql } from 'kysely';
import { readHome } from '../access/home.ts';
import type { Scope, Work } from '../db/work.ts';

/** Forms of a workspace at most. */
export const mostForms = 100;
const daysShown = 30;
const dayMs = 86_400_000;

/** A form as it is stored, with the newest words of its programme and who signed up by it. */
export type FormRow = {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly programme_id: string;
  readonly title: string;
  readonly body: string;
  readonly frequency: string;
  readonly terms_url: string;
  readonly privacy_url: string;
  readonly double_opt_in: boolean;
  readonly asks_name: boolean;
  readonly list_ids: readonly string[];
  readonly hosts: readonly string[];
  readonly enabled: boolean;
  readonly brand: string;
  readonly archived: boolean;
  readonly version: number;
  readonly disclosure: string;
  readonly question: string | null;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

const formWith = (where: RawBuilder<unknown>) => sql<FormRow>`
  SELECT f.id, f.code, f.name, f.programme_id, f.title, f.body, f.frequency, f.terms_url, f.privacy_url, f.double_opt_in, f.asks_name,
    f.list_ids, f.hosts, f.enabled, f.revision, f.created_at, f.updated_at,
    p.brand, p.archived_at IS NOT NULL AS archived, v.version, v.disclosure, v.question
  FROM sign_up_forms f
  JOIN consent_programmes p ON p.workspace_id = f.workspace_id AND p.id = f.programme_id
  CROSS JOIN LATERAL (
    SELECT version, disclosure, question FROM consent_versions
    WHERE workspace_id = f.workspace_id AND programme_id = f.programme_id ORDER BY version DESC LIMIT 1
  ) v
  WHERE ${where} ORDER BY f.id DESC LIMIT ${mostForms}`;

/** Forms, the newest first; one alone where it is named. */
export async function listForms({ tx, workspaceId }: Scope, id?: string): Promise<FormRow[]> {
  const one = id === undefined ? sql`` : sql`AND f.id = ${id}::uuid`;
  return (await formWith(sql`f.workspace_id = ${workspaceId} ${one}`).execute(tx)).rows;
}

/** The form behind an address; null where there is none. */
export async function readFormOf({ tx, workspaceId }: Scope, code: string): Promise<FormRow | null> {
  const { rows } = await formWith(sql`f.workspace_id = ${workspaceId} AND f.code = ${code}`).execute(tx);
  return rows[0] ?? null;
}

/** Whether somebody of `s` consents to marketing now. */
const consents = sql`EXISTS (
  SELECT 1 FROM consents c WHERE c.workspace_id = s.workspace_id AND c.contact_id = s.contact_id AND c.purpose = 'marketing' AND c.state = 'granted')`;

type Counts = { readonly sign_ups: number; readonly consenting: number };

/** How many signed up by each form, and how many of them consent now. */
export async function countSignUps(
  { tx, workspaceId }: Scope,
  formIds: readonly string[],
): Promise<(formId: string) => Counts> {
  const { rows } = await sql<Counts & { form_id: string }>`
    SELECT s.form_id, count(*)::int AS sign_ups, count(*) FILTER (WHERE ${consents})::int AS consenting
    FROM sign_ups s WHERE s.workspace_id = ${workspaceId} AND s.form_id = ANY(${[...formIds]}::uuid[]) GROUP BY 1`.execute(
    tx,
  );
  const byForm = new Map(rows.map(({ form_id, ...counts }) => [form_id, counts]));
  return (formId) => byForm.get(formId) ?? { sign_ups: 0, consenting: 0 };
}

/** The same for each of the last days on the workspace's clocks, today at the end. */
export async function readDays(
  scope: Scope,
  formId: string,
  now: Date,
): Promise<ReadonlyArray<Counts & { readonly day: string }>> {
  const { tx, workspaceId } = scope;
  const { timeZone: zone } = await readHome(scope);
  const since = new Date(now.getTime() - (daysShown + 1) * dayMs);
  const { rows } = await sql<Counts & { day: string }>`
    SELECT (s.at AT TIME ZONE ${zone})::date::text AS day, count(*)::int AS sign_ups, count(*) FILTER (WHERE ${consents})::int AS consenting
    FROM sign_ups s WHERE s.workspace_id = ${workspaceId} AND s.form_id = ${formId}::uuid AND s.at >= ${since} GROUP BY 1`.execute(
    tx,
  );
  const known = new Map(rows.map((row) => [row.day, row]));
  const { year, month, day: today } = wallTime(now, zone);
  return Array.from({ length: daysShown }, (_, index) => {
    const day = new Date(Date.UTC(year, month - 1, today - daysShown + 1 + index)).toISOString().slice(0, 10);
    return known.get(day) ?? { day, sign_ups: 0, consenting: 0 };
  });
}

/** Writes down that somebody signed up, once a form. */
export async function insertSignUp({ tx, workspaceId, now }: Work, formId: string, contactId: string): Promise<void> {
  await sql`
    INSERT INTO sign_ups (workspace_id, form_id, contact_id, at) VALUES (${workspaceId}, ${formId}, ${contactId}, ${now})
    ON CONFLICT DO NOTHING`.execute(tx);
}
