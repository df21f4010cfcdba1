/**
 * PostgreSQL array literals. The driver quotes and escapes each element of an array, which a thousand ids, numbers, flags and times
 * in a dozen columns do not need.
 */

/** `{…}` of ids, for a parameter cast to `uuid[]`. */
export function uuidArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** `{…}` of numbers or flags, for a parameter cast to `int[]`, `smallint[]` or `boolean[]`. */
export function scalarArray(values: readonly (number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** `{…}` of times, for a parameter cast to `timestamptz[]`. */
export function timeArray(values: readonly (Date | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : value.toISOString())).join(',')}}`;
}

/** A text that stands for itself in an array literal; `null` in any case would be no text. */
const bare = /^[\w+.:-]+$/;

/** `{…}` of texts, for a parameter cast to `text[]`. Those that need it are quoted and escaped. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : literal(value))).join(',')}}`;
}

function literal(value: string): string {
  if (bare.test(value) && !(value.length === 4 && value.toLowerCase() === 'null')) return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/**
 * JSON documents of many rows, of which few differ: the distinct ones for a parameter cast to `jsonb[]`, and for each row its
 * place among them, from 1; null for a row without.
 */
export function dictionary(values: readonly (object | null)[]): {
  readonly documents: string;
  readonly places: string;
} {
  const places = new Map<string, number>();
  const rows = values.map((value) => {
    if (value === null) return null;
    const text = JSON.stringify(value);
    const known = places.get(text) ?? places.size + 1;
    places.set(text, known);
    return known;
  });
  return { documents: textArray([...places.keys()]), places: scalarArray(rows) };
}
