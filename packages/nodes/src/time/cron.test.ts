import { describe, expect, test } from 'vitest';
import { nextTimes, readCron } from './cron.ts';

const next = (line: string, from: string, zone: string, most = 2): string[] => {
  const cron = readCron(line);
  if (cron === null) throw new Error(`${line} is no cron line.`);
  return nextTimes(cron, { from: new Date(from), zone, most }).map((time) => time.toISOString());
};

describe('A cron line', () => {
  test.each([
    '',
    '* * * *',
    '60 9 * * *',
    '0 24 * * *',
    '0 9 0 * *',
    '0 9 * 13 *',
    '0 9 * * 8',
    '9-8 9 * * *',
    '*/0 * * * *',
    'x 9 * * *',
    '0 9 1 * 5',
  ])('refuses “%s”', (line) => expect(readCron(line)).toBeNull());

  test('names moments on the clocks of a zone, whatever they do in between', () => {
    expect(next('0 9 * * 1', '2026-10-19T08:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-26T08:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
    ]);
    expect(next('0 9 * * *', '2026-10-24T07:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-25T08:00:00.000Z',
      '2026-10-26T08:00:00.000Z',
    ]);
  });

  test('comes when clocks jump over it, and once where it is twice', () => {
    expect(next('30 2 * * *', '2026-03-29T00:00:00Z', 'Europe/Berlin', 1)).toEqual(['2026-03-29T01:00:00.000Z']);
    expect(next('30 2 * * *', '2026-10-25T00:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  test('takes lists, ranges and steps, and Sunday by either number', () => {
    expect(next('0 8-18/5 * * 0,7', '2026-11-28T23:00:00Z', 'UTC', 3)).toEqual([
      '2026-11-29T08:00:00.000Z',
      '2026-11-29T13:00:00.000Z',
      '2026-11-29T18:00:00.000Z',
    ]);
  });

  test('that names no day has no moments', () => {
    expect(next('0 9 31 2 *', '2026-11-28T00:00:00Z', 'UTC')).toEqual([]);
  });
});
