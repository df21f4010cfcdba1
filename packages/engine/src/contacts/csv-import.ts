import { csvRecords } from '@signalbox/nodes/text/csv';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { isTimeZone } from '@signalbox/nodes/time/zoned-time';
import { z } from 'zod';
import { ProblemError } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import type { NewContact } from './store.ts';

export type RowError = {
  readonly row: number;
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly value: string;
};

/** A contact read from the file, with its row. */
export type ReadRow = { readonly row: number; readonly contact: Omit<NewContact, 'id'> };

export const mostRows = 100_000;

const builtIn = ['phone', 'first_name', 'last_name', 'email', 'time_zone'] as const;
type BuiltIn = (typeof builtIn)[number];
const emailSchema = z.email().max(200);
const longest: Readonly<Record<string, number>> = { first_name: 80, last_name: 80, time_zone: 64, phone: 32 };

/** A column as a field's name: a built-in one, or an attribute. Null where it can be neither. */
function columnName(header: string): string | null {
  const name = header
    .normalize('NFKD')
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40);
  return name === '' ? null : name;
}

/**
 * Counts rows before anything is stored, where there are lines enough to doubt.
 *
 * @throws ProblemError `import_too_many_rows`.
 */
export function requireFewRows(text: string): void {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines <= mostRows) return;
  let rows = -1;
  for (const _record of csvRecords(text)) if (++rows > mostRows) throw new ProblemError('import_too_many_rows');
}

/**
 * Reads a CSV text row by row: contacts, and what is wrong with those that are none. Rows are numbered as people find them in
 * their spreadsheet.
 *
 * @throws ProblemError `import_columns`.
 */
export async function* readCsv(text: string, defaultCountry: string): AsyncGenerator<ReadRow | RowError> {
  let columns: Array<string | null> | null = null;
  let rows = 0;
  for (const { row, fields, text: written } of csvRecords(text)) {
    if (columns === null) {
      columns = (fields ?? []).map(columnName);
      const named = columns.filter((name) => name !== null);
      if (!named.includes('phone') || new Set(named).size !== named.length) throw new ProblemError('import_columns');
      continue;
    }
    // Replies of other people are not to wait for a long file.
    if (++rows % 250 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (fields === null) yield refusal(row, '', 'csv_invalid', written.slice(0, 100));
    else yield readRow(columns, fields, row, defaultCountry);
  }
  if (columns === null) throw new ProblemError('import_columns');
}

function readRow(
  columns: ReadonlyArray<string | null>,
  record: readonly string[],
  row: number,
  defaultCountry: string,
): ReadRow | RowError {
  if (record.length !== columns.length) return refusal(row, '', 'columns_missing', record.join(', ').slice(0, 100));
  const fields: Partial<Record<BuiltIn, string>> = {};
  const attributes: Record<string, string> = {};
  for (const [index, name] of columns.entries()) {
    const value = (record[index] ?? '').trim();
    if (name === null || value === '') continue;
    if (value.includes('\u0000') || !value.isWellFormed()) return refusal(row, name, 'text_invalid', '');
    const limit = longest[name] ?? 640;
    if (value.length > limit) return refusal(row, name, 'value_too_long', value.slice(0, 100), { limit });
    if (isBuiltIn(name)) fields[name] = value;
    else attributes[name] = value;
  }
  const phone = parsePhone(fields.phone ?? '', defaultCountry);
  if (!phone.ok) return refusal(row, 'phone', phone.code, fields.phone ?? '');
  if (fields.email !== undefined && !emailSchema.safeParse(fields.email).success)
    return refusal(row, 'email', 'email_invalid', fields.email);
  if (fields.time_zone !== undefined && !isTimeZone(fields.time_zone))
    return refusal(row, 'time_zone', 'time_zone_invalid', fields.time_zone);
  const { phone: _written, ...rest } = fields;
  return { row, contact: { ...rest, phone: phone.e164, attributes } };
}

function isBuiltIn(name: string): name is BuiltIn {
  return builtIn.some((known) => known === name);
}

function refusal(
  row: number,
  field: string,
  code: FieldCode,
  value: string,
  values: Record<string, string | number> = {},
): RowError {
  return { row, field, code, message: formatMessage(fieldTexts[code], values), value };
}
