import { type AttributeValue, readContactField } from '../define/contact-fields.ts';
import type { ContactView, EventView } from '../define/ports.ts';
import { foldText, isPunctuationOnly, normaliseText } from '../text/normalise.ts';
import { readWrittenNumber } from '../text/written-number.ts';
import { type ConditionFacts, readFact } from './condition-facts.ts';

/** What a condition is asked about. */
export type ConditionRecord = {
  readonly contact: Omit<ContactView, 'id'>;
  /** The event that last moved the person: its text is `reply.text`, its payload `event.data`. */
  readonly event: Pick<EventView, 'text' | 'data'> | null;
  /** What else is known of them, where it was read. */
  readonly facts?: ConditionFacts;
};

export type FieldValue = AttributeValue | Date;

/** True for the items of a list. */
export function isList(value: FieldValue): value is readonly string[] {
  return Array.isArray(value);
}

const dataPrefix = 'event.data.';

/** A value of an event's data; null where it is missing. */
export function readData(data: Readonly<Record<string, FieldValue>>, field: string): FieldValue {
  return field.startsWith(dataPrefix) ? own(data, field.slice(dataPrefix.length)) : null;
}

/** The value of a field; null where it is missing or the field does not exist. */
export function readField(record: ConditionRecord, field: string): FieldValue {
  const fact = readFact(record.facts, field);
  if (fact !== undefined) return fact;
  if (field === 'reply.text') return record.event?.text ?? null;
  if (field.startsWith(dataPrefix)) return readData(record.event?.data ?? {}, field);
  if (field.startsWith('contact.attributes.')) {
    return own(record.contact.attributes, field.slice('contact.attributes.'.length));
  }
  return field.startsWith('contact.')
    ? (readContactField(record.contact, field.slice('contact.'.length)) ?? null)
    : null;
}

/**
 * A value as text: numbers and booleans in their JSON form, dates in ISO form; null where it is missing or where nothing
 * is left of it after folding (an empty name counts as missing). A list is its items, with commas.
 */
export function asText(value: FieldValue): string | null {
  if (value === null) return null;
  const text = value instanceof Date ? value.toISOString() : isList(value) ? value.join(', ') : String(value);
  return foldText(text) === '' ? null : text;
}

const quotesAndEnd = /^["“”„«»]+|["“”„«».,!?;:…]+$/g;

/**
 * The sides of a search for a part of a text. The operand keeps what it begins with, so that `.com` is not in `comic`; the value is given
 * with the punctuation around it and without.
 */
export function searchedTexts(value: string, operand: string): { readonly values: string[]; readonly operand: string } {
  const folded = foldText(operand);
  if (isPunctuationOnly(folded)) return { values: [foldText(value)], operand: folded };
  const part = folded.replace(quotesAndEnd, '').trim();
  return { values: [normaliseText(value), foldText(value)], operand: part === '' ? folded : part };
}

/**
 * The two sides of a text comparison. Both are folded and lose the punctuation around them, unless the operand is nothing
 * but punctuation: then the value keeps its own, so that `is ?` finds a question mark.
 */
export function comparableTexts(value: string, operand: string): { readonly value: string; readonly operand: string } {
  const folded = foldText(operand);
  if (isPunctuationOnly(folded)) return { value: foldText(value), operand: folded };
  return { value: normaliseText(value), operand: normaliseText(operand) };
}

/** A value as a number: a number, or a text that is plainly one. Everything else is missing: rather than wrong. */
export function asNumber(value: FieldValue): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' ? readWrittenNumber(value) : null;
}

const isoDay = /^\d{4}-\d{2}-\d{2}$/;
const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[-+]\d{2}:\d{2})$/;

/** A value as an instant in milliseconds: a date, an RFC 3339 text with offset, or a day (its midnight in UTC). */
export function asInstant(value: FieldValue): number | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.getTime();
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const instant = isoDay.test(text) || isoInstant.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? null : instant;
}

/** A value as a boolean: a boolean, or the texts `true` and `false` in any case. */
export function asBoolean(value: FieldValue): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : null;
  return text === 'true' ? true : text === 'false' ? false : null;
}

function own<Value>(values: Readonly<Record<string, Value>>, key: string): Value | null {
  return Object.hasOwn(values, key) ? (values[key] ?? null) : null;
}
