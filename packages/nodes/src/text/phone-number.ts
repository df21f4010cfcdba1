import {
  type CountryCode,
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';

export type PhoneProblem =
  | 'phone_empty'
  | 'phone_not_a_number'
  | 'phone_country_unknown'
  | 'phone_too_short'
  | 'phone_too_long'
  | 'phone_invalid';

export type ParsedPhone =
  | {
      readonly ok: true;
      readonly e164: string /** ISO 3166-1 alpha-2, or null for a number of no country. */;
      readonly country: string | null;
    }
  | { readonly ok: false; readonly code: PhoneProblem };

const problemByError: Readonly<Record<string, PhoneProblem>> = {
  NOT_A_NUMBER: 'phone_not_a_number',
  INVALID_COUNTRY: 'phone_country_unknown',
  TOO_SHORT: 'phone_too_short',
  TOO_LONG: 'phone_too_long',
  INVALID_LENGTH: 'phone_invalid',
};

const callingCode = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/**
 * Reads a phone number as a person writes it.
 *
 * @param defaultCountry ISO 3166-1 alpha-2, for numbers without a country code.
 */
export function parsePhone(input: string, defaultCountry?: string): ParsedPhone {
  if (input.trim() === '') return { ok: false, code: 'phone_empty' };
  try {
    const number = parsePhoneNumberWithError(input, { ...countryOption(defaultCountry), extract: false });
    const length = validatePhoneNumberLength(number.number);
    if (length !== undefined) return { ok: false, code: problemByError[length] ?? 'phone_invalid' };
    if (number.ext !== undefined || !number.isValid()) return { ok: false, code: 'phone_invalid' };
    return { ok: true, e164: number.number, country: number.country ?? null };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, code: problemByError[error.message] ?? 'phone_invalid' };
    throw error;
  }
}

/** A number for logs: `+1•••••1234`. Short codes and senders that are no number keep at most two characters. */
export function maskPhone(phone: string): string {
  const code = callingCode.exec(phone)?.[0];
  const digits = phone.replace(/\D/g, '');
  if (code === undefined || digits.length < 8) return `•••••${digits.length > 3 ? digits.slice(-2) : ''}`;
  return `${code}•••••${digits.slice(-4)}`;
}

function countryOption(country: string | undefined): { defaultCountry?: CountryCode } {
  const code = country?.toUpperCase();
  return code !== undefined && isSupportedCountry(code) ? { defaultCountry: code } : {};
}
