import { describe, expect, it } from 'vitest';
import { csvRecords, csvSeparator } from './csv.ts';

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
  });

  it('with more fields than any list has are broken, and only they', () => {
    expect(read(`a,b\n${','.repeat(3_000_000)}\n1,2`)).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['1', '2']],
    ]);
  });

  it('take time in proportion to their length, however broken', () => {
    const began = performance.now();
    for (const line of [
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
    ])
      expect([...csvRecords(line.repeat(60_000))].length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
