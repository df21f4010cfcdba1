import { attributeName } from '../define/attribute-name.ts';
import { contactFieldList } from '../define/contact-fields.ts';
import type { CustomFieldType } from '../define/custom-fields.ts';
import { type Purpose, purposes } from '../define/ports.ts';
import { blockedField, consentPrefix } from './condition-facts.ts';
import type { Operator, ValueComparison } from './conditions.ts';

/** How a field's values are read. `written`: as text, or as the number that it is plainly; `any`: as the operator says. */
export type FieldType = 'text' | 'number' | 'date' | 'boolean' | 'written' | 'any';

export type ConditionField = {
  readonly field: string;
  readonly label: string;
  readonly type: FieldType;
  /** Where alone it is known: while somebody is in a flow, or in a segment. */
  readonly place?: 'flow' | 'segment';
};

/** Fields with a fixed name. Beside them stand `contact.attributes.<key>` and `event.data.<key>`. */
export const conditionFieldCatalogue: readonly ConditionField[] = [
  ...contactFieldList.map(({ name, label, type }) => ({ field: `contact.${name}`, label, type })),
  { field: 'reply.text', label: 'Reply', type: 'written', place: 'flow' },
];

const purposeLabels: Readonly<Record<Purpose, string>> = {
  marketing: 'Consent to marketing',
  transactional: 'Consent to transactional messages',
  conversational: 'Consent to conversations',
  otp: 'Consent to one-time codes',
};

/** Values that stand beside the contact: compared as any other value, in segments alone. */
export const segmentFieldCatalogue: readonly ConditionField[] = [
  ...purposes.map((purpose) => ({
    field: consentPrefix + purpose,
    label: purposeLabels[purpose],
    type: 'text' as const,
    place: 'segment' as const,
  })),
  { field: blockedField, label: 'Opted out or blocked', type: 'boolean', place: 'segment' },
];

/** Prefixes of fields whose names people choose. The key is one word of letters, digits and underscores. */
export const dynamicFieldPrefixes = ['contact.attributes.', 'event.data.'] as const;

/** How conditions read the values of a field that a workspace made up. A text may be what older values are: any. */
export const customFieldReading: Readonly<Record<CustomFieldType, FieldType>> = {
  text: 'any',
  number: 'number',
  money: 'number',
  date: 'date',
  time: 'text',
  yes_no: 'boolean',
  choice: 'text',
  list: 'text',
};

export type OperatorType = 'text' | 'number' | 'date' | 'boolean' | 'presence';

/** How each operator reads its field, and how it is called. `{value}` is the value. */
export const operators = {
  is: { type: 'text', label: 'is', phrase: '{field} is {value}' },
  is_not: { type: 'text', label: 'is not', phrase: '{field} is not {value}' },
  contains: { type: 'text', label: 'contains', phrase: '{field} contains {value}' },
  not_contains: { type: 'text', label: 'does not contain', phrase: '{field} does not contain {value}' },
  starts_with: { type: 'text', label: 'starts with', phrase: '{field} starts with {value}' },
  ends_with: { type: 'text', label: 'ends with', phrase: '{field} ends with {value}' },
  is_one_of: { type: 'text', label: 'is one of', phrase: '{field} is one of {value}' },
  is_not_one_of: { type: 'text', label: 'is none of', phrase: '{field} is none of {value}' },
  means_yes: { type: 'text', label: 'means yes', phrase: '{field} means yes' },
  means_no: { type: 'text', label: 'means no', phrase: '{field} means no' },
  '=': { type: 'number', label: 'equals', phrase: '{field} = {value}' },
  '!=': { type: 'number', label: 'does not equal', phrase: '{field} ≠ {value}' },
  '<': { type: 'number', label: 'is less than', phrase: '{field} < {value}' },
  '<=': { type: 'number', label: 'is at most', phrase: '{field} ≤ {value}' },
  '>': { type: 'number', label: 'is more than', phrase: '{field} > {value}' },
  '>=': { type: 'number', label: 'is at least', phrase: '{field} ≥ {value}' },
  between: { type: 'number', label: 'is between', phrase: '{field} is between {value}' },
  before: { type: 'date', label: 'is before', phrase: '{field} is before {value}' },
  after: { type: 'date', label: 'is after', phrase: '{field} is after {value}' },
  within_last_days: { type: 'date', label: 'is within the last days', phrase: '{field} is within the last {value}' },
  more_than_days_ago: { type: 'date', label: 'is more than days ago', phrase: '{field} is more than {value} ago' },
  is_true: { type: 'boolean', label: 'is true', phrase: '{field} is true' },
  is_false: { type: 'boolean', label: 'is false', phrase: '{field} is false' },
  is_set: { type: 'presence', label: 'is known', phrase: '{field} is known' },
  is_not_set: { type: 'presence', label: 'is not known', phrase: '{field} is not known' },
} as const satisfies Record<Operator, { type: OperatorType; label: string; phrase: string }>;

/** Finds a field by its path; null for one that does not exist. */
export function findConditionField(path: string): ConditionField | null {
  const known = [...conditionFieldCatalogue, ...segmentFieldCatalogue].find(({ field }) => field === path);
  if (known !== undefined) return known;
  const prefix = dynamicFieldPrefixes.find((candidate) => path.startsWith(candidate));
  if (prefix === undefined) return null;
  const key = path.slice(prefix.length);
  if (!attributeName.test(key)) return null;
  const field = { field: path, label: key.replaceAll('_', ' '), type: 'any' } as const;
  return prefix === 'event.data.' ? { ...field, place: 'flow' } : field;
}

/** The operators that make sense for a field. */
export function operatorsFor(type: FieldType): Operator[] {
  return operatorNames.filter((operator) => fits(type, operators[operator].type));
}

/** True where the comparison's operator reads values of the field's kind. */
export function operatorFits(field: ConditionField, comparison: ValueComparison): boolean {
  return fits(field.type, operators[comparison.op].type);
}

const operatorNames: readonly Operator[] = [
  'is',
  'is_not',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'is_one_of',
  'is_not_one_of',
  'means_yes',
  'means_no',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'before',
  'after',
  'within_last_days',
  'more_than_days_ago',
  'is_true',
  'is_false',
  'is_set',
  'is_not_set',
];

function fits(field: FieldType, operator: OperatorType): boolean {
  if (field === 'any' || operator === 'presence') return true;
  return field === 'written' ? operator === 'text' || operator === 'number' : field === operator;
}
