import { describe, expect, it } from 'vitest';
import { maskPhone, parsePhone } from './phone-number.ts';

describe('phone numbers', () => {
  it('reads numbers as people write them', () => {
    expect(parsePhone('(202) 555-0123', 'US')).toEqual({ ok: true, e164: '+12025550123', country: 'US' });
    expect(parsePhone('+1 202 555 0123')).toEqual({ ok: true, e164: '+12025550123', country: 'US' });
    expect(parsePhone('020 7946 0123', 'gb')).toEqual({ ok: true, e164: '+442079460123', country: 'GB' });
    expect(parsePhone('0491 570 156', 'AU')).toEqual({ ok: true, e164: '+61491570156', country: 'AU' });
  });

  const refused: ReadonlyArray<readonly [string, string | undefined, string]> = [
    ['', undefined, 'phone_empty'],
    ['  ', 'US', 'phone_empty'],
    ['hello', 'US', 'phone_not_a_number'],
    ['call +12025550123', 'US', 'phone_not_a_number'],
    ['2025550123', undefined, 'phone_country_unknown'],
    ['2025550123', 'ZZ', 'phone_country_unknown'],
    ['+1202555', 'US', 'phone_too_short'],
    ['+1202555012345', 'US', 'phone_too_long'],
    ['+11005550123', 'US', 'phone_invalid'],
    ['+12025550123 ext 5', 'US', 'phone_invalid'],
  ];
  for (const [input, country, code] of refused) {
    it(`refuses ${JSON.stringify(input)} as ${code}`, () =>
      expect(parsePhone(input, country)).toEqual({ ok: false, code }));
  }

  it('masks what goes into logs', () => {
    expect(maskPhone('+12025551234')).toBe('+1•••••1234');
    expect(maskPhone('+447700900123')).toBe('+44•••••0123');
    expect(maskPhone('+353871234567')).toBe('+353•••••4567');
    expect(maskPhone('12345')).toBe('•••••45');
    expect(maskPhone('123')).toBe('•••••');
    expect(maskPhone('SIGNAL')).toBe('•••••');
  });
});
