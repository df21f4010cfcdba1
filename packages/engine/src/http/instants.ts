import { type RawBuilder, sql } from 'kysely';

/** A timestamp column as text to the microsecond in UTC: a keyset cursor must not lose what a Date would. */
export function instantText(column: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
