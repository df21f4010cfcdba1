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

  it('take time in proportion to their length, however broken', () => {
    const began = performance.now();
    for (const line of ['"a\n', '"""\n', 'x,"\n', '""b\n', '"x""\n', ',,,,\n', '"\n'])
      expect([...csvRecords(line.repeat(60_000))].length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
