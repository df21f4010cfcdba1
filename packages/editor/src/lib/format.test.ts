import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDate,
  formatDateSoon,
  formatInZone,
  formatPhone,
  formatRelative,
  phoneHint,
} from './format.ts';

const now = Date.parse('2026-03-10T12:00:00Z');

describe('formats', () => {
  it('says how long ago, how soon, and the date beyond a week', () => {
    expect(formatRelative('2026-03-10T11:59:30Z', now)).toBe('now');
    expect(formatRelative('2026-03-10T11:57:00Z', now)).toBe('3 minutes ago');
    expect(formatRelative('2026-03-12T12:00:00Z', now)).toBe('in 2 days');
    expect(formatRelative('2026-01-02T12:00:00Z', now)).toBe('Jan 2, 2026');
  });

  it('writes a day of the calendar as it is, in whatever zone it is read', () => {
    expect([formatDate('2026-11-01'), formatDateSoon('2026-11-01')]).toEqual(['Nov 1, 2026', 'Sun, Nov 1']);
  });

  it('never calls the present the future where clocks differ by a moment', () => {
    expect(formatRelative('2026-03-10T12:00:01Z', now)).toBe('now');
  });

  it('spaces North American numbers, and sets the country code of others apart', () => {
    expect(formatPhone('+12025550143')).toBe('+1 202 555 0143');
    expect(formatPhone('+4930901820')).toBe('+49 30901820');
    expect(formatPhone('+35312345678')).toBe('+353 12345678');
    expect([formatPhone('12345'), formatPhone('Our shop')]).toEqual(['12345', 'Our shop']);
  });

  it('hints at a number as those of a country begin', () => {
    expect(['US', 'CA', 'DE', 'IE'].map(phoneHint)).toEqual(['+1 202 555 0143', '+1 202 555 0143', '+49 …', '+353 …']);
  });

  it('writes the local time of a zone, and nothing for one that does not exist', () => {
    expect(formatInZone('Europe/Berlin', now)).toContain('13:00');
    expect(formatInZone('Mars/Base', now)).toBeNull();
  });

  it('shortens only large counts', () => {
    expect(formatCount(88_210)).toBe('88,210');
    expect(formatCount(1_234_567)).toBe('1.2M');
  });
});
