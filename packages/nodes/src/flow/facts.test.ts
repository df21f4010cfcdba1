import { describe, expect, it } from 'vitest';
import { sampleContact } from '../define/in-memory-ports.ts';
import type { ConditionFacts } from './condition-facts.ts';
import { type Condition, conditionSchema } from './conditions.ts';
import { describeCondition } from './describe-condition.ts';
import { evaluate } from './evaluate-condition.ts';
import { factFieldCatalogue, factOperators, factOperatorsFor, findFactField } from './fact-fields.ts';
import { validateCondition, validateSegmentCondition } from './validate-condition.ts';

const now = new Date('2026-03-02T15:00:00Z');
const list = 'lst_01jd4w7h8zqv3m5k2n9x6r0t4c';
const segment = 'seg_01jd4w7h8zqv3m5k2n9x6r0t4c';
const flow = 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c';
const order = (days: number, total: number | null) => ({
  at: new Date(now.getTime() - days * 86_400_000),
  flow: null,
  data: { total, city: 'Oslo' },
});
const facts: ConditionFacts = {
  blocked: false,
  consent: { marketing: 'granted' },
  sets: { 'contact.lists': new Set([list]) },
  happened: {
    'events.order.placed': [order(1, 0.1), order(30, 0.2), order(31, 100), order(-1, 1_000), order(2, null)],
    'messages.sent': [{ at: now, flow, data: {} }],
  },
};

const holds = (comparison: object, known: ConditionFacts | undefined = facts): boolean =>
  evaluate(
    conditionSchema.parse(comparison),
    { contact: sampleContact, event: null, ...(known === undefined ? {} : { facts: known }) },
    now,
  ).result;

const placed = { field: 'events.order.placed' };
const table: ReadonlyArray<readonly [object, boolean]> = [
  [{ field: 'contact.lists', op: 'includes', value: list }, true],
  [{ field: 'contact.lists', op: 'not_includes', value: list }, false],
  [{ field: 'contact.tags', op: 'includes', value: list }, false],
  [{ field: 'contact.segments', op: 'not_includes', value: segment }, true],
  [{ field: 'consent.marketing', op: 'is', value: 'granted' }, true],
  [{ field: 'consent.otp', op: 'is', value: 'none' }, true],
  [{ field: 'contact.blocked', op: 'is_false' }, true],
  [{ ...placed, op: 'happened' }, true],
  [{ ...placed, op: 'never_happened' }, false],
  [{ field: 'events.other', op: 'never_happened' }, true],
  // What lies ahead has not happened; the window's own end belongs to it.
  [{ ...placed, op: 'count_at_least', value: 4 }, true],
  [{ ...placed, op: 'count_at_least', value: 5 }, false],
  [{ ...placed, op: 'count_at_most', value: 3, within_days: 30 }, true],
  [{ ...placed, op: 'count_at_most', value: 2, within_days: 30 }, false],
  [{ ...placed, op: 'sum_at_least', of: 'total', value: 0.3, within_days: 30 }, true],
  [{ ...placed, op: 'sum_at_most', of: 'total', value: 0.3, within_days: 30 }, true],
  [{ ...placed, op: 'sum_at_least', of: 'toString', value: 1 }, false],
  [{ ...placed, op: 'happened', where: [{ field: 'event.data.total', op: '>', value: 50 }] }, true],
  [{ ...placed, op: 'happened', within_days: 30, where: [{ field: 'event.data.total', op: '>', value: 50 }] }, false],
  [{ ...placed, op: 'count_at_least', value: 2, where: [{ field: 'event.data.city', op: 'is', value: 'OSLO' }] }, true],
  [{ field: 'messages.sent', op: 'happened', flow }, true],
  [{ field: 'messages.sent', op: 'happened', flow: flow.replace('01', '02') }, false],
];

describe('what people belong to and did', () => {
  for (const [comparison, result] of table) {
    it(JSON.stringify(comparison), () => expect(holds(comparison)).toBe(result));
  }

  it('every operator is tried', () => {
    const tried = new Set(table.map(([comparison]) => String(Reflect.get(comparison, 'op'))));
    expect(Object.keys(factOperators).filter((op) => !tried.has(op))).toEqual([]);
  });

  it('belongs to nothing and did nothing where no facts were read', () => {
    const unknown: ReadonlyArray<readonly [object, boolean]> = [
      [{ field: 'contact.lists', op: 'includes', value: list }, false],
      [{ ...placed, op: 'never_happened' }, true],
      [{ field: 'contact.blocked', op: 'is_true' }, false],
    ];
    for (const [comparison, result] of unknown)
      expect(evaluate(conditionSchema.parse(comparison), { contact: sampleContact, event: null }, now).result).toBe(
        result,
      );
  });

  it('refuses what cannot be asked, with its place', () => {
    const code = (comparison: object) => validateSegmentCondition(conditionSchema.parse({ all: [comparison] }))[0];
    expect(code({ field: 'contact.lists', op: 'happened' })).toMatchObject({
      code: 'condition_operator_unfit',
      path: ['all', 0, 'op'],
    });
    expect(code({ field: 'contact.lists', op: 'includes', value: segment })).toMatchObject({
      code: 'condition_value_unfit',
      path: ['all', 0, 'value'],
    });
    expect(code({ field: 'events.Nope', op: 'happened' })).toMatchObject({
      code: 'condition_field_unknown',
      path: ['all', 0, 'field'],
    });
    expect(code({ ...placed, op: 'happened', flow })).toMatchObject({
      code: 'condition_flow_unfit',
      path: ['all', 0, 'flow'],
    });
    expect(code({ field: 'messages.sent', op: 'sum_at_least', of: 'x', value: 1 })).toMatchObject({
      code: 'condition_operator_unfit',
    });
    expect(code({ ...placed, op: 'happened', where: [{ field: 'contact.email', op: 'is_set' }] })).toMatchObject({
      code: 'condition_data_unfit',
      path: ['all', 0, 'where', 0, 'field'],
    });
    expect(
      code({ ...placed, op: 'happened', where: [{ field: 'event.data.x', op: 'between', value: [2, 1] }] }),
    ).toMatchObject({ code: 'condition_range_reversed', path: ['all', 0, 'where', 0, 'value'] });
    expect(code({ field: 'reply.text', op: 'is_set' })).toMatchObject({ code: 'condition_flow_only' });
    expect(code({ field: 'event.data.x', op: 'is_set' })).toMatchObject({ code: 'condition_flow_only' });
    expect(code({ field: 'consent.marketing', op: 'is', value: 'granted' })).toBeUndefined();
  });

  it('keeps what only segments know out of flows', () => {
    for (const condition of [
      { ...placed, op: 'happened' },
      { field: 'consent.otp', op: 'is', value: 'none' },
    ])
      expect(validateCondition(conditionSchema.parse(condition))).toMatchObject([{ code: 'condition_segment_only' }]);
  });

  it('reads as a sentence', () => {
    const names = new Map([
      [list, 'VIP'],
      [flow, 'Welcome'],
      ['contact.attributes.plan', 'Tariff'],
    ]);
    const says = (condition: Condition) => describeCondition(condition, names);
    expect(
      says({
        all: [
          { field: 'contact.lists', op: 'includes', value: list },
          { field: 'contact.attributes.plan', op: 'is', value: 'gold' },
          { ...placed, op: 'count_at_least', value: 3, within_days: 30 },
          { field: 'messages.delivered', op: 'never_happened', flow, within_days: 1 },
        ],
      }),
    ).toBe(
      'on the list “VIP” and Tariff is “gold” and “order.placed” at least 3 times in the last 30 days and never “Got a message” by the flow “Welcome” in the last 1 day',
    );
    expect(
      says({
        ...placed,
        op: 'sum_at_least',
        of: 'total',
        value: 1_000,
        where: [{ field: 'event.data.city', op: 'is', value: 'Oslo' }],
      }),
    ).toBe('total of “order.placed” adds up to at least 1,000 where city is “Oslo”');
  });

  it('every fact has operators, and is found by its name', () => {
    for (const fact of factFieldCatalogue) {
      expect(findFactField(fact.field)).toBe(fact);
      expect(factOperatorsFor(fact).length).toBeGreaterThan(1);
    }
  });
});
