/** One record of a CSV text. */
export type CsvRecord = {
  /** Its place as a spreadsheet counts: the header is row 1, an empty line is a row, a line break inside quotes is none. */
  readonly row: number;
  /** As it is written, without its line break. */
  readonly text: string;
  /** Null where a quotation mark is not closed, or has text after it. */
  readonly fields: readonly string[] | null;
};

const separators = [',', ';', '\t'] as const;
const lineBreak = /\r\n|\n|\r/g;

/** The separator of a CSV text: the one that its first line holds most of. */
export function csvSeparator(text: string): string {
  const line = text.slice(0, text.search(/\r|\n|$/));
  const counted = separators.map((separator) => ({ separator, n: line.split(separator).length }));
  return counted.reduce((best, next) => (next.n > best.n ? next : best)).separator;
}

/**
 * Splits a CSV text (RFC 4180) into its records, empty lines left out. A record with broken quotation marks ends with the line of
 * the field that breaks, so that it takes no other along.
 */
export function* csvRecords(csv: string): Generator<CsvRecord> {
  const text = csv.startsWith('\ufeff') ? csv.slice(1) : csv;
  const separator = csvSeparator(text);
  let row = 0;
  for (let at = 0; at < text.length; ) {
    row += 1;
    const record = readRecord(text, at, separator);
    if (record.end > at) yield { row, text: text.slice(at, record.end), fields: record.fields };
    at = record.next;
  }
}

type Read = { readonly fields: readonly string[] | null; readonly end: number; readonly next: number };

function readRecord(text: string, start: number, separator: string): Read {
  const fields: string[] = [];
  for (let at = start; ; ) {
    const line = lineEnd(text, at);
    if (text[at] === '"') {
      const field = quotedField(text, at);
      const next = field?.end ?? -1;
      if (field === null || !(next === text.length || text[next] === separator || isBreak(text[next])))
        return { fields: null, ...line };
      fields.push(field.value);
      if (text[next] !== separator) return { fields, ...lineEnd(text, next) };
      at = next + 1;
      continue;
    }
    const found = text.indexOf(separator, at);
    const end = found === -1 ? line.end : Math.min(found, line.end);
    fields.push(text.slice(at, end));
    if (end === line.end) return { fields, ...line };
    at = end + 1;
  }
}

/** What stands between the quotation mark at `start` and the one that closes it, and where it goes on; null where none does. */
function quotedField(text: string, start: number): { readonly value: string; readonly end: number } | null {
  let value = '';
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return null;
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

const isBreak = (character: string | undefined): boolean => character === '\n' || character === '\r';

/** Where the line that holds `at` ends, and where the next one begins. */
function lineEnd(text: string, at: number): { readonly end: number; readonly next: number } {
  lineBreak.lastIndex = at;
  const found = lineBreak.exec(text);
  return found === null
    ? { end: text.length, next: text.length }
    : { end: found.index, next: found.index + found[0].length };
}
