import { describe, expect, it } from 'vitest';
import { dayOf, daysShown, moved } from './calendar-days.ts';

describe('A calendar', () => {
  it('shows a month in whole weeks from Monday', () => {
    const days = daysShown('month', new Date(2026, 11, 10)).map(dayOf);
    expect(days).toHaveLength(35);
    expect([days[0], days.at(-1)]).toEqual(['2026-11-30', '2027-01-03']);
    expect(daysShown('month', new Date(2027, 1, 1)).map(dayOf)).toHaveLength(28);
  });

  it('shows a week from Monday', () => {
    expect(daysShown('week', new Date(2026, 11, 6)).map(dayOf)).toEqual([
      '2026-11-30',
      '2026-12-01',
      '2026-12-02',
      '2026-12-03',
      '2026-12-04',
      '2026-12-05',
      '2026-12-06',
    ]);
  });

  it('moves by what it shows', () => {
    expect(dayOf(moved('month', new Date(2026, 11, 31), 1))).toBe('2027-01-01');
    expect(dayOf(moved('week', new Date(2026, 11, 1), -1))).toBe('2026-11-24');
  });
});
