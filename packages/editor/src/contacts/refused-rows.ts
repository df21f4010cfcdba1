import { type CsvRecord, csvRecords, csvSeparator, isEmptyRecord, saysSeparator } from '@signalbox/nodes/text/csv';
import { csvCell } from '@signalbox/nodes/text/csv-line';

type RowError = { readonly row: number; readonly field: string; readonly message: string };

/**
 * The refused rows of an import as a CSV file of their own, each with its problems in a last column, ready to be corrected
 * and imported again: with the header and separator of the first, whatever stands before it left out. Rows are numbered as the import
 * numbers them.
 */
export function refusedRows(csv: string, errors: readonly RowError[]): string {
  const byRow = new Map<number, string[]>();
  for (const { row, field, message } of errors)
    byRow.set(row, [...(byRow.get(row) ?? []), field === '' ? message : `${field}: ${message}`]);
  const separator = csvSeparator(csv);
  const kept: string[] = saysSeparator(csv) ? [`sep=${separator}`] : [];
  let columns: number | null = null;
  for (const record of csvRecords(csv)) {
    const problems = byRow.get(record.row);
    if (columns === null) {
      if (isEmptyRecord(record)) continue;
      columns = record.fields?.length ?? 0;
      kept.push(`${record.text}${separator}problem`);
    } else if (problems !== undefined) kept.push(withProblem(record, columns, separator, csvCell(problems.join('; '))));
  }
  return `${kept.join('\r\n')}\r\n`;
}

/**
 * A row with its problem behind the last column that the header names, however many the row has: what is missing is filled up, what
 * stands beyond the columns goes on behind it, empty cells at its end left out.
 */
function withProblem({ text, fields }: CsvRecord, columns: number, separator: string, problem: string): string {
  // Cells of a row with broken quotation marks can only be guessed.
  const cells = fields?.length ?? text.split(separator).length;
  if (fields === null || cells <= columns)
    return `${text}${separator.repeat(Math.max(0, columns - cells) + 1)}${problem}`;
  const written = fields.map((field) => (field.includes(separator) || /["\r\n]/.test(field) ? csvCell(field) : field));
  const last = fields.findLastIndex((field) => field.trim() !== '');
  return [...written.slice(0, columns), problem, ...written.slice(columns, last + 1)].join(separator);
}
