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
/** More fields than any list of people has: a record of more is broken, and not worth the memory. */
const mostFields = 2_000;

/** The separator of a CSV text: the one that its `sep=` line says, or that its header holds most of outside of quotation marks. */
export function csvSeparator(text: string): string {
  return csvStart(text).separator;
}

/** Whether the text says its separator itself, in a `sep=;` line before its records. */
export function saysSeparator(text: string): boolean {
  return csvStart(text).said;
}

/** A record without anything in it, as spreadsheets write an empty row. Before the header it is no row of the list. */
export function isEmptyRecord({ fields, text }: Omit<CsvRecord, 'row'>): boolean {
  return isBlank(text) || fields?.every((field) => field.trim() === '') === true;
}

/**
 * Splits a CSV text (RFC 4180) into its records, empty lines left out, in time proportional to its length. A record with broken
 * quotation marks ends with the line of the field that breaks, so that it takes no other along.
 */
export function* csvRecords(csv: string): Generator<CsvRecord> {
  const { separator, at: start } = csvStart(csv);
  const scan = scanner(csv, separator);
  let row = 0;
  for (let at = start; at < csv.length; ) {
    row += 1;
    const record = readRecord(csv, at, scan);
    if (record.end > at) yield { row, text: csv.slice(at, record.end), fields: record.fields };
    at = record.next;
  }
}

/** Where the records begin: behind a byte order mark and the `sep=;` that tells a spreadsheet the separator and is no row of it. */
function csvStart(text: string): { readonly separator: string; readonly at: number; readonly said: boolean } {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const said = /^"?sep=(.)"?(?:\r\n|\n|\r|$)/i.exec(text.slice(start, start + 16));
  if (said?.[1] !== undefined) return { separator: said[1], at: start + said[0].length, said: true };
  return { separator: mostOf(headerOf(text, start)), at: start, said: false };
}

/** Characters of a header that its separator is looked for in. */
const mostHeader = 65_536;
/** A line of which nothing is left without separators and blanks, as spreadsheets write an empty one. */
const isBlank = (line: string): boolean => /^[,;\s]*$/.test(line);

/** The characters of the first line that is not empty, without what stands in quotation marks. */
function headerOf(whole: string, start: number): string {
  const text = whole.slice(start, start + mostHeader);
  let header = '';
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (!isBreak(character)) header += character;
    else if (isBlank(header)) header = '';
    else return header;
  }
  // A quotation mark that is never closed: the line as it stands.
  return quoted ? (text.split(/[\r\n]/).find((line) => !isBlank(line)) ?? '') : header;
}

/**
 * The separator that a header holds most of, what stands in brackets aside. Where two are as many, it is not the comma: that stands in
 * names as well.
 */
function mostOf(header: string): string {
  const names = header.replace(/\([^()]*\)/g, '');
  const counted = separators.map((separator) => ({ separator, n: names.split(separator).length }));
  return counted.reduce((best, next) =>
    next.n > Math.max(best.n, 1) || (next.n === best.n && next.n > 1) ? next : best,
  ).separator;
}

type Line = { readonly end: number; readonly next: number };
type Scanner = {
  /** The first separator at or after a place; the text's length where there is none. */
  readonly separator: string;
  readonly separatorFrom: (at: number) => number;
  /** Where the line that holds a place ends, and where the next one begins. */
  readonly line: (at: number) => Line;
};

/** Finds what divides fields and lines, going forward: what was found ahead is not looked for again. */
function scanner(text: string, separator: string): Scanner {
  let found = -1;
  let line: Line & { from: number } = { from: 0, end: -1, next: -1 };
  const lineBreak = /\r\n|\n|\r/g;
  return {
    separator,
    separatorFrom(at) {
      if (found < at) {
        const next = text.indexOf(separator, at);
        found = next === -1 ? text.length : next;
      }
      return found;
    },
    line(at) {
      if (at < line.from || at > line.end) {
        lineBreak.lastIndex = at;
        const next = lineBreak.exec(text);
        line =
          next === null
            ? { from: at, end: text.length, next: text.length }
            : { from: at, end: next.index, next: next.index + next[0].length };
      }
      return line;
    },
  };
}

type Read = { readonly fields: readonly string[] | null; readonly end: number; readonly next: number };

function readRecord(text: string, start: number, scan: Scanner): Read {
  const fields: string[] = [];
  const take = (field: string): boolean => fields.push(field) <= mostFields;
  for (let at = start; ; ) {
    const line = scan.line(at);
    if (text[at] === '"') {
      const field = quotedField(text, at);
      const next = field?.end ?? -1;
      const closes = next === text.length || text[next] === scan.separator || isBreak(text[next]);
      if (field === null || !closes || !take(field.value)) return { fields: null, end: line.end, next: line.next };
      if (text[next] !== scan.separator) return { fields, end: scan.line(next).end, next: scan.line(next).next };
      at = next + 1;
      continue;
    }
    const end = Math.min(scan.separatorFrom(at), line.end);
    if (!take(text.slice(at, end))) return { fields: null, end: line.end, next: line.next };
    if (end === line.end) return { fields, end: line.end, next: line.next };
    at = end + 1;
  }
}

/** What stands between the quotation mark at `start` and the one that closes it, and where it goes on; null where none does. */
function quotedField(text: string, start: number): { readonly value: string; readonly end: number } | null {
  const parts: string[] = [];
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return null;
    parts.push(text.slice(at, quote));
    if (text[quote + 1] !== '"') return { value: parts.join(''), end: quote + 1 };
    parts.push('"');
    at = quote + 2;
  }
}

const isBreak = (character: string | undefined): boolean => character === '\n' || character === '\r';
