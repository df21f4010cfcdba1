import { describe, expect, it } from 'vitest';
import type { Scalar } from '../define/contact-fields.ts';
import { sampleContact } from '../define/in-memory-ports.ts';
import { conditionFieldCatalogue, findConditionField, operators, operatorsFor } from './condition-fields.ts';
import type { ConditionRecord } from './condition-values.ts';
import { type Condition, comparisons, conditionFields, conditionSchema, maxConditionDepth } from './conditions.ts';
import { describeComparison } from './describe-comparison.ts';
import { describeCondition } from './describe-condition.ts';
import { evaluate } from './evaluate-condition.ts';
import { validateCondition } from './validate-condition.ts';

const now = new Date('2026-03-02T15:00:00Z');

function record(value: Scalar, reply: string | null = null): ConditionRecord {
  return { contact: { ...sampleContact, attributes: { x: value } }, event: { text: reply, data: { total: 10 } } };
}

function holds(comparison: object, value: Scalar): boolean {
  return evaluate(conditionSchema.parse({ field: 'contact.attributes.x', ...comparison }), record(value), now).result;
}

const scotland = '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';
const wales = '🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}';

const table: ReadonlyArray<readonly [object, readonly Scalar[], readonly Scalar[]]> = [
  [{ op: 'is', value: 'Gold' }, ['gold', ' GOLD! ', 'ｇｏｌｄ', '“gold”'], ['golden', '', null, 'old gold']],
  [{ op: 'is', value: '42' }, [42, '42'], [42.5, true]],
  [{ op: 'is', value: '5' }, [5, '5', '5!', ' 5.'], [-5, '-5', '\u22125', '.5', 0.5, '–5', '(-5)', '"-5"', '“−5”']],
  [{ op: 'is', value: '-5' }, [-5, '-5', '-5.', '–5', '\u22125', '(-5)', '"-5"'], [5, '5', '(5)']],
  [{ op: 'is', value: '5' }, ['(5)', '"5"', '...5', '- 5'], ['-5']],
  [{ op: 'is', value: 'yes' }, ['\u200eyes', 'yes\ufffc', '\u2068Yes\u2069', 'yes\u{e0020}', '\u{e0001}yes'], ['no']],
  // Flags are told apart by their tags, which mean nothing elsewhere.
  [{ op: 'is', value: scotland }, [scotland, `${scotland}!`], [wales, '🏴']],
  [{ op: 'is', value: '🏴' }, ['🏴', '🏴\u{e0067}\u{e0062}', '🏴\u{e007f}'], [scotland]],
  [{ op: 'is', value: 'DİYARBAKIR' }, ['diyarbakır', 'Diyarbakır', 'DIYARBAKIR'], ['Ankara']],
  [{ op: 'is', value: 'true' }, [true, 'True'], [false]],
  [{ op: 'is_not', value: 'Gold' }, ['golden', '', null, 7], ['gold', 'GOLD!']],
  [{ op: 'contains', value: 'new  york' }, ['I ♥ New York!'], ['newyork', null]],
  [{ op: 'contains', value: '.com' }, ['a@b.com', 'see b.com!', '.com'], ['comic', 'com', 'welcome']],
  [{ op: 'contains', value: '“gold”!' }, ['all that is gold', 'Gold'], ['silver']],
  [{ op: 'starts_with', value: '#' }, ['#1', '# x'], ['1#']],
  [{ op: 'starts_with', value: '-5' }, ['-50'], ['50']],
  [{ op: 'contains', value: '?' }, ['when?', '?'], ['when']],
  [{ op: 'not_contains', value: 'york' }, ['Rome', null, ''], ['New York']],
  [{ op: 'starts_with', value: 'so' }, ['So what', '…so what'], ['also', null]],
  [{ op: 'ends_with', value: '.com' }, ['a@b.com', 'A@B.COM.'], ['com.au', null]],
  [{ op: 'is_one_of', value: ['a', 'B'] }, ['A', 'b.'], ['c', 'ab', null]],
  [{ op: 'is_not_one_of', value: ['a', 'B'] }, ['c', null], ['A', 'b']],
  [
    { op: 'means_yes' },
    [
      'Yes!',
      'yep',
      'Yes please, both',
      '👍🏽',
      'OK',
      'sure thing',
      "I'm in",
      '👍👍',
      'OK 👍',
      'ok 😀',
      'No problem',
      'no worries!',
      'No dramas',
      'No brainer',
      'no-brainer',
      'no pb',
      'no probs',
      'No hay problema',
    ],
    [
      'No problem, I’ll be there',
      'No dramas, I’ll be there',
      'no fuss',
      '👍👎',
      'yes 👎',
      '😀',
      'no 👍',
      'no',
      'yes and no',
      'yesterday',
      'not yes',
      'maybe',
      '',
      null,
    ],
  ],
  [
    { op: 'means_no' },
    ['No', 'nope', 'no thanks', 'Nah, not for me', '👎', 'not now', '👎👎', 'no 👎', 'no 😢'],
    [
      'No problem',
      'no worries',
      'No problem, I’ll be there',
      'no 👍',
      'yes',
      'no yes',
      'No rush',
      'No hurry!',
      'No big deal',
      'no problemo',
      'No dramas',
      'No dramas mate',
      'No brainer',
      'no pb',
      'No fuss',
      'no comment',
      'No, no problem',
      'No, no worries',
      'No questions',
      'no idea',
      'north',
      'know',
      'maybe',
      null,
    ],
  ],
  [
    { op: '=', value: 10 },
    [10, '10', ' 10.0 ', '10.', '10!', '10 years', '10 years old', '10%', '١٠', '１０', '१०'],
    [11, 'ten', '', null, true, '1e1', '10 or 11', '10th', '10 Main Street 5', '1,0', '.'],
  ],
  [{ op: '=', value: 1_200 }, ['1,200', '1200.00', '1,200.', '+1,200'], ['1,20', '12,00', '1.200', ',1200']],
  [{ op: '=', value: 0.5 }, ['.5', '0.5', '٠٫٥'], ['5']],
  [
    { op: '=', value: 25 },
    ['25 👍', '25⭐', '$25', '25€', '25 €', '€ 25', '25 $!', '25。', '２５。', '२५।', '25yrs', '25kg'],
    [
      '25²',
      '2⁵',
      '25th',
      '25k',
      '25 pm',
      '25 hundred',
      '25 k',
      '25 million',
      '25 dozen',
      '25 or so',
      '25 and a half',
      '②5',
    ],
  ],
  [{ op: '=', value: -5 }, ['–5', '(-5)', '"-5"', '-$5', '\u22125'], ['5', '(5)']],
  [{ op: '!=', value: 10 }, [11, 'ten', null], [10, '10']],
  [{ op: '<', value: 10 }, [9.9, '-3'], [10, null, 'x']],
  [{ op: '<=', value: 10 }, [10, 9], [10.1, null]],
  [{ op: '>', value: 10 }, [10.1], [10, null, 'x']],
  [{ op: '>=', value: 10 }, [10, '11'], [9.9, null]],
  [{ op: 'between', value: [1, 2] }, [1, 1.5, 2, '2'], [0.9, 2.1, null]],
  [{ op: 'before', value: '2026-01-15' }, ['2026-01-14', '2026-01-14T23:59:59Z'], ['2026-01-15', 'soon', 5, null]],
  [
    { op: 'after', value: '2026-01-15T12:00:00+02:00' },
    ['2026-01-15T10:00:01Z', '2026-01-16'],
    ['2026-01-15T10:00:00Z', null],
  ],
  [
    { op: 'within_last_days', value: 2 },
    ['2026-02-28T15:00:00Z', '2026-03-02T15:00:00Z'],
    ['2026-02-28T14:59:59Z', '2026-03-02T15:00:01Z', null],
  ],
  [{ op: 'more_than_days_ago', value: 2 }, ['2026-02-28T14:59:59Z'], ['2026-02-28T15:00:00Z', null]],
  [{ op: 'is_true' }, [true, 'TRUE'], [false, 1, 'yes', null]],
  [{ op: 'is_false' }, [false, 'false'], [true, 0, '', null]],
  [{ op: 'is_set' }, ['x', 0, false], ['', ' ', null]],
  [{ op: 'is_not_set' }, ['', ' \u200b', null], ['x', 0, false]],
];

describe('comparisons', () => {
  it('every operator stands in the table', () => {
    const tested = new Set(table.map(([comparison]) => Reflect.get(comparison, 'op')));
    expect([...tested].sort()).toEqual(Object.keys(operators).sort());
    expect(operatorsFor('any').toSorted()).toEqual(Object.keys(operators).sort());
  });

  for (const [comparison, yes, no] of table) {
    const name = JSON.stringify(comparison);
    it(`${name} holds`, () => expect(yes.filter((value) => !holds(comparison, value))).toEqual([]));
    it(`${name} does not hold`, () => expect(no.filter((value) => holds(comparison, value))).toEqual([]));
  }

  it('reads every field', () => {
    const contact = {
      ...sampleContact,
      last_name: 'S',
      email: 'a@b.co',
      external_id: 'A-1',
      language: 'en',
      engagement_score: 0,
    };
    for (const { field } of conditionFieldCatalogue) {
      const found = evaluate({ field, op: 'is_set' }, { contact, event: { text: 'hi', data: {} } }, now);
      expect([field, found.result]).toEqual([field, true]);
    }
    expect(evaluate({ field: 'event.data.total', op: '=', value: 10 }, record(null), now).result).toBe(true);
  });

  it('reads nothing that is not there', () => {
    for (const field of ['contact.attributes.constructor', 'event.data.toString', 'contact.id', 'constructor']) {
      expect(evaluate({ field, op: 'is_set' }, record(null), now).result).toBe(false);
    }
    expect(evaluate({ field: 'reply.text', op: 'is_set' }, { contact: sampleContact, event: null }, now).result).toBe(
      false,
    );
  });
});

const yes: Condition = { field: 'contact.first_name', op: 'is', value: 'sam' };
const no: Condition = { field: 'contact.attributes.x', op: '=', value: 1 };

describe('groups', () => {
  const cases: ReadonlyArray<readonly [Condition, boolean, string]> = [
    [{ all: [yes, yes] }, true, 'all_true'],
    [{ all: [yes] }, true, 'comparison_true'],
    [{ all: [yes, no] }, false, 'comparison_false'],
    [{ any: [no, yes] }, true, 'comparison_true'],
    [{ any: [no, no] }, false, 'none_true'],
    [{ any: [no] }, false, 'comparison_false'],
    [{ not: no }, true, 'comparison_false'],
    [{ not: { any: [no, { not: yes }] } }, true, 'none_true'],
  ];
  for (const [condition, result, code] of cases) {
    it(JSON.stringify(condition), () => {
      expect(evaluate(condition, record(5), now)).toMatchObject({ result, reason: { code } });
    });
  }

  it('the reason of a group names what was tried, and each value once', () => {
    const fruit = (value: string): Condition => ({ field: 'reply.text', op: 'is', value });
    const plums = { contact: sampleContact, event: { text: 'plums', data: {} } };
    const says = (condition: Condition, event = plums) => {
      const { reason } = evaluate(condition, event, now);
      return describeComparison({ ...reason.values, because: reason.code });
    };
    expect(says({ any: [fruit('apples'), fruit('pears')] })).toBe(
      'none of these is true: reply is “apples”, reply is “pears” (“plums”)',
    );
    expect(says({ any: [fruit('apples'), no, { not: fruit('plums') }] })).toBe(
      'none of these is true: reply is “apples” (“plums”); x = 1 (no value); not (reply is “plums”) (“plums”)',
    );
    expect(says({ all: [fruit('plums'), { any: [no, yes] }] })).toBe(
      'all of these are true: reply is “plums” (“plums”); first name is “sam” (“Sam”)',
    );
    const many = says({ any: Array.from({ length: 20 }, (_, n) => fruit(`${n}${'x'.repeat(190)}`)) });
    expect(many).toMatch(/; and 16 more$/);
    expect(many.length).toBeLessThan(450);
    const { values = {} } = evaluate({ any: [fruit('apples'), fruit('pears')] }, plums, now).reason;
    expect(Object.values(values).filter((value) => value === 'plums')).toHaveLength(1);
  });

  it('the reason names what decided, with the values compared', () => {
    expect(evaluate({ all: [yes, no] }, record('5'), now).reason).toEqual({
      code: 'comparison_false',
      values: { field: 'contact.attributes.x', op: '=', expected: 1, actual: '5' },
    });
    expect(
      evaluate({ field: 'contact.created_at', op: 'before', value: '2027-01-01' }, record(null), now).reason.values,
    ).toMatchObject({
      actual: '2026-01-15T15:00:00.000Z',
    });
    expect(
      evaluate({ field: 'contact.attributes.x', op: 'is_one_of', value: ['a', 'b'] }, record('c'), now).reason.values,
    ).toMatchObject({
      expected: 'a, b',
    });
  });
});

describe('the language', () => {
  it('refuses what it does not know', () => {
    for (const condition of [
      {},
      { all: [] },
      { all: [yes], any: [yes] },
      { field: 'reply.text', op: 'like', value: 'x' },
      { field: 'reply.text', op: 'is' },
      { field: 'reply.text', op: 'is', value: 'x', extra: 1 },
      { field: 'x', op: 'between', value: [1] },
      { field: 'x', op: 'before', value: 'tomorrow' },
      { field: 'x', op: '=', value: '1' },
      null,
    ]) {
      expect(conditionSchema.safeParse(condition).success).toBe(false);
    }
  });

  const nested = (depth: number): unknown => (depth === 1 ? yes : { not: nested(depth - 1) });

  it('has a bounded depth and size', () => {
    expect(conditionSchema.safeParse(nested(maxConditionDepth)).success).toBe(true);
    expect(conditionSchema.safeParse(nested(maxConditionDepth + 1)).success).toBe(false);
    let endless: unknown = yes;
    for (let depth = 0; depth < 50_000; depth += 1) endless = { not: endless };
    expect(conditionSchema.safeParse(endless).success).toBe(false);
    const wide = (groups: number) => ({ any: Array(groups).fill({ all: Array(18).fill(yes) }) });
    expect(conditionSchema.safeParse(wide(5)).success).toBe(true);
    expect(conditionSchema.safeParse(wide(6)).success).toBe(false);
  });

  it('can be walked', () => {
    const condition: Condition = { all: [yes, { not: { any: [no, yes] } }] };
    expect(comparisons(condition).map(({ path }) => path.join('.'))).toEqual([
      'all.0',
      'all.1.not.any.0',
      'all.1.not.any.1',
    ]);
    expect(conditionFields(condition)).toEqual(['contact.attributes.x', 'contact.first_name']);
  });

  it('finds fields', () => {
    expect(findConditionField('contact.email')?.type).toBe('text');
    expect(findConditionField('contact.attributes.plan_name')).toEqual({
      field: 'contact.attributes.plan_name',
      label: 'plan name',
      type: 'any',
    });
    expect(
      ['contact.id', 'contact.attributes.', 'contact.attributes.a b', 'event.data.1', "event.data.a'b"].map(
        findConditionField,
      ),
    ).toEqual(Array(5).fill(null));
    expect(findConditionField('reply.text')?.type).toBe('written');
    expect(new Set(operatorsFor('written'))).toEqual(new Set([...operatorsFor('text'), ...operatorsFor('number')]));
    expect(operatorsFor('date')).toEqual([
      'before',
      'after',
      'within_last_days',
      'more_than_days_ago',
      'is_set',
      'is_not_set',
    ]);
  });

  it('reports what cannot be compared, with its place', () => {
    const condition: Condition = {
      any: [yes, { field: 'contact.email', op: '>', value: 1 }, { field: 'nope', op: 'is_set' }],
    };
    expect(validateCondition(condition)).toMatchObject([
      { code: 'condition_operator_unfit', path: ['any', 1, 'op'] },
      { code: 'condition_field_unknown', path: ['any', 2, 'field'] },
    ]);
  });

  it('reads as a sentence', () => {
    expect(describeCondition({ field: 'reply.text', op: 'means_yes' })).toBe('reply means yes');
    expect(
      describeCondition({
        all: [
          yes,
          {
            any: [
              { field: 'contact.attributes.points', op: 'between', value: [1, 1_000] },
              { field: 'contact.created_at', op: 'within_last_days', value: 1 },
            ],
          },
          { not: { field: 'event.data.City', op: 'is_one_of', value: ['Rome', 'Oslo'] } },
        ],
      }),
    ).toBe(
      'first name is “sam” and (points is between 1 and 1,000 or added is within the last 1 day) and not (City is one of “Rome”, “Oslo”)',
    );
  });
});
