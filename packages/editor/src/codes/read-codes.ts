/** The codes in a text or a file: one a line, or the first column of a CSV file; a heading that says so is none. */
export function readCodes(text: string): string[] {
  const cells = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => (line.split(/[,;\t]/)[0] ?? '').trim().replace(/^"(.*)"$/, '$1'))
    .filter((cell) => cell !== '');
  return /^(?:codes?|coupons?|vouchers?)$/i.test(cells[0] ?? '') ? cells.slice(1) : cells;
}
