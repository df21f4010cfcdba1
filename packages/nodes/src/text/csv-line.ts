/** A cell of a CSV file, in quotation marks whatever is in it. */
export function csvCell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** What a spreadsheet would take for a formula. A number in international form is none. */
const formula = /^[=+\-@\t\r](?!\d+$)/;

/** A line of a CSV file that people open in a spreadsheet: what would be a formula there stays text. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => csvCell(cell === null ? '' : formula.test(cell) ? `'${cell}` : cell)).join(',')}\r\n`;
}
