import { describe, expect, it } from 'vitest';
import { csvRecords } from './csv.ts';
import { csvLine } from './csv-line.ts';

describe('a line of CSV', () => {
  it('is read as it was written, whatever is in it', () => {
    const cells = ['a "quoted", word', 'two\nlines', '', ' spaces '];
    const [record] = csvRecords(csvLine(cells));
    expect(record?.fields).toEqual(cells);
  });

  it('holds no formula, and numbers as they are', () => {
    expect(csvLine(['=1+1', '@cmd', '+12025550143', '-2+3', null])).toBe(
      `"'=1+1","'@cmd","+12025550143","'-2+3",""\r\n`,
    );
  });
});
