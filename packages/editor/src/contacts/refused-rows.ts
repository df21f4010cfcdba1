import { csvRecords, csvSeparator } from '@signalbox/nodes/text/csv';

type RowError = { readonly row: number; readonly field: string; readonly message: string };

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * The refused rows of an import as a CSV file of their own, each with its problems in a last column, ready to be corrected
 * and imported again. Rows are numbered as the import numbers them.
 */
export function refusedRows(csv: string, errors: readonly RowError[]): string {
  const byRow = new Map<number, string[]>();
  for (const { row, field, message } of errors)
    byRow.set(row, [...(byRow.get(row) ?? []), field === '' ? message : `${field}: ${message}`]);
  const separator = csvSeparator(csv);
  const kept: string[] = [];
  for (const { row, text } of csvRecords(csv)) {
    const problems = byRow.get(row);
    if (kept.length === 0) kept.push(`${text}${separator}problem`);
    else if (problems !== undefined) kept.push(`${text}${separator}${quote(problems.join('; '))}`);
  }
  return `${kept.join('\r\n')}\r\n`;
}
