/**
 * PostgreSQL array literals of values that need no quoting: ids, numbers, flags and times. The driver quotes and escapes each
 * element of an array, which a thousand ids in a dozen columns do not need. Texts go to the driver as arrays.
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
