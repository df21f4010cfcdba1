import { type Condition, conditionSchema } from '@signalbox/nodes/flow/conditions';
import { describe, expect, it } from 'vitest';
import {
  operatorChoices,
  readCondition,
  valueKind,
  withField,
  withOperator,
  writeCondition,
} from './condition-model.ts';

const stored: readonly Condition[] = [
  { field: 'reply.text', op: 'means_yes' },
  {
    all: [{ field: 'contact.first_name', op: 'is', value: 'Sam' }, { any: [{ field: 'contact.email', op: 'is_set' }] }],
  },
  { not: { field: 'contact.email', op: 'is_set' } },
  {
    not: {
      any: [
        { field: 'contact.email', op: 'is_set' },
        { field: 'contact.engagement_score', op: '>=', value: 3 },
      ],
    },
  },
  {
    not: {
      all: [
        { field: 'contact.email', op: 'is_set' },
        { field: 'contact.created_at', op: 'within_last_days', value: 7 },
      ],
    },
  },
  { field: 'contact.attributes.points', op: 'between', value: [1, 5] },
  { field: 'contact.attributes.plan', op: 'is_one_of', value: ['gold', 'silver'] },
];

describe('the condition builder', () => {
  for (const condition of stored) {
    it(`reads and writes ${JSON.stringify(condition)} unchanged`, () => {
      expect(writeCondition(readCondition(condition))).toEqual(condition);
    });
  }

  it('keeps the value while the form of the value stays the same, and blanks it otherwise', () => {
    const draft = readCondition({ field: 'contact.first_name', op: 'is', value: 'Sam' });
    if (draft.kind !== 'comparison') throw new Error('Not a comparison');
    expect(writeCondition(withOperator(draft, 'contains'))).toEqual({
      field: 'contact.first_name',
      op: 'contains',
      value: 'Sam',
    });
    expect(writeCondition(withOperator(draft, 'is_one_of'))).toEqual({
      field: 'contact.first_name',
      op: 'is_one_of',
      value: [],
    });
    expect(writeCondition(withField(draft, 'contact.engagement_score', []))).toMatchObject({
      field: 'contact.engagement_score',
      op: '=',
    });
  });

  it('offers a reply the comparisons of words and of numbers, each under a name of its own, and none of dates', () => {
    const labels = operatorChoices('reply.text', []).map(({ label }) => label);
    expect(labels).toEqual(
      expect.arrayContaining(['is', 'means yes', 'equals', 'is at least', 'is between', 'is known']),
    );
    expect(labels).not.toContain('is before');
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('knows the form of the value of every operator', () => {
    for (const choice of operatorChoices('contact.attributes.any', [])) {
      const value = {
        none: undefined,
        text: 'x',
        texts: ['x'],
        number: 1,
        range: [1, 2],
        date: '2026-01-01',
        days: 3,
        member: undefined,
      }[valueKind(choice.value)];
      const condition = {
        field: 'contact.attributes.any',
        op: choice.value,
        ...(value === undefined ? {} : { value }),
      };
      expect(conditionSchema.safeParse(condition).error?.issues ?? []).toEqual([]);
    }
  });
});
