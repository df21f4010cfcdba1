import { storedFieldNames } from '@signalbox/nodes/define/contact-fields';
import { type RawBuilder, sql } from 'kysely';

/** The columns of what is stored of a contact, of the table under this name in a query. */
export function storedColumns(table: string): RawBuilder<unknown> {
  return sql.join(storedFieldNames.map((name) => sql.ref(`${table}.${name}`)));
}
