import { describe, expect, it, vi } from 'vitest';
import { csvRecords, csvSeparator } from './csv.ts';

/** How many characters a reader of a text looks through in search of something, the same place as often as it comes there again. */
function lookedThrough(text: string, readAll: (text: string) => number): number {
  const { indexOf } = String.prototype;
  const { exec } = RegExp.prototype;
  let characters = 0;
  const spies = [
    vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, wanted, from = 0) {
      const found = indexOf.call(this, wanted, from);
      characters += (found === -1 ? this.length : found) - from + 1;
      return found;
    }),
    vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, within) {
      const from = this.lastIndex;
      const found = exec.call(this, within);
      characters += (found === null ? within.length : found.index) - from + 1;
      return found;
    }),
  ];
  try {
    expect(readAll(text)).toBeGreaterThan(0);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return characters;
}

/** How many times more 8 times as many lines are: 8 in proportion, 64 where every line looks to the end of the text. */
const growth = (line: string, readAll: (text: string) => number): number =>
  lookedThrough(line.repeat(8_000), readAll) / lookedThrough(line.repeat(1_000), readAll);

const read = (text: string) => [...csvRecords(text)].map(({ row, fields }) => [row, fields]);

describe('CSV records', () => {
  it('are numbered as a spreadsheet does: empty lines count, line breaks in quotes do not', () => {
    expect(read('phone,note\r\n1,"two\r\nlines"\r\n\r\n2,"a\n\nb"\n3,c')).toEqual([
      [1, ['phone', 'note']],
      [2, ['1', 'two\r\nlines']],
      [4, ['2', 'a\n\nb']],
      [5, ['3', 'c']],
    ]);
  });

  it('keep what is quoted, and quotation marks inside a field that has none around it', () => {
    expect(read('"a","b ""c"", d",""\n5" pipe,x "y",\n')).toEqual([
      [1, ['a', 'b "c", d', '']],
      [2, ['5" pipe', 'x "y"', '']],
    ]);
  });

  it('lose the line of a field whose quotation marks are broken, and no other', () => {
    expect(read('a,b\n1,"open\n2,fine\n"3" x,y\n4,fine')).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['2', 'fine']],
      [4, null],
      [5, ['4', 'fine']],
    ]);
    expect(read('a\n"open')).toEqual([
      [1, ['a']],
      [2, null],
    ]);
  });

  it('come with their text as it is written, without a byte order mark', () => {
    expect([...csvRecords('\ufeffa;b\r"1;""2""";3')].map(({ text }) => text)).toEqual(['a;b', '"1;""2""";3']);
  });

  it('are separated as the first line is', () => {
    expect(csvSeparator('a;b;c,d\n1,2,3,4,5,6')).toBe(';');
    expect(csvSeparator('a\tb')).toBe('\t');
    expect(csvSeparator('phone')).toBe(',');
    expect(read('')).toEqual([]);
  });

  it('are separated as the spreadsheet says in its first line, which is no row', () => {
    expect(read('sep=;\r\nphone;first_name\r\n1;a,b')).toEqual([
      [1, ['phone', 'first_name']],
      [2, ['1', 'a,b']],
    ]);
    expect(read('\ufeff"sep=|"\nphone|x')).toEqual([[1, ['phone', 'x']]]);
  });

  it('are separated as the header is, also behind empty lines and with separators in its names', () => {
    expect(read('\nphone;first_name\n1;a')).toEqual([
      [2, ['phone', 'first_name']],
      [3, ['1', 'a']],
    ]);
    expect(csvSeparator('phone;"City, State, Country";first_name')).toBe(';');
    expect(csvSeparator('"a\n, , ,";b')).toBe(';');
    expect(csvSeparator('"broken;b;c\n1,2,3,4')).toBe(';');
    expect(csvSeparator('phone;Name (first, middle, last);Plan')).toBe(';');
    expect(csvSeparator('phone;City, State')).toBe(';');
    expect(csvSeparator('phone,Notes; remarks,Plan')).toBe(',');
    for (const empty of [';;', ',,', '   ', ' ; ; ']) expect(csvSeparator(`${empty}\nphone;a\n1;b`)).toBe(';');
  });

  it('with more fields than any list has are broken, and only they', () => {
    expect(read(`a,b\n${','.repeat(3_000_000)}\n1,2`)).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['1', '2']],
    ]);
  });

  it.each([
    '1\n',
    '12025550143\r',
    'a b c\r\n',
    '",\n',
    'x;"y""\n',
    '"a\n',
    '"""\n',
    'x,"\n',
    '""b\n',
    '"x""\n',
    ',,,,\n',
    '"\n',
  ])('take work in proportion to their length, however broken: %j', (line) => {
    expect(growth(line, (text) => [...csvRecords(text)].length)).toBeLessThan(9);
  });

  it('and looking through the rest of the text at every line would be seen', () => {
    const toTheEnd = (text: string): number => {
      let lines = 0;
      for (let at = 0; at !== -1; at = text.indexOf('\n', at + 1)) lines += text.indexOf('"', at) === -1 ? 1 : 2;
      return lines;
    };
    expect(growth('12025550143\n', toTheEnd)).toBeGreaterThan(50);
  });
});
