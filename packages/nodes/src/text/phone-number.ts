import {
  type CountryCode,
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import { callingCode } from './countries.ts';
import { withPlainDigits } from './digits.ts';
import { canonicalNumber } from './one-number.ts';

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

/**
 * Reads a person's phone number as people and spreadsheets write it, into the one form in which that phone is stored: every path by
 * which a number comes in goes through here or `readCorrespondent`. What is not plainly a number is refused, never made into another.
 *
 * @param defaultCountry ISO 3166-1 alpha-2, for numbers without a country code.
 */
export function parsePhone(input: string, defaultCountry?: string): ParsedPhone {
  return readNumber(input, defaultCountry, canonicalNumber);
}

/** Reads the number of a sender of ours: as `parsePhone`, but written as its provider writes it. */
export function parseSenderNumber(input: string): ParsedPhone {
  return readNumber(input, undefined, (e164) => e164);
}

/**
 * Who a text came from, as a provider says it: a person's phone in its stored form, or a short code or name, which stays as it is and
 * is nobody to text.
 */
export function readCorrespondent(from: string): { readonly kind: 'person' | 'other'; readonly address: string } {
  const address = unwrap(from);
  if (isPersonNumber(address)) return { kind: 'person', address: canonicalNumber(address) };
  if (/^\d{7,15}$/.test(address)) {
    const parsed = parsePhone(`+${address}`);
    if (parsed.ok) return { kind: 'person', address: parsed.e164 };
  }
  // Only numbers of people are written with a plus: some carriers put one before a short code too.
  return { kind: 'other', address: address.replace(/^\++/, '') };
}

/** The form of a person's number, for a query as well: a short code or a name that texted us has another. */
export const personNumber = '^\\+[1-9][0-9]{6,14}$';

const isPerson = new RegExp(personNumber);

/** True for the number of a person, false for a short code or a name that texted us. */
export function isPersonNumber(address: string): boolean {
  return isPerson.test(address);
}

const invisible = /[\p{Cf}\p{Cc}\p{Cs}\ufffc]/gu;
/** `1,2E+10`, as spreadsheets write large numbers. */
const isScientific = /^\+?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
/** The digits behind the last point or comma, up to the end. */
const lastGroup = /^(.*\d)\s*[.,]\s*(\d+)\D*$/s;

/**
 * A number in plain digits without what stands around it and is none of it: marks of direction, blanks, quotation marks, a spreadsheet's
 * `="…"`, `tel:`.
 */
function unwrap(input: string): string {
  return withPlainDigits(input.normalize('NFKC'))
    .replace(invisible, '')
    .trim()
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^['’‘`"“”„«»]+|['’‘`"“”„«»]+$/g, '')
    .replace(/^(?:tel|sms|phone|mobile|cell)\.?\s*:\s*(?:\/\/)?/i, '')
    .trim();
}

/**
 * A number without the decimals that a spreadsheet gave it. Points between groups of digits stay (`202.555.0143`); null where the digits
 * behind the last one could be decimals that are not zero, or could be a group.
 */
function withoutDecimals(written: string): string | null {
  if (isScientific.test(written)) return null;
  const [, before, group] = lastGroup.exec(written) ?? [];
  if (before === undefined || group === undefined) return written;
  if (/[.,]/.test(before)) return group.length === 1 ? null : written;
  const isUnbroken = /^\+?\d{7,}$/.test(before);
  if (!isUnbroken && group.length > 2) return written;
  return /^0+$/.test(group) && (isUnbroken || group.length === 1) ? before : null;
}

function readNumber(input: string, defaultCountry: string | undefined, form: (e164: string) => string): ParsedPhone {
  const unwrapped = unwrap(input);
  if (unwrapped === '') return { ok: false, code: 'phone_empty' };
  // A raised or a circled digit is none of the number.
  const written = /\p{No}/u.test(input) ? null : withoutDecimals(unwrapped);
  if (written === null) return { ok: false, code: 'phone_not_a_number' };
  try {
    const first = parsePhoneNumberWithError(written, { ...countryOption(defaultCountry), extract: false });
    const e164 = form(first.number);
    const number = e164 === first.number ? first : parsePhoneNumberWithError(e164);
    const length = validatePhoneNumberLength(number.number);
    if (length !== undefined) return { ok: false, code: problemByError[length] ?? 'phone_invalid' };
    if (first.ext !== undefined || !number.isValid()) return { ok: false, code: 'phone_invalid' };
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

/** A number in international form, also as an address carries it. */
const writtenNumber = /(?:\+|%2B)(\d{7,15})/gi;

/** The text with every phone number masked. */
export function maskNumbers(text: string): string {
  return text.replace(writtenNumber, (_whole, digits: string) => maskPhone(`+${digits}`));
}

function countryOption(country: string | undefined): { defaultCountry?: CountryCode } {
  const code = country?.toUpperCase();
  return code !== undefined && isSupportedCountry(code) ? { defaultCountry: code } : {};
}
