import { formatMessage } from '@signalbox/nodes/text/format-message';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { isTimeZone } from '@signalbox/nodes/time/zoned-time';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { ProblemError } from '../api/problems.ts';
import { type FieldCode, fieldTexts } from '../api/texts.ts';
import type { NewContact } from './store.ts';

export type RowError = {
  readonly row: number;
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly value: string;
};

/** A contact read from the file, with its line. */
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

/** The separator: the one that the first line holds most of. */
function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/\r|\n|$/));
  const counted = [',', ';', '\t'].map((candidate) => ({ candidate, n: line.split(candidate).length }));
  return counted.reduce((best, next) => (next.n > best.n ? next : best)).candidate;
}

/**
 * Counts rows before anything is stored, where there are lines enough to doubt.
 *
 * @throws ProblemError `import_too_many_rows`.
 */
export async function requireFewRows(text: string): Promise<void> {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines <= mostRows) return;
  let rows = -1;
  const parser = parse(text, {
    delimiter: delimiterOf(text),
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
  });
  for await (const _row of parser) if (++rows > mostRows) throw new ProblemError('import_too_many_rows');
}

/**
 * Reads a CSV text row by row: contacts, and what is wrong with those that are none. Rows are numbered as lines of the file, the
 * header being 1, so that people find them in their spreadsheet.
 *
 * @throws ProblemError `import_columns`.
 */
export async function* readCsv(text: string, defaultCountry: string): AsyncGenerator<ReadRow | RowError> {
  const skipped: RowError[] = [];
  const parser = parse(text, {
    bom: true,
    delimiter: delimiterOf(text),
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    skip_records_with_error: true,
    max_record_size: 100_000,
    on_skip: (error) => {
      skipped.push(refusal(lineOf(error), '', 'csv_invalid', '', { message: error?.code ?? '' }));
      return undefined;
    },
  });
  let columns: Array<string | null> | null = null;
  let rows = 0;
  try {
    for await (const item of parser) {
      const { record, info } = recordSchema.parse(item);
      if (columns === null) {
        columns = record.map(columnName);
        const named = columns.filter((name) => name !== null);
        if (!named.includes('phone') || new Set(named).size !== named.length) throw new ProblemError('import_columns');
        continue;
      }
      // Replies of other people are not to wait for a long file.
      if (++rows % 250 === 0) await new Promise((resolve) => setImmediate(resolve));
      yield* skipped.splice(0);
      yield readRow(columns, record, info.lines, defaultCountry);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield refusal(lineOf(error), '', 'csv_invalid', '', { message: error.code });
  }
  yield* skipped.splice(0);
  if (columns === null) throw new ProblemError('import_columns');
}

const recordSchema = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/** The line at which the parser stood; 0 where it does not say. */
function lineOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('lines' in error)) return 0;
  return typeof error.lines === 'number' ? error.lines : 0;
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
