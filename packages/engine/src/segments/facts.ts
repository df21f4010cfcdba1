import type { ConsentState, ContactView } from '@signalbox/nodes/define/ports';
import type { ConditionFacts, Happening } from '@signalbox/nodes/flow/condition-facts';
import { consentPurpose } from '@signalbox/nodes/flow/condition-facts';
import type { ConditionRecord } from '@signalbox/nodes/flow/condition-values';
import { type Condition, comparisons, isHappening, isMember } from '@signalbox/nodes/flow/conditions';
import { sql } from 'kysely';
import { storedColumns } from '../db/stored-columns.ts';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { happeningsSql } from './happenings.ts';

/** People as the evaluator is asked about them, with the facts that a condition asks for: a statement for each kind of fact. */
export async function readRecords(
  scope: Scope,
  condition: Condition,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, ConditionRecord>> {
  const { tx, workspaceId } = scope;
  const asked = comparisons(condition).map(({ comparison }) => comparison);
  const fieldsOf = (which: (comparison: (typeof asked)[number]) => boolean) => [
    ...new Set(asked.filter(which).map(({ field }) => field)),
  ];
  const people = await sql<ContactView & { blocked: boolean }>`
    SELECT c.id, ${storedColumns('c')}, c.attributes, n.suppressed_at IS NOT NULL AS blocked
    FROM contacts c LEFT JOIN numbers n ON n.workspace_id = c.workspace_id AND n.number = c.phone
    WHERE c.workspace_id = ${workspaceId} AND c.id = ANY(${[...contactIds]}::uuid[])`.execute(tx);
  const consents = asked.some(({ field }) => consentPurpose(field) !== null)
    ? await readConsents(scope, contactIds)
    : new Map<string, ConditionFacts['consent']>();
  const sets = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  for (const field of fieldsOf(isMember)) sets.set(field, await readSets(scope, field, contactIds));
  const happened = new Map<string, ReadonlyMap<string, readonly Happening[]>>();
  for (const field of fieldsOf(isHappening)) happened.set(field, await readHappenings(scope, field, contactIds));
  const ofPerson = <Value>(of: ReadonlyMap<string, ReadonlyMap<string, Value>>, id: string, none: Value) =>
    Object.fromEntries([...of].map(([field, people]) => [field, people.get(id) ?? none]));
  return new Map(
    people.rows.map(({ blocked, ...contact }) => [
      contact.id,
      {
        contact,
        event: null,
        facts: {
          blocked,
          consent: consents.get(contact.id) ?? {},
          sets: ofPerson(sets, contact.id, new Set<string>()),
          happened: ofPerson(happened, contact.id, []),
        },
      },
    ]),
  );
}

async function readConsents({ tx, workspaceId }: Scope, contactIds: readonly string[]) {
  const rows = await sql<{ contact_id: string; states: Record<string, ConsentState> }>`
    SELECT contact_id, jsonb_object_agg(purpose, state) AS states FROM consents
    WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${[...contactIds]}::uuid[]) GROUP BY contact_id`.execute(
    tx,
  );
  return new Map<string, ConditionFacts['consent']>(rows.rows.map((row) => [row.contact_id, row.states]));
}

/** Whom people belong to, by the ids of the API. */
async function readSets({ tx, workspaceId }: Scope, field: string, contactIds: readonly string[]) {
  const of = sql`x.workspace_id = ${workspaceId} AND x.contact_id = ANY(${[...contactIds]}::uuid[])`;
  const [kind, from] =
    field === 'contact.segments'
      ? (['segment', sql`SELECT x.contact_id, x.segment_id AS id FROM segment_members x WHERE ${of}`] as const)
      : field === 'contact.flows'
        ? (['flow', sql`SELECT x.contact_id, x.flow_id AS id FROM enrollments x WHERE ${of}`] as const)
        : (['list', sql`SELECT x.contact_id, x.list_id AS id FROM contact_list_members x WHERE ${of}`] as const);
  const rows = await sql<{ contact_id: string; ids: string[] }>`
    SELECT contact_id, array_agg(id) AS ids FROM (${from}) AS s GROUP BY contact_id`.execute(tx);
  return new Map(rows.rows.map(({ contact_id, ids }) => [contact_id, new Set(ids.map((id) => shown(kind, id)))]));
}

async function readHappenings({ tx, workspaceId }: Scope, field: string, contactIds: readonly string[]) {
  type Row = { contact_id: string; at: Date; flow_id: string | null; data: Happening['data'] };
  const rows = await sql<Row>`${happeningsSql(field, workspaceId, contactIds)}`.execute(tx);
  const happened = new Map<string, Happening[]>();
  for (const { contact_id, at, flow_id, data } of rows.rows) {
    const all = happened.get(contact_id) ?? [];
    all.push({ at, flow: flow_id === null ? null : shown('flow', flow_id), data });
    happened.set(contact_id, all);
  }
  return happened;
}
