import { describe, expect, it } from 'vitest';
import { inZone, strftime } from './strftime.ts';

const evening = inZone(Date.parse('2026-03-05T01:05:06.078Z'), 'America/New_York');
const free = () => undefined;

describe('a moment in a format', () => {
  for (const [format, shown] of [
    ['%a %A %b %h %B', 'Wed Wednesday Mar Mar March'],
    ['%Y %C %y %m %d %e %j %U %W %u %w', '2026 20 26 03 04  4 063 09 09 3 3'],
    ['%H %I %k %l %M %S %L %N %3N %p %P', '20 08 20  8 05 06 078 078000000 078 PM pm'],
    ['%s %z %:z %Z', '1772672706 -0500 -05:00 America/New_York'],
    ['%c|%x|%X', '3/4/2026, 8:05:06 PM|3/4/2026|8:05:06 PM'],
    ['%-d %-m %_d %_H %0e %5Y %^a %#B %#p %-d%q', '4 3  4 20 04 02026 WED MARCH pm 4th'],
    ['%% %n%t %v %', '% \n\t %v %'],
  ] as const) {
    it(format, () => expect(strftime(format, evening, free)).toBe(shown));
  }

  it('numbers weeks from the first Sunday and the first Monday of the year', () => {
    const weeks = (day: string) => strftime('%U %W', inZone(Date.parse(`${day}T12:00Z`), 'UTC'), free);
    expect(['2023-01-01', '2023-01-02', '2024-12-31', '2026-01-01'].map(weeks)).toEqual([
      '01 00',
      '01 01',
      '52 53',
      '00 00',
    ]);
  });

  it('ends days of the month as they are read', () => {
    const days = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30].map((day) =>
      strftime('%-d%q', inZone(Date.UTC(2026, 0, day), 'UTC'), free),
    );
    expect(days.join(' ')).toBe('1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 30th');
  });

  it('asks before it fills up', () => {
    const charged: number[] = [];
    strftime('%99d', evening, (characters) => charged.push(characters));
    expect(charged).toEqual([99]);
  });
});
