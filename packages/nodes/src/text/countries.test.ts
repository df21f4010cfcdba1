import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { callingCode, callingCodeOf, countries, isCountry } from './countries.ts';

test('every country whose numbers can be read is known, with what they begin with', () => {
  expect(countries.map((country) => [country, callingCodeOf(country)])).toEqual(
    getCountries()
      .sort()
      .map((country) => [country, `+${getCountryCallingCode(country)}`]),
  );
});

test('each code is known at the beginning of a number', () => {
  for (const country of countries) {
    const code = callingCodeOf(country);
    expect(callingCode.exec(`${code}20255501`)?.[0]).toBe(code);
  }
});

test.each(['', 'us', 'USA', 'ZZ', 'EU'])('“%s” is no country', (code) => {
  expect([isCountry(code), callingCodeOf(code)]).toEqual([false, null]);
});
