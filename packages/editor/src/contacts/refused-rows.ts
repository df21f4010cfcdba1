type RowError = { readonly row: number; readonly field: string; readonly message: string };

/** Splits a CSV text into records as they are written, quotes and line breaks inside quotes included. */
function records(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    if (text[at] === '\n' && !quoted) {
      found.push(text.slice(start, at).replace(/\r$/, ''));
      start = at + 1;
    }
  }
  if (start < text.length) found.push(text.slice(start));
  return found;
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * The refused rows of an import as a CSV file of their own, each with its problems in a last column, ready to be corrected
 * and imported again. Rows count from 1 with the header as row 1, as spreadsheets show them.
 */
export function refusedRows(csv: string, errors: readonly RowError[]): string {
  const lines = records(csv.replace(/^\uFEFF/, ''));
  const [header = ''] = lines;
  const byRow = new Map<number, string[]>();
  for (const error of errors)
    byRow.set(error.row, [...(byRow.get(error.row) ?? []), `${error.field}: ${error.message}`]);
  const rows = [...byRow]
    .sort(([a], [b]) => a - b)
    .map(([row, problems]) => `${lines[row - 1] ?? ''},${quote(problems.join('; '))}`);
  return `${[`${header},problem`, ...rows].join('\r\n')}\r\n`;
}
