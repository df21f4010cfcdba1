import type { ContactField } from '@signalbox/engine/contacts/contract';
import {
  conditionFieldCatalogue,
  customFieldReading,
  findConditionField,
  operators,
  operatorsFor,
  segmentFieldCatalogue,
} from '@signalbox/nodes/flow/condition-fields';
import {
  eventPrefix,
  type FactField,
  factFieldCatalogue,
  factOperators,
  factOperatorsFor,
  findFactField,
} from '@signalbox/nodes/flow/fact-fields';
import { isRecord } from '../flow-model/json-schema.ts';
import { t, tr } from '../lib/translate.ts';
import type { Choice } from '../ui/select.tsx';

/** A condition while it is being edited: like the stored form, but values may be missing. */
export type Draft =
  | {
      readonly kind: 'comparison';
      readonly field: string;
      readonly op: string;
      readonly value: unknown;
      /** Of what happened: since when, by which flow, with which data, and what is added up. */
      readonly more?: More;
    }
  | { readonly kind: 'group'; readonly mode: GroupMode; readonly parts: readonly Draft[] };
export type Comparison = Extract<Draft, { kind: 'comparison' }>;
export type More = Readonly<Partial<Record<'within_days' | 'flow' | 'where' | 'of', unknown>>>;
/** Where a condition is asked: of those in a flow, or of everybody. */
export type Place = 'flow' | 'segment';
export type GroupMode = 'all' | 'any' | 'none' | 'not_all';

/** Reads stored JSON; anything unknown becomes an empty comparison. */
export function readCondition(value: unknown): Draft {
  if (!isRecord(value)) return emptyComparison;
  if (Array.isArray(value.all)) return { kind: 'group', mode: 'all', parts: value.all.map(readCondition) };
  if (Array.isArray(value.any)) return { kind: 'group', mode: 'any', parts: value.any.map(readCondition) };
  if (value.not !== undefined) {
    const inner = readCondition(value.not);
    if (inner.kind === 'comparison') return { kind: 'group', mode: 'none', parts: [inner] };
    if (inner.mode === 'any' || inner.mode === 'all')
      return { ...inner, mode: inner.mode === 'any' ? 'none' : 'not_all' };
    return { kind: 'group', mode: 'none', parts: [inner] };
  }
  const field = value.field;
  const op = value.op;
  return {
    kind: 'comparison',
    field: typeof field === 'string' ? field : '',
    op: typeof op === 'string' ? op : 'is_set',
    value: value.value,
    ...(typeof op === 'string' && isHappeningOperator(op) ? { more: moreOf(value) } : {}),
  };
}

const moreOf = ({ within_days, flow, where, of }: Readonly<Record<string, unknown>>): More =>
  Object.fromEntries(Object.entries({ within_days, flow, where, of }).filter(([, value]) => value !== undefined));

/** The stored form of a draft. */
export function writeCondition(draft: Draft): unknown {
  if (draft.kind === 'comparison') {
    const { field, op, value, more } = draft;
    const written = valueKind(op) === 'none' ? { field, op } : { field, op, value: value ?? blankValue(op) };
    return isHappeningOperator(op) ? { ...written, ...writtenMore(op, more) } : written;
  }
  const parts = draft.parts.map(writeCondition);
  switch (draft.mode) {
    case 'all':
      return { all: parts };
    case 'any':
      return { any: parts };
    case 'none':
      return { not: parts.length === 1 ? parts[0] : { any: parts } };
    case 'not_all':
      return { not: { all: parts } };
  }
}

export const emptyComparison: Draft = {
  kind: 'comparison',
  field: 'contact.first_name',
  op: 'is_set',
  value: undefined,
};

const writtenMore = (op: string, { of, ...rest }: More = {}): More =>
  isSumOperator(op) ? { ...rest, of: of ?? '' } : rest;

const isOwn = (op: string): op is keyof typeof factOperators => Object.hasOwn(factOperators, op);

/** Whether an operator asks what happened. */
export const isHappeningOperator = (op: string): boolean => isOwn(op) && factOperators[op].kind === 'happenings';

/** Whether an operator adds amounts up. */
export const isSumOperator = (op: string): boolean => op === 'sum_at_least' || op === 'sum_at_most';

export type ValueKind = 'none' | 'text' | 'texts' | 'number' | 'range' | 'date' | 'days' | 'member';

/** What an operator compares with. */
export function valueKind(op: string): ValueKind {
  switch (op) {
    case 'is_one_of':
    case 'is_not_one_of':
      return 'texts';
    case 'between':
      return 'range';
    case 'before':
    case 'after':
      return 'date';
    case 'within_last_days':
    case 'more_than_days_ago':
      return 'days';
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'count_at_least':
    case 'count_at_most':
    case 'sum_at_least':
    case 'sum_at_most':
      return 'number';
    case 'includes':
    case 'not_includes':
      return 'member';
    case 'happened':
    case 'never_happened':
    case 'means_yes':
    case 'means_no':
    case 'is_true':
    case 'is_false':
    case 'is_set':
    case 'is_not_set':
      return 'none';
    default:
      return 'text';
  }
}

function blankValue(op: string): unknown {
  switch (valueKind(op)) {
    case 'texts':
      return [];
    case 'number':
      return null;
    case 'range':
      return [null, null];
    case 'days':
      return 7;
    default:
      return '';
  }
}

const attributePrefix = 'contact.attributes.';

/** Fields to choose from, those of the workspace among them. Other attributes and event data are written as a path. */
export const fieldChoices = (own: readonly ContactField[], place: Place = 'flow'): Choice[] => {
  const other = place === 'flow' ? 'segment' : 'flow';
  const known = [...conditionFieldCatalogue, ...segmentFieldCatalogue].filter((field) => field.place !== other);
  return [
    ...known.map((field) => ({ value: field.field, label: tr(field.label) })),
    ...own.map(({ key, label }) => ({ value: attributePrefix + key, label })),
    ...(place === 'segment' ? factFieldCatalogue.map(({ field, label }) => ({ value: field, label: tr(label) })) : []),
  ];
};

/** The workspace's own field that a comparison reads. */
export const ownField = (field: string, own: readonly ContactField[]): ContactField | undefined =>
  own.find(({ key }) => field === attributePrefix + key);

/** A field that is written out: `plan` means the attribute `plan`. */
export function freeField(text: string): Choice | null {
  if (text === '') return null;
  const path = text.includes('.') ? text : `contact.attributes.${text.replace(/\s+/g, '_')}`;
  return findConditionField(path) === null || conditionFieldCatalogue.some((field) => field.field === path)
    ? null
    : { value: path, label: path };
}

/** What is written out where everybody is asked: `order.placed` means the event. */
export function freeFact(text: string): Choice | null {
  const path = text.startsWith(eventPrefix) ? text : eventPrefix + text.trim();
  return text !== '' && findFactField(path) !== null
    ? { value: path, label: t('condition.event_named', { name: path.slice(eventPrefix.length) }) }
    : null;
}

/** How a field is called. */
export const fieldLabel = (field: string, own: readonly ContactField[]): string =>
  ownField(field, own)?.label ?? findFactField(field)?.label ?? findConditionField(field)?.label ?? field;

/** What somebody belongs to or what happened, where a field is that. */
export const factOf = (field: string): FactField | null => findFactField(field);

/** The operators that make sense for a field; `present` as well, whatever it is, where it was chosen before. */
export function operatorChoices(field: string, own: readonly ContactField[], present?: string): Choice[] {
  const fact = findFactField(field);
  if (fact !== null) return factOperatorsFor(fact).map((op) => ({ value: op, label: tr(factOperators[op].label) }));
  const custom = ownField(field, own);
  const type = custom === undefined ? (findConditionField(field)?.type ?? 'any') : customFieldReading[custom.type];
  const kept = operatorsFor('any').filter((op) => op === present && !operatorsFor(type).includes(op));
  return [...operatorsFor(type), ...kept].map((op) => ({ value: op, label: tr(operators[op].label) }));
}

/** A comparison with another field: the operator stays where it still fits. */
export function withField(
  draft: Extract<Draft, { kind: 'comparison' }>,
  field: string,
  own: readonly ContactField[],
): Draft {
  const choices = operatorChoices(field, own);
  const op = choices.some((choice) => choice.value === draft.op) ? draft.op : (choices[0]?.value ?? 'is_set');
  // A list that was chosen is no flow.
  const kept = valueKind(op) === 'member' ? { ...draft, value: undefined } : draft;
  return withOperator({ ...kept, field }, op);
}

/** A comparison with another operator: the value stays where it has the same form. */
export function withOperator(draft: Extract<Draft, { kind: 'comparison' }>, op: string): Draft {
  return {
    ...draft,
    op,
    value: valueKind(op) === valueKind(draft.op) && draft.value !== undefined ? draft.value : blankValue(op),
  };
}
