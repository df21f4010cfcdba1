import { foldText } from '../text/normalise.ts';
import { readWrittenNumber } from '../text/written-number.ts';
import type { AttributeValue } from './contact-fields.ts';

/** What the values of a field that a workspace made up are. */
export const customFieldTypes = ['text', 'number', 'money', 'date', 'time', 'yes_no', 'choice', 'list'] as const;
export type CustomFieldType = (typeof customFieldTypes)[number];

/** A field of people that a workspace made up: the attribute of that key holds its values. */
export type CustomField = {
  readonly key: string;
  readonly label: string;
  readonly type: CustomFieldType;
  /** What may be chosen: of a choice one, of a list any that are named here, or anything where none is. */
  readonly options: readonly string[];
  /** What amounts of money are in; null for every other type. */
  readonly currency: string | null;
};

/** What is wrong with a value of each type, by the code that stands at its path. */
const unfit = {
  text: 'field_text_unfit',
  number: 'field_number_unfit',
  money: 'field_money_unfit',
  date: 'field_date_unfit',
  time: 'field_time_unfit',
  yes_no: 'field_yes_no_unfit',
  choice: 'field_choice_unfit',
  list: 'field_list_unfit',
} as const satisfies Record<CustomFieldType, string>;
export type CustomValueCode = (typeof unfit)[CustomFieldType];

export type ReadCustomValue =
  | { readonly ok: true; readonly value: AttributeValue }
  | { readonly ok: false; readonly code: CustomValueCode; readonly values: { readonly options: string } };

/** Of a list, so many items of so many characters. */
export const mostListItems = 50;
export const longestListItem = 100;
/** An amount as people write it, with a sign of a currency and commas between thousands; a number of micro-units holds it exactly. */
const amountPattern = /^(-?)(?:\p{Sc} ?)?(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,6}))?(?: ?\p{Sc})?$/u;
const dayPattern = /^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[-+]\d{2}:\d{2}))?$/;
const timePattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$/;
const yesWords: ReadonlySet<string> = new Set(['true', 'yes', 'y', '1', 'on']);
const noWords: ReadonlySet<string> = new Set(['false', 'no', 'n', '0', 'off']);

/**
 * A value as the field stores it, whoever wrote it: the API, a file, a form or a step. Empty is null. A number is a JSON number, an amount
 * an exact decimal text (`12.50`), a date `2026-11-30`, a time `09:30`, yes and no a boolean, a list an array of texts without repetition.
 */
export function readCustomValue(field: CustomField, written: unknown): ReadCustomValue {
  if (written === null || written === undefined || written === '') return { ok: true, value: null };
  if (typeof written === 'string' && written.trim() === '') return { ok: true, value: null };
  const value = readers[field.type](written, field);
  if (value !== undefined) return { ok: true, value };
  return { ok: false, code: unfit[field.type], values: { options: field.options.join(', ') } };
}

/** The key of an attribute's field, as steps name it (`attributes.plan`). */
export function attributeKey(field: string): string {
  return field.replace(/^attributes\./, '');
}

/** A text as an attribute holds it, by its field where it has one; null where it does not fit. */
export function typedText(field: CustomField | undefined, text: string): { readonly value: AttributeValue } | null {
  if (field === undefined) return { value: text === '' ? null : text };
  const read = readCustomValue(field, text);
  return read.ok ? { value: read.value } : null;
}

/** What is put into a message for a field. */
export function insertedText({ key, type }: Pick<CustomField, 'key' | 'type'>): string {
  const path = `contact.attributes.${key}`;
  if (type === 'date') return `{{ ${path} | date: "%B %-d" }}`;
  return type === 'yes_no' ? `{% if ${path} %}yes{% else %}no{% endif %}` : `{{ ${path} }}`;
}

/** A stored value as people read it: a list with commas. */
export function shownCustomValue(value: AttributeValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}

const isDay = (day: string): boolean => {
  const at = Date.parse(day);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
};

type Reader = (written: unknown, field: CustomField) => AttributeValue | undefined;

const plain = (written: unknown): string | undefined => {
  if (typeof written === 'string') return written.trim();
  return typeof written === 'number' || typeof written === 'boolean' ? String(written) : undefined;
};

const optionOf = (written: string, options: readonly string[]): string | undefined => {
  const sought = foldText(written);
  return options.find((option) => option === written) ?? options.find((option) => foldText(option) === sought);
};

const readers: Readonly<Record<CustomFieldType, Reader>> = {
  text: (written) => plain(written),
  number: (written) => {
    if (typeof written === 'number') return Number.isFinite(written) ? written : undefined;
    return typeof written === 'string' ? (readWrittenNumber(written) ?? undefined) : undefined;
  },
  money: (written) => {
    const [, sign = '', whole = '', part = ''] = amountPattern.exec(plain(written) ?? '') ?? [];
    if (whole === '') return undefined;
    return `${sign}${whole.replaceAll(',', '').replace(/^0+(?=\d)/, '')}.${part.replace(/0+$/, '').padEnd(2, '0')}`;
  },
  date: (written) => {
    const day = dayPattern.exec(plain(written) ?? '')?.[1];
    return day !== undefined && isDay(day) ? day : undefined;
  },
  time: (written) => {
    const [, hours = '', minutes = ''] = timePattern.exec(plain(written) ?? '') ?? [];
    return hours === '' ? undefined : `${hours.padStart(2, '0')}:${minutes}`;
  },
  yes_no: (written) => {
    if (typeof written === 'boolean') return written;
    const word = foldText(plain(written) ?? '');
    return yesWords.has(word) ? true : noWords.has(word) ? false : undefined;
  },
  choice: (written, { options }) => optionOf(plain(written) ?? '', options),
  list: (written, { options }) => {
    const items = Array.isArray(written) ? written : (plain(written) ?? '').split(/[,;|\n]/);
    const read: string[] = [];
    for (const item of items) {
      const text = plain(item);
      if (text === undefined || text.length > longestListItem) return undefined;
      const known = options.length === 0 ? text : text === '' ? '' : optionOf(text, options);
      if (known === undefined) return undefined;
      if (known !== '' && !read.includes(known)) read.push(known);
    }
    if (read.length > mostListItems) return undefined;
    return read.length === 0 ? null : read;
  },
};
