import { blockedField, consentPurpose } from '@signalbox/nodes/flow/condition-facts';
import {
  type Condition,
  comparisons,
  type HappeningComparison,
  isFact,
  isHappening,
  type MemberComparison,
  type ValueComparison,
} from '@signalbox/nodes/flow/conditions';
import { type RawBuilder, sql } from 'kysely';
import { readId } from '../runtime/ids.ts';
import { happeningsSql, type Whom, watchOf } from './happenings.ts';
import {
  compareSql,
  contactValue,
  daysBefore,
  dueSql,
  type Holds,
  jsonValue,
  justAfter,
  readNumber,
  type StoredValue,
} from './value-sql.ts';

/** A condition as parts of a statement over contacts called `c`. */
export type CompiledCondition = {
  /** What is joined to the contacts, a row a contact at most. */
  readonly joins: RawBuilder<unknown>;
  /** Null where the evaluator has to be asked. */
  readonly holds: Holds;
  /** When it may come out otherwise though nothing about the person changes; null where time makes no difference. */
  readonly due: RawBuilder<Date | null> | null;
};

export type CompileContext = {
  readonly workspaceId: string;
  readonly now: Date;
  readonly whom: Whom;
  /** Whether it is asked, too, when somebody is due. */
  readonly withDue: boolean;
};

/**
 * Compiles a condition, which `validateSegmentCondition` found nothing wrong with, for some people or for everybody. Groups are the
 * database's own, whose logic of three values keeps apart what it cannot tell. Values are parameters, all of them.
 */
export function compileCondition(condition: Condition, context: CompileContext): CompiledCondition {
  const joins: Array<RawBuilder<unknown>> = [];
  const dues: Array<RawBuilder<unknown>> = [];
  const parts: Parts = {
    context,
    join: (make) => {
      const name = `j${joins.length}`;
      joins.push(make(name));
      return name;
    },
    due: (at) => {
      dues.push(at);
    },
  };
  const holds = compile(condition, parts);
  return {
    joins: sql.join(joins, sql` `),
    holds,
    due: dues.length === 0 ? null : sql`least(${sql.join(dues)})`,
  };
}

/** What may change whether a condition holds for somebody: names under which triggers of the database tell of it. */
export function watchesOf(condition: Condition): string[] {
  const watches = comparisons(condition).map(({ comparison }) => {
    const { field } = comparison;
    if (isHappening(comparison)) return watchOf(field);
    if (isFact(comparison)) return field === 'contact.tags' ? 'contact.lists' : field;
    return consentPurpose(field) !== null ? 'consent' : field === blockedField ? field : 'contact';
  });
  return [...new Set(watches)].sort();
}

/** The segments that a condition asks for, by UUID. */
export function segmentsUsed(condition: Condition): string[] {
  const used = comparisons(condition).flatMap(({ comparison }) =>
    isFact(comparison) && comparison.field === 'contact.segments' && 'value' in comparison
      ? [readId('seg', String(comparison.value))]
      : [],
  );
  return [...new Set(used.filter((id) => id !== null))].sort();
}

type Parts = {
  readonly context: CompileContext;
  /** Joins something; says under which name. */
  readonly join: (make: (name: string) => RawBuilder<unknown>) => string;
  readonly due: (at: RawBuilder<unknown>) => void;
};

function compile(condition: Condition, parts: Parts): Holds {
  if ('op' in condition) {
    if (isHappening(condition)) return happened(condition, parts);
    return isFact(condition) ? belongs(condition, parts) : compared(condition, parts);
  }
  if ('not' in condition) return sql`(NOT ${compile(condition.not, parts)})`;
  const [children, joint] = 'all' in condition ? [condition.all, sql` AND `] : [condition.any, sql` OR `];
  return sql`(${sql.join(
    children.map((child) => compile(child, parts)),
    joint,
  )})`;
}

function compared(comparison: ValueComparison, parts: Parts): Holds {
  const { now } = parts.context;
  const value = contactValue(comparison.field) ?? besideContact(comparison.field, parts);
  if (value === null) return sql`NULL::boolean`;
  const due = parts.context.withDue ? dueSql(comparison, value, now) : null;
  if (due !== null) parts.due(due);
  return compareSql(comparison, value, now);
}

/** Consent and whether the number is blocked. */
function besideContact(field: string, { join }: Parts): StoredValue | null {
  const purpose = consentPurpose(field);
  if (purpose !== null) {
    const name = join(
      (as) =>
        sql`LEFT JOIN consents ${sql.ref(as)} ON ${sql.ref(`${as}.workspace_id`)} = c.workspace_id AND ${sql.ref(`${as}.contact_id`)} = c.id AND ${sql.ref(`${as}.purpose`)} = ${purpose}`,
    );
    return { kind: 'word', at: sql`coalesce(${sql.ref(`${name}.state`)}, 'none')` };
  }
  if (field !== blockedField) return null;
  const name = join(
    (as) =>
      sql`LEFT JOIN numbers ${sql.ref(as)} ON ${sql.ref(`${as}.workspace_id`)} = c.workspace_id AND ${sql.ref(`${as}.number`)} = c.phone AND ${sql.ref(`${as}.suppressed_at`)} IS NOT NULL`,
  );
  return { kind: 'boolean', at: sql`(${sql.ref(`${name}.number`)} IS NOT NULL)` };
}

/** Where it stands who belongs to what, and the column that names it. */
const memberships: Readonly<Record<string, { readonly table: string; readonly by: string; readonly prefix: string }>> =
  {
    'contact.lists': { table: 'contact_list_members', by: 'list_id', prefix: 'lst' },
    'contact.tags': { table: 'contact_list_members', by: 'list_id', prefix: 'lst' },
    'contact.segments': { table: 'segment_members', by: 'segment_id', prefix: 'seg' },
    'contact.flows': { table: 'enrollments', by: 'flow_id', prefix: 'flw' },
  };

function belongs({ field, op, value }: MemberComparison, { join }: Parts): Holds {
  const membership = memberships[field];
  const id = membership === undefined ? null : readId(membership.prefix, value);
  if (membership === undefined || id === null) return op === 'includes' ? sql`false` : sql`true`;
  const name = join(
    (as) =>
      sql`LEFT JOIN ${sql.table(membership.table)} ${sql.ref(as)} ON ${sql.ref(`${as}.workspace_id`)} = c.workspace_id AND ${sql.ref(`${as}.contact_id`)} = c.id AND ${sql.ref(`${as}.${membership.by}`)} = ${id}::uuid`,
  );
  return op === 'includes'
    ? sql`(${sql.ref(`${name}.contact_id`)} IS NOT NULL)`
    : sql`(${sql.ref(`${name}.contact_id`)} IS NULL)`;
}

const micro = 1_000_000;
/** Amounts from there on are the evaluator's. */
const mostAmount = 1e15;

function happened(comparison: HappeningComparison, { context, join, due }: Parts): Holds {
  const { workspaceId, now, whom, withDue } = context;
  const { within_days: within, flow, where = [] } = comparison;
  const flowId = flow === undefined ? null : readId('flw', flow);
  const fits = where.map((each) => compareSql(each, dataValue(each.field.slice('event.data.'.length)), now));
  const amount = 'of' in comparison ? amountOf(comparison.of) : null;
  const past = sql`h.at < ${justAfter(now)}::timestamptz`;
  const counted = sql.join([past, ...fits], sql` AND `);
  const left =
    within === undefined
      ? sql`NULL::timestamptz`
      : sql`h.at + make_interval(hours => ${within * 24}::int, secs => 0.001)`;
  const columns = [
    sql`count(*) FILTER (WHERE ${counted}) AS n`,
    ...(amount === null ? [] : [sql`sum(${amount}) FILTER (WHERE ${counted}) AS added`]),
    ...(fits.length === 0 ? [] : [sql`bool_or(${past} AND (${sql.join(fits, sql` AND `)}) IS NULL) AS unsure`]),
    ...(withDue ? [sql`min(CASE WHEN ${past} THEN ${left} ELSE h.at END) AS due`] : []),
  ];
  const which = [
    ...(within === undefined ? [] : [sql`h.at >= ${daysBefore(now, within)}::timestamptz`]),
    // What lies ahead says when somebody is due, and nothing else.
    ...(withDue ? [] : [past]),
    ...(flow === undefined ? [] : [sql`h.flow_id = ${flowId}::uuid`]),
    sql`true`,
  ];
  const name = join(
    (as) => sql`LEFT JOIN (
      SELECT h.contact_id, ${sql.join(columns)} FROM (${happeningsSql(comparison.field, workspaceId, whom)}) AS h
      WHERE ${sql.join(which, sql` AND `)} GROUP BY h.contact_id
    ) AS ${sql.ref(as)} ON ${sql.ref(`${as}.contact_id`)} = c.id`,
  );
  if (withDue) due(sql`${sql.ref(`${name}.due`)}`);
  const count = sql`coalesce(${sql.ref(`${name}.n`)}, 0)`;
  const added = sql`coalesce(${sql.ref(`${name}.added`)}, 0)`;
  const test = reached(comparison, count, sql`(${added} / ${micro}::float8)`);
  const unsure = [
    ...(fits.length === 0 ? [] : [sql.ref(`${name}.unsure`)]),
    ...(amount === null ? [] : [sql`${added} = 'NaN'::float8`]),
  ];
  return unsure.length === 0 ? test : sql`(CASE WHEN ${sql.join(unsure, sql` OR `)} THEN NULL ELSE ${test} END)`;
}

function reached(comparison: HappeningComparison, count: RawBuilder<unknown>, sum: RawBuilder<unknown>): Holds {
  switch (comparison.op) {
    case 'happened':
      return sql`(${count} > 0)`;
    case 'never_happened':
      return sql`(${count} = 0)`;
    case 'count_at_least':
      return sql`(${count} >= ${comparison.value}::int)`;
    case 'count_at_most':
      return sql`(${count} <= ${comparison.value}::int)`;
    case 'sum_at_least':
      return sql`(${sum} >= ${comparison.value}::float8)`;
    case 'sum_at_most':
      return sql`(${sum} <= ${comparison.value}::float8)`;
  }
}

const dataValue = (key: string) => jsonValue(sql`h.data`, key);

/** Micro-units of a value of the data, whole numbers that add up exactly; what only the evaluator can read makes the sum no number. */
const amountOf = (key: string): RawBuilder<number> =>
  readNumber(dataValue(key), {
    // The database fails where a float would be infinite.
    found: (number) =>
      sql`(CASE WHEN abs(${number}) < ${mostAmount}::float8 THEN floor(${number} * ${micro}::float8 + 0.5) ELSE 'NaN'::float8 END)`,
    missing: sql<number>`0::float8`,
    unknown: sql<number>`'NaN'::float8`,
  });
