import { describe, expect, it } from 'vitest';
import { readRepeat, scheduleInWords, writeRepeat } from './schedule-words.ts';

describe('How often a campaign goes out', () => {
  it.each([
    ['0 9 * * *', { every: 'day', time: '09:00' }],
    ['30 17 * * 0', { every: 'week', weekday: 7, time: '17:30' }],
    ['5 8 1 * *', { every: 'month', day: 1, time: '08:05' }],
  ] as const)('%s is said in words, and written back as it was', (cron, repeat) => {
    expect(readRepeat(cron)).toEqual(repeat);
    expect(writeRepeat(repeat)).toBe(cron);
  });

  it.each(['0 9-17 * * *', '*/5 * * * *', '0 9 1 * 1', '0 9 * 6 *'])('%s is left as it is written', (cron) => {
    expect(readRepeat(cron)).toBeNull();
  });

  it('is a sentence', () => {
    const rest = { kind: 'recurring', zone: 'UTC', ends_at: null, missed: 'skip' } as const;
    expect(scheduleInWords({ ...rest, cron: '0 9 * * 1' })).toBe('Every Monday at 09:00');
    expect(scheduleInWords({ ...rest, cron: '0 9-17 * * *' })).toBe('Whenever 0 9-17 * * * says');
    expect(scheduleInWords({ kind: 'at', date: '2026-12-24', time: '09:00', zone: 'Europe/Berlin' })).toBe(
      'Dec 24, 2026 at 09:00, Europe/Berlin',
    );
  });
});
