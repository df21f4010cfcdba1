import { describe, expect, it } from 'vitest';
import { numberSpellings } from './one-number.ts';
import {
  isPersonNumber,
  maskNumbers,
  maskPhone,
  parsePhone,
  parseSenderNumber,
  readCorrespondent,
} from './phone-number.ts';

describe('phone numbers', () => {
  it('reads numbers as people write them', () => {
    expect(parsePhone('(202) 555-0123', 'US')).toEqual({ ok: true, e164: '+12025550123', country: 'US' });
    expect(parsePhone('+1 202 555 0123')).toEqual({ ok: true, e164: '+12025550123', country: 'US' });
    expect(parsePhone('020 7946 0123', 'gb')).toEqual({ ok: true, e164: '+442079460123', country: 'GB' });
    expect(parsePhone('0491 570 156', 'AU')).toEqual({ ok: true, e164: '+61491570156', country: 'AU' });
  });

  // As spreadsheets, phones and copying leave them.
  const wrapped: ReadonlyArray<readonly [string, string]> = [
    ['\u202d+61 491 570 156\u202c', '+61491570156'],
    ['\u2068+61491570156\u2069', '+61491570156'],
    ['\u200e+12025550143', '+12025550143'],
    ['\u00a0+12025550143\u00a0', '+12025550143'],
    ['\ufeff+12025550143', '+12025550143'],
    ['＋１２０２５５５０１４３', '+12025550143'],
    ["'+12025550143", '+12025550143'],
    ['="12025550143"', '+12025550143'],
    ['"+12025550143"', '+12025550143'],
    ['tel:+12025550143', '+12025550143'],
    ['TEL: +1-202-555-0143', '+12025550143'],
    ['+43664123456.0', '+43664123456'],
    ['+62812345678.0', '+62812345678'],
    ['12025550143.0', '+12025550143'],
    ['2025550143.00', '+12025550143'],
    ['202.555.0143', '+12025550143'],
    ['+1.202.555.0143', '+12025550143'],
    ['+1 202-555.0143', '+12025550143'],
    ['+43664123456.000', '+43664123456'],
    ['+62812345678.000', '+62812345678'],
    ['+43 664 123456.0', '+43664123456'],
    ['+43-664-123456.0', '+43664123456'],
    ['+43664123456 .0', '+43664123456'],
    ['+43664123456. 0', '+43664123456'],
    ['+49 170 1234567.0', '+491701234567'],
    ['“+12025550143”', '+12025550143'],
    ['tel.: +12025550143', '+12025550143'],
    ['Phone: +12025550143', '+12025550143'],
    // In the digits of other scripts, with their decimals: never another person's.
    ['+٤٣٦٦٤١٢٣٤٥٦', '+43664123456'],
    ['+٤٣٦٦٤١٢٣٤٥٦.٠', '+43664123456'],
    ['+٤٣٦٦٤١٢٣٤٥٦٫٠', '+43664123456'],
    ['+۴۳۶۶۴۱۲۳۴۵۶٫۰۰', '+43664123456'],
    ['＋４３６６４１２３４５６．０', '+43664123456'],
    ['+४३६६४१२३४५६.०', '+43664123456'],
  ];
  for (const [input, e164] of wrapped) {
    it(`reads ${JSON.stringify(input)}`, () => expect(parsePhone(input, 'US')).toMatchObject({ ok: true, e164 }));
  }

  it('never makes a number of a spreadsheet into another person’s', () => {
    expect(parsePhone('61491570156.0', 'US').ok).toBe(false);
    expect(parsePhone('61491570156.0', 'AU')).toMatchObject({ e164: '+61491570156' });
  });

  it('a national number from a spreadsheet is the person’s own, and points between its groups stay points', () => {
    expect(parsePhone('0170 1234567.0', 'DE')).toMatchObject({ e164: '+491701234567' });
    expect(parsePhone('0664.123.4560', 'AT')).toMatchObject({ e164: '+436641234560' });
    expect(parsePhone('0664.123.456', 'AT')).toMatchObject({ e164: '+43664123456' });
    expect(parsePhone('06.12.34.56.00', 'FR')).toMatchObject({ e164: '+33612345600' });
  });

  // Decimals that are not zero, or that may as well be the last group of a number.
  for (const input of [
    '+43664123456.5',
    '(+43664123456.0)',
    '+39 312 345678.0',
    '+43664123456.125',
    '+43 664 123456.5',
    '+43 664 123456.00',
    '+43.664.123456.0',
    '43,664,123,456.0',
    '+43,664,123,456.00',
    '+٤٣٦٦٤١٢٣٤٥٦٫٥',
    '+٤٣٦٦٤١٢٣٤٥٦،٠',
    '１．２Ｅ＋１０',
    // Footnotes and numbered points.
    '+43664123456²',
    '+43664123456 ①',
  ]) {
    it(`${JSON.stringify(input)} is nobody’s number rather than another person’s`, () =>
      expect(parsePhone(input, 'AT').ok).toBe(false));
  }

  // One phone, one person: also in countries that changed how their mobiles are written.
  const same: ReadonlyArray<readonly [string, string]> = [
    ['+522221234567', '+5212221234567'],
    ['+5491123456789', '+541123456789'],
    ['+5491123456789', '+54 11 15 2345-6789'],
    ['+5511987654321', '+551187654321'],
    ['+5511987654321', '+55 (11) 98765-4321'],
  ];
  for (const [canonical, written] of same) {
    it(`${written} is the phone ${canonical}`, () => {
      expect(parsePhone(written)).toMatchObject({ ok: true, e164: canonical });
      expect(parsePhone(canonical)).toMatchObject({ ok: true, e164: canonical });
      expect(numberSpellings(canonical)[0]).toBe(canonical);
    });
  }

  it('a landline stays one, and other countries have one way to write a number', () => {
    expect(parsePhone('+55 11 3265 4321')).toMatchObject({ e164: '+551132654321' });
    expect(numberSpellings('+12025550143')).toEqual(['+12025550143']);
    expect(numberSpellings('+5212221234567')).toEqual(['+522221234567', '+5212221234567']);
  });

  it('a sender of ours is written as its provider writes it', () => {
    expect(parseSenderNumber('+541123456789')).toMatchObject({ e164: '+541123456789' });
    expect(parseSenderNumber('+43664123456.0')).toMatchObject({ e164: '+43664123456' });
    expect(parseSenderNumber('+43664123456.5').ok).toBe(false);
  });

  it('a short code or a name that texts us stays what it is', () => {
    expect(readCorrespondent('12345')).toEqual({ kind: 'other', address: '12345' });
    expect(readCorrespondent('ACMEBANK')).toEqual({ kind: 'other', address: 'ACMEBANK' });
    expect(readCorrespondent('+12345')).toEqual({ kind: 'other', address: '12345' });
    expect(readCorrespondent('+22000')).toEqual({ kind: 'other', address: '22000' });
    expect(readCorrespondent('+ACME')).toEqual({ kind: 'other', address: 'ACME' });
    expect(['12345', '+12345', '+ACME', 'ACME', '+0123456789'].some(isPersonNumber)).toBe(false);
    expect(readCorrespondent('+5212221234567')).toEqual({ kind: 'person', address: '+522221234567' });
    expect(readCorrespondent('12025550143')).toEqual({ kind: 'person', address: '+12025550143' });
    expect(readCorrespondent('+12025550143')).toEqual({ kind: 'person', address: '+12025550143' });
  });

  const refused: ReadonlyArray<readonly [string, string | undefined, string]> = [
    ['', undefined, 'phone_empty'],
    ['  ', 'US', 'phone_empty'],
    ['hello', 'US', 'phone_not_a_number'],
    ['call +12025550123', 'US', 'phone_not_a_number'],
    ['1.20256E+10', 'US', 'phone_not_a_number'],
    ['1,20256E+10', 'US', 'phone_not_a_number'],
    ['12025550143.5', 'US', 'phone_not_a_number'],
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

it('numbers in a text are masked, and everything else is kept', () => {
  expect(maskNumbers('+12025550143 at 2026-11-22T17:35:00+01:00, 12 + 3456789')).toBe(
    '+1•••••0143 at 2026-11-22T17:35:00+01:00, 12 + 3456789',
  );
});
