import { toAttributeName } from '@signalbox/nodes/define/attribute-name';
import {
  type AttributeValue,
  isWritten,
  type WrittenFieldName,
  writtenField,
  writtenFieldNames,
} from '@signalbox/nodes/define/contact-fields';
import { type CustomField, readCustomValue } from '@signalbox/nodes/define/custom-fields';
import { csvRecords, isEmptyRecord } from '@signalbox/nodes/text/csv';
import { decodeCsv } from '@signalbox/nodes/text/csv-bytes';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { ProblemError } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import { attributesFit } from './attribute-limits.ts';
import { phoneColumns } from './phone-columns.ts';
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
/** Characters of the line that names the columns. It is read in one piece. */
const longestHeader = 65_536;

type BuiltIn = 'phone' | WrittenFieldName;
const builtIn: readonly BuiltIn[] = ['phone', ...writtenFieldNames];
/** Characters of a cell that holds a number, with what people write around one, and of one that holds an attribute. */
const longest = { phone: 64, attribute: 640 } as const;

/** A column of the file, and the field that it fills: a built-in one or an attribute. Null where it can be neither. */
export type ImportColumn = { readonly header: string; readonly field: string | null };

/**
 * What the columns fill.
 *
 * @param reading the fields that are read, null for every column, and those that the workspace made up.
 *
 * @throws ProblemError `import_columns`.
 */
function readColumns(headers: readonly string[], { fields: wanted, custom }: CsvReading): ImportColumn[] {
  const names: Array<string | null> = headers.map(toAttributeName);
  for (const field of builtIn) {
    if (names.includes(field)) continue;
    const other = (field === 'phone' ? phoneColumns : writtenField(field).columns).find((name) => names.includes(name));
    if (other !== undefined) names[names.indexOf(other)] = field;
  }
  if (names.filter((name) => name === 'phone').length !== 1) throw new ProblemError('import_columns');
  // A column that is called as a field is labelled is that field's, where none has the field's key.
  for (const { key, label } of custom) {
    const at = names.includes(key) ? -1 : names.indexOf(toAttributeName(label));
    if (at !== -1) names[at] = key;
  }
  const taken = new Set<string>();
  return headers.map((header, index) => {
    const named = names[index] ?? null;
    const field = named !== null && wanted?.includes(named) === false ? null : named;
    return { header: header.trim().slice(0, 100), field: field === null ? null : freeName(field, taken) };
  });
}

/** A name that no earlier column has: the second `note` is `note_2`. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
  taken.add(free);
  return free;
}

/**
 * Counts rows before anything is stored, where there are lines enough to doubt, however they end.
 *
 * @throws ProblemError `import_too_many_rows`.
 */
function requireFewRows(text: string): void {
  let lines = 0;
  for (const _break of text.matchAll(/\r\n|\n|\r/g)) if (++lines > mostRows) break;
  if (lines <= mostRows) return;
  let rows = -1;
  for (const _record of csvRecords(text)) if (++rows > mostRows) throw new ProblemError('import_too_many_rows');
}

/**
 * How a file is read: whose numbers those without a country code are, which fields count, null for every column, and the fields that the
 * workspace made up, whose values are of their types.
 */
export type CsvReading = {
  readonly country: string;
  readonly fields: readonly string[] | null;
  readonly custom: readonly CustomField[];
};

/** What a CSV file holds, in order: its columns, then a contact of each row or what is wrong with it. */
export type CsvItem = { readonly columns: readonly ImportColumn[] } | ReadRow | RowError;

/**
 * Reads a CSV file: its columns, then row by row the contacts, and what is wrong with those that are none. Rows are numbered as people
 * find them in their spreadsheet; a row that is short or ends in empty fields is read as if they were there. A large file takes seconds:
 * `readCsvApart` reads it off the event loop.
 *
 * @throws ProblemError `import_not_utf8`, `import_columns`, `import_header_too_long`, `import_too_many_rows`; before anything of it is
 *   read.
 */
export function* readCsv(bytes: Uint8Array, reading: CsvReading): Generator<CsvItem, void> {
  const text = decodeCsv(bytes);
  if (text === null) throw new ProblemError('import_not_utf8');
  requireFewRows(text);
  const custom = new Map(reading.custom.map((field) => [field.key, field]));
  let columns: ImportColumn[] | null = null;
  for (const { row, fields, text: written } of csvRecords(text)) {
    if (columns === null) {
      if (written.length > longestHeader) throw new ProblemError('import_header_too_long');
      if (isEmptyRecord({ fields, text: written })) continue;
      columns = readColumns(fields ?? [], reading);
      yield { columns };
    } else if (fields === null) yield refusal(row, '', 'csv_invalid', written.slice(0, 100));
    else yield readRow(columns, fields, row, reading.country, custom);
  }
  if (columns === null) throw new ProblemError('import_columns');
}

function readRow(
  columns: readonly ImportColumn[],
  record: readonly string[],
  row: number,
  defaultCountry: string,
  custom: ReadonlyMap<string, CustomField>,
): ReadRow | RowError {
  // Something in a column without a name: most likely a value with a separator in it, and everything behind it a column off.
  if (record.slice(columns.length).some((value) => value.trim() !== ''))
    return refusal(row, '', 'columns_missing', record.join(', ').slice(0, 100));
  const fields: Partial<Record<BuiltIn, string>> = {};
  const attributes: Record<string, AttributeValue> = {};
  for (const [index, { field: name }] of columns.entries()) {
    const value = (record[index] ?? '').trim();
    if (name === null || value === '' || isRefusal(name, value)) continue;
    if (value.includes('\u0000') || !value.isWellFormed()) return refusal(row, name, 'text_invalid', '');
    const limit = name === 'phone' ? longest.phone : isWritten(name) ? writtenField(name).longest : longest.attribute;
    if (value.length > limit) return refusal(row, name, 'value_too_long', value.slice(0, 100), { limit });
    const field = custom.get(name);
    if (isBuiltIn(name)) fields[name] = value;
    else if (field === undefined) attributes[name] = value;
    else {
      const read = readCustomValue(field, value);
      if (!read.ok) return refusal(row, name, read.code, value.slice(0, 100), read.values);
      if (read.value !== null) attributes[name] = read.value;
    }
  }
  const phone = parsePhone(fields.phone ?? '', defaultCountry);
  if (!phone.ok) return refusal(row, 'phone', phone.code, fields.phone ?? '');
  for (const name of writtenFieldNames) {
    const value = fields[name];
    const { accepts, problem } = writtenField(name);
    if (value !== undefined && !accepts(value)) return refusal(row, name, problem, value);
  }
  if (!attributesFit(attributes)) return refusal(row, '', 'attributes_limit', '');
  const { phone: _written, ...rest } = fields;
  return { row, contact: { ...rest, phone: phone.e164, attributes } };
}

const told = Object.values(fieldTexts).map((text) =>
  text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.*'),
);
const refusalText = new RegExp(`^(?:[^:]{1,64}: )?(?:${told.join('|')})`, 's');

/**
 * Whether a cell holds what was wrong with its row before: the file of refused rows that the editor makes says so in a last column
 * `problem`, and people who correct the rows leave it there.
 */
function isRefusal(name: string, value: string): boolean {
  return /^problem(?:_\d+)?$/.test(name) && refusalText.test(value);
}

function isBuiltIn(name: string): name is BuiltIn {
  return builtIn.some((known) => known === name);
}

/** What is wrong with a row, in words. */
export function refusal(
  row: number,
  field: string,
  code: FieldCode,
  value: string,
  values: Record<string, string | number> = {},
): RowError {
  return { row, field, code, message: formatMessage(fieldTexts[code], values), value };
}
