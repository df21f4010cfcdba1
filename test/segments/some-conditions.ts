import { shown } from '@signalbox/engine/http/ids';
import type { Condition } from '@signalbox/nodes/flow/conditions';
import { conditionSchema } from '@signalbox/nodes/flow/conditions';
import { validateSegmentCondition } from '@signalbox/nodes/flow/validate-condition';
import fc from 'fast-check';
import { eventTypes, known, oddTexts } from './people.ts';

const text = oddTexts.filter((written) => written !== '');
const number = fc.constantFrom(0, 5, -5, 0.5, 10, 25, 0.3, 0.8, 12.5, 100, 1e-7);
const days = fc.constantFrom(1, 2, 7, 30, 365);
const date = fc.constantFrom(
  '2026-02-28',
  '2026-03-02T15:00:00Z',
  '2026-01-15T12:00:00+02:00',
  '2026-03-01T15:00:00.001Z',
);

/** What can be compared with a value, for any field. */
const compared = (field: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.record({
      field,
      op: fc.constantFrom('is', 'is_not', 'contains', 'not_contains', 'starts_with', 'ends_with'),
      value: text,
    }),
    fc.record({
      field,
      op: fc.constantFrom('is_one_of', 'is_not_one_of'),
      value: fc.array(text, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ field, op: fc.constantFrom('=', '!=', '<', '<=', '>', '>='), value: number }),
    fc.record({ field, op: fc.constant('between'), value: fc.tuple(number, number) }),
    fc.record({ field, op: fc.constantFrom('before', 'after'), value: date }),
    fc.record({ field, op: fc.constantFrom('within_last_days', 'more_than_days_ago'), value: days }),
    fc.record({ field, op: fc.constantFrom('is_true', 'is_false', 'is_set', 'is_not_set', 'means_yes', 'means_no') }),
  );

const fields = fc.constantFrom(
  ...[
    'contact.attributes.x',
    'contact.attributes.x',
    'contact.attributes.y',
    'contact.attributes.z',
    'contact.first_name',
    'contact.last_name',
  ],
  ...[
    'contact.email',
    'contact.phone',
    'contact.created_at',
    'contact.engagement_score',
    'consent.marketing',
    'consent.otp',
    'contact.blocked',
  ],
);
const member = fc.record({
  field: fc.constantFrom('contact.lists', 'contact.tags', 'contact.segments', 'contact.flows'),
  op: fc.constantFrom('includes', 'not_includes'),
  value: fc.constantFrom(
    ...known.list.map((id) => shown('list', id)),
    ...known.segment.map((id) => shown('segment', id)),
    ...known.flow.map((id) => shown('flow', id)),
  ),
});
const window = {
  within_days: days,
  flow: fc.constantFrom(...known.flow.map((id) => shown('flow', id))),
  where: fc.array(compared(fc.constantFrom('event.data.total', 'event.data.city')), { minLength: 1, maxLength: 2 }),
};
const what = fc.constantFrom(
  ...eventTypes.map((type) => `events.${type}`),
  ...['events.other', 'messages.received', 'messages.sent', 'messages.delivered', 'messages.failed', 'links.clicked'],
  ...['flows.entered', 'flows.finished', 'activity.any'],
);
const happened = fc.oneof(
  fc.record(
    { field: what, op: fc.constantFrom('happened', 'never_happened'), ...window },
    { requiredKeys: ['field', 'op'] },
  ),
  fc.record(
    {
      field: what,
      op: fc.constantFrom('count_at_least', 'count_at_most'),
      value: fc.integer({ min: 1, max: 3 }),
      ...window,
    },
    { requiredKeys: ['field', 'op', 'value'] },
  ),
  fc.record(
    {
      field: what,
      op: fc.constantFrom('sum_at_least', 'sum_at_most'),
      of: fc.constantFrom('total', 'city', 'none'),
      value: number,
      ...window,
    },
    { requiredKeys: ['field', 'op', 'of', 'value'] },
  ),
);

const comparison: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: compared(fields) },
  { weight: 1, arbitrary: member },
  { weight: 3, arbitrary: happened },
);
const { condition } = fc.letrec<{ condition: unknown }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

const isAskable = (made: unknown): made is Condition => {
  const parsed = conditionSchema.safeParse(made);
  return parsed.success && validateSegmentCondition(parsed.data).length === 0;
};

/** Conditions that a segment may have, of every operator. */
export const someCondition: fc.Arbitrary<Condition> = condition.filter(isAskable);
/** Comparisons alone. */
export const someComparison: fc.Arbitrary<Condition> = comparison.filter(isAskable);
