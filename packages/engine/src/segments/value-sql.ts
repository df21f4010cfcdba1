import { isStored, type StoredFieldName, storedContactFields } from '@signalbox/nodes/define/contact-fields';
import type { ValueComparison } from '@signalbox/nodes/flow/conditions';
import { normaliseText } from '@signalbox/nodes/text/normalise';
import { type RawBuilder, sql } from 'kysely';
import { notPlain, type TextTest, textPattern } from './plain-texts.ts';

/** Whether something holds, as SQL: true, false, or null where the database cannot tell and the evaluator has to be asked. */
export type Holds = RawBuilder<boolean | null>;

/** Where a value stands: a column, or a key of JSON. A word is a text of small letters. */
type JsonValue = { readonly kind: 'json'; readonly at: RawBuilder<unknown>; readonly text: RawBuilder<unknown> };
export type StoredValue =
  | JsonValue
  | { readonly kind: 'text' | 'word' | 'number' | 'date' | 'boolean'; readonly at: RawBuilder<unknown> };

/** The value of a key of JSON. */
export const jsonValue = (column: RawBuilder<unknown>, key: string): JsonValue => ({
  kind: 'json',
  at: sql`(${column}->${key}::text)`,
  text: sql`(${column}->>${key}::text)`,
});

const unknown: Holds = sql`NULL::boolean`;
const never: Holds = sql`false`;

/** Plain ASCII, and what of it is a number, a day or an instant beyond doubt. */
const ascii = '^[ -~]*$';
const plainNumber = '^ *-?[0-9]{1,15}([.][0-9]{1,6})? *$';
const shortNumber = '^-?(0|[1-9][0-9]{0,14})([.][0-9]{0,4}[1-9])?$';
const day =
  '[12][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))';
const plainDay = `^ *${day} *$`;
const plainInstant = `^ *${day}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,3})?)?(Z|[-+](0[0-9]|1[0-4]):[0-5][0-9]) *$`;
const perhapsDay = '^ *[0-9]{4}-';

/** The value of a contact's field, of contacts called `c`. */
export function contactValue(field: string): StoredValue | null {
  if (field.startsWith('contact.attributes.'))
    return jsonValue(sql`c.attributes`, field.slice('contact.attributes.'.length));
  const name = field.slice('contact.'.length);
  return field.startsWith('contact.') && isStored(name) ? { kind: columnKind(name), at: sql.ref(`c.${name}`) } : null;
}

const columnKind = (name: StoredFieldName) => storedContactFields[name].type;

/** Whether a comparison holds for a value. */
export function compareSql(comparison: ValueComparison, value: StoredValue, now: Date): Holds {
  switch (comparison.op) {
    case 'is':
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      return textSql(comparison.op, [comparison.value], value);
    case 'is_not':
      return not(textSql('is', [comparison.value], value));
    case 'not_contains':
      return not(textSql('contains', [comparison.value], value));
    case 'is_one_of':
      return textSql('is', comparison.value, value);
    case 'is_not_one_of':
      return not(textSql('is', comparison.value, value));
    case 'means_yes':
    case 'means_no':
      return sql`CASE WHEN ${present(value)} IS FALSE THEN false END`;
    case '=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return numberSql(value, (n) => sql`${n} ${sql.raw(comparison.op)} ${comparison.value}::float8`, never);
    case '!=':
      return not(numberSql(value, (n) => sql`${n} = ${comparison.value}::float8`, never));
    case 'between':
      return numberSql(
        value,
        (n) => sql`${n} BETWEEN ${comparison.value[0]}::float8 AND ${comparison.value[1]}::float8`,
        never,
      );
    case 'before':
      return dateSql(value, (at) => sql`${at} < ${new Date(comparison.value)}::timestamptz`);
    case 'after':
      return dateSql(value, (at) => sql`${at} >= ${justAfter(new Date(comparison.value))}::timestamptz`);
    case 'within_last_days':
      return dateSql(
        value,
        (at) =>
          sql`(${at} >= ${daysBefore(now, comparison.value)}::timestamptz AND ${at} < ${justAfter(now)}::timestamptz)`,
      );
    case 'more_than_days_ago':
      return dateSql(value, (at) => sql`${at} < ${daysBefore(now, comparison.value)}::timestamptz`);
    case 'is_true':
      return booleanSql(value, 'true');
    case 'is_false':
      return booleanSql(value, 'false');
    case 'is_set':
      return present(value);
    case 'is_not_set':
      return not(present(value));
  }
}

/** When a comparison may come out otherwise without any change of the person: at the earliest, or null for never. */
export function dueSql(comparison: ValueComparison, value: StoredValue, now: Date): RawBuilder<Date | null> | null {
  if (comparison.op !== 'within_last_days' && comparison.op !== 'more_than_days_ago') return null;
  const left = (at: RawBuilder<unknown>) =>
    sql`${at} + make_interval(hours => ${comparison.value * 24}::int, secs => 0.001)`;
  const next = (at: RawBuilder<unknown>): RawBuilder<Date | null> =>
    sql`CASE WHEN ${at} > ${now}::timestamptz THEN ${at} WHEN ${left(at)} > ${now}::timestamptz THEN ${left(at)} END`;
  // Of what only the evaluator can read nobody knows when it is due.
  const someDay = sql<Date | null>`${daysBefore(now, -1)}::timestamptz`;
  return value.kind === 'date'
    ? next(value.at)
    : value.kind === 'json'
      ? readInstant(value, { found: next, missing: sql<Date | null>`NULL::timestamptz`, unknown: someDay })
      : null;
}

/** The next millisecond: moments in the database are finer than those of the evaluator, which cuts them. */
export const justAfter = (moment: Date): Date => new Date(moment.getTime() + 1);

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000);

/** Characters by their code points, whatever the database's collation: patterns mean these. */
const matches = (text: RawBuilder<unknown>, pattern: string) => sql`(${text} COLLATE "C") ~ ${pattern}`;

const not = (holds: Holds): Holds => sql`(NOT ${holds})`;

/** Whether there is a value: one with something to see in it. */
function present(value: StoredValue): Holds {
  const { at } = value;
  if (value.kind === 'text' || value.kind === 'word') return presentText(at);
  if (value.kind !== 'json') return sql`(${at} IS NOT NULL)`;
  return sql`(CASE jsonb_typeof(${at}) WHEN 'string' THEN ${presentText(value.text)} WHEN 'number' THEN true WHEN 'boolean' THEN true
    WHEN 'array' THEN (CASE jsonb_array_length(${at}) WHEN 0 THEN false WHEN 1 THEN ${presentText(sql`(${at}->>0)`)} ELSE true END)
    WHEN 'object' THEN NULL ELSE false END)`;
}

const presentText = (text: RawBuilder<unknown>): Holds =>
  sql`(CASE WHEN ${matches(sql`coalesce(${text}, '')`, '^ *$')} THEN false WHEN ${matches(text, notPlain)} THEN NULL ELSE true END)`;

function textSql(test: TextTest, operands: readonly string[], value: StoredValue): Holds {
  const patterns = operands.map((operand) => textPattern(test, operand)).filter((pattern) => pattern !== null);
  const one = (text: RawBuilder<unknown>): Holds => textTest(text, patterns);
  if (value.kind === 'word' && test === 'is') {
    const words = operands.map(normaliseText).filter((word) => word !== '');
    return words.length === 0 ? never : sql`(${value.at} = ANY(${words}::text[]))`;
  }
  if (value.kind === 'text' || value.kind === 'word') return one(value.at);
  if (value.kind !== 'json') return unknown;
  const { at, text } = value;
  return sql`(CASE jsonb_typeof(${at}) WHEN 'string' THEN ${one(text)}
    WHEN 'number' THEN (CASE WHEN ${matches(text, shortNumber)} THEN ${one(text)} END)
    WHEN 'boolean' THEN ${one(text)}
    WHEN 'array' THEN ${itemTest(at, patterns)}
    WHEN 'object' THEN NULL ELSE false END)`;
}

/** A list, in which one item fits: told by paths, which no statement within the statement keeps from running side by side. */
function itemTest(at: RawBuilder<unknown>, patterns: readonly string[]): Holds {
  const some = (filter: string) => sql`jsonb_path_exists(${at}, ${`$[*] ? (${filter})`}::jsonpath)`;
  // Without its flag a bracket takes no new line.
  const like = (pattern: string) => `@ like_regex ${JSON.stringify(pattern)} flag "s"`;
  const fits = patterns.length === 0 ? never : some(like(patterns.join('|')));
  return sql`(CASE WHEN ${some('@.type() != "string"')} OR ${some(like(notPlain))} THEN NULL ELSE ${fits} END)`;
}

function textTest(text: RawBuilder<unknown>, patterns: readonly string[]): Holds {
  if (patterns.length === 0) return sql`(CASE WHEN ${matches(text, notPlain)} THEN NULL ELSE false END)`;
  return sql`(CASE WHEN ${text} IS NULL THEN false WHEN ${matches(text, notPlain)} THEN NULL ELSE ${matches(text, patterns.join('|'))} END)`;
}

function numberSql(
  value: StoredValue,
  test: (number: RawBuilder<unknown>) => RawBuilder<unknown>,
  missing: Holds,
): Holds {
  const { at } = value;
  if (value.kind === 'number') return sql`(CASE WHEN ${at} IS NULL THEN ${missing} ELSE ${test(at)} END)`;
  if (value.kind !== 'json') return unknown;
  return sql`(${readNumber(value, { found: test, missing, unknown })})`;
}

/** What there is to say of a number in JSON: of one, of none, and of a text that only the evaluator can read. */
export function readNumber<T>(
  { at, text }: JsonValue,
  said: {
    readonly found: (number: RawBuilder<unknown>) => RawBuilder<unknown>;
    readonly missing: RawBuilder<T>;
    readonly unknown: RawBuilder<T>;
  },
): RawBuilder<T> {
  return sql`CASE jsonb_typeof(${at}) WHEN 'number' THEN ${said.found(sql`${text}::float8`)}
    WHEN 'string' THEN (CASE WHEN ${matches(text, plainNumber)} THEN ${said.found(sql`${text}::float8`)}
      WHEN ${matches(text, ascii)} AND NOT ${matches(text, '[0-9]')} THEN ${said.missing} ELSE ${said.unknown} END)
    ELSE ${said.missing} END`;
}

function dateSql(value: StoredValue, test: (instant: RawBuilder<unknown>) => RawBuilder<unknown>): Holds {
  const { at } = value;
  if (value.kind === 'date') return sql`(CASE WHEN ${at} IS NULL THEN false ELSE ${test(at)} END)`;
  if (value.kind !== 'json') return unknown;
  return sql`(${readInstant(value, { found: test, missing: never, unknown })})`;
}

function readInstant<T>(
  { at, text }: JsonValue,
  said: {
    readonly found: (instant: RawBuilder<unknown>) => RawBuilder<unknown>;
    readonly missing: RawBuilder<T>;
    readonly unknown: RawBuilder<T>;
  },
): RawBuilder<T> {
  return sql`CASE WHEN jsonb_typeof(${at}) IS DISTINCT FROM 'string' THEN ${said.missing}
    WHEN ${matches(text, plainDay)} THEN ${said.found(sql`((${text})::date::timestamp AT TIME ZONE 'UTC')`)}
    WHEN ${matches(text, plainInstant)} THEN ${said.found(sql`(${text})::timestamptz`)}
    WHEN ${matches(text, ascii)} AND NOT ${matches(text, perhapsDay)} THEN ${said.missing} ELSE ${said.unknown} END`;
}

function booleanSql(value: StoredValue, sought: 'true' | 'false'): Holds {
  const { at } = value;
  if (value.kind === 'boolean') return sql`(${at} IS NOT DISTINCT FROM ${sought}::boolean)`;
  if (value.kind !== 'json') return unknown;
  const { text } = value;
  return sql`(CASE jsonb_typeof(${at}) WHEN 'boolean' THEN ${text} = ${sought}
    WHEN 'string' THEN (CASE WHEN ${matches(text, ascii)} THEN lower(btrim(${text}) COLLATE "C") = ${sought} END) ELSE false END)`;
}
