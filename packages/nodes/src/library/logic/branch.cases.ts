import type { NodeCase } from '../../define/node-case.ts';

const yes = { id: 'yes', label: 'Said yes', condition: { field: 'reply.text', op: 'means_yes' } };
const fan = { id: 'fan', label: 'Fan', condition: { field: 'contact.engagement_score', op: '>=', value: 10 } };

export const cases: readonly NodeCase[] = [
  {
    name: 'takes the branch that fits and keeps what was compared',
    config: { branches: [yes] },
    event: { text: 'Yes please!' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'yes',
        reason: {
          code: 'branch_matched',
          values: {
            branch: 'Said yes',
            because: 'comparison_true',
            field: 'reply.text',
            op: 'means_yes',
            actual: 'Yes please!',
          },
        },
      },
      summary: 'If reply means yes',
    },
  },
  {
    name: 'takes the first of two that fit',
    config: { branches: [fan, yes] },
    contact: { engagement_score: 10 },
    event: { text: 'yes' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'fan',
        reason: {
          code: 'branch_matched',
          values: {
            branch: 'Fan',
            because: 'comparison_true',
            field: 'contact.engagement_score',
            op: '>=',
            expected: 10,
            actual: 10,
          },
        },
      },
      summary: 'If engagement score ≥ 10, or 1 more way',
    },
  },
  {
    name: 'reads a reply as the number that it is',
    config: { branches: [{ id: 'adult', label: 'Adult', condition: { field: 'reply.text', op: '>=', value: 18 } }] },
    event: { text: '25.' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'adult',
        reason: {
          code: 'branch_matched',
          values: {
            branch: 'Adult',
            because: 'comparison_true',
            field: 'reply.text',
            op: '>=',
            expected: 18,
            actual: '25.',
          },
        },
      },
      problems: [],
      summary: 'If reply ≥ 18',
    },
  },
  {
    name: 'everyone else, with what made the only branch fail',
    config: { branches: [fan] },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'else',
        reason: {
          code: 'no_branch_matched',
          values: {
            branches: 1,
            because: 'comparison_false',
            field: 'contact.engagement_score',
            op: '>=',
            expected: 10,
            actual: null,
            branch: 'Fan',
          },
        },
      },
    },
  },
  {
    name: 'everyone else where none of several fits',
    config: { branches: [yes, fan] },
    event: { text: 'maybe' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'else',
        reason: {
          code: 'no_branch_matched',
          values: {
            branches: 2,
            branch_1: 'Said yes',
            because_1: 'comparison_false',
            field_1: 'reply.text',
            op_1: 'means_yes',
            actual_1: 'maybe',
            branch_2: 'Fan',
            because_2: 'comparison_false',
            field_2: 'contact.engagement_score',
            op_2: '>=',
            expected_2: 10,
            actual_2: null,
          },
        },
      },
    },
  },
  {
    name: 'takes the second of two, and keeps why the first did not fit',
    config: { branches: [yes, fan] },
    contact: { engagement_score: 12 },
    event: { text: 'maybe' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'fan',
        reason: {
          code: 'branch_matched',
          values: {
            branch: 'Fan',
            because: 'comparison_true',
            field: 'contact.engagement_score',
            op: '>=',
            expected: 10,
            actual: 12,
            branch_1: 'Said yes',
            because_1: 'comparison_false',
            field_1: 'reply.text',
            op_1: 'means_yes',
            actual_1: 'maybe',
          },
        },
      },
    },
  },
  {
    name: 'keeps the values of five branches, and how many were tried',
    config: {
      branches: Array.from({ length: 6 }, (_, n) => ({
        id: `b${n}`,
        label: `B${n}`,
        condition: { field: 'contact.email', op: 'is_set' },
      })),
    },
    contact: { email: null },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'else',
        reason: {
          code: 'no_branch_matched',
          values: {
            branches: 6,
            tried: 6,
            ...Object.fromEntries(
              Array.from({ length: 5 }, (_, n) => [
                [`branch_${n + 1}`, `B${n}`],
                [`because_${n + 1}`, 'comparison_false'],
                [`field_${n + 1}`, 'contact.email'],
                [`op_${n + 1}`, 'is_set'],
                [`actual_${n + 1}`, null],
              ]).flat(),
            ),
          },
        },
      },
    },
  },
  {
    name: 'keeps what each condition of a group compared, and the value once',
    config: {
      branches: [
        {
          id: 'fruit',
          label: 'Fruit',
          condition: {
            any: [
              { field: 'reply.text', op: 'is', value: 'apples' },
              { field: 'reply.text', op: 'is', value: 'pears' },
            ],
          },
        },
      ],
    },
    event: { text: 'plums' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'else',
        reason: {
          code: 'no_branch_matched',
          values: {
            branches: 1,
            because: 'none_true',
            conditions: 2,
            c1_field: 'reply.text',
            c1_op: 'is',
            c1_expected: 'apples',
            c1_actual: 'plums',
            c2_field: 'reply.text',
            c2_op: 'is',
            c2_expected: 'pears',
            branch: 'Fruit',
          },
        },
      },
    },
  },
  {
    name: 'keeps at most 160 characters of a reply',
    config: { branches: [{ ...yes, condition: { field: 'reply.text', op: 'contains', value: 'x' } }] },
    event: { text: 'x'.repeat(500) },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'yes',
        reason: {
          code: 'branch_matched',
          values: {
            branch: 'Said yes',
            because: 'comparison_true',
            field: 'reply.text',
            op: 'contains',
            expected: 'x',
            actual: `${'x'.repeat(159)}…`,
          },
        },
      },
    },
  },
  { name: 'needs a branch', config: { branches: [] }, expect: { invalid: ['branches'] } },
  {
    name: 'refuses the name of everyone else',
    config: { branches: [{ ...yes, id: 'else' }] },
    expect: { invalid: ['branches', 0, 'id'] },
  },
  {
    name: 'refuses two branches of one name',
    config: { branches: [yes, yes] },
    expect: { invalid: ['branches', 1, 'id'] },
  },
  {
    name: 'refuses an operator without its value',
    config: { branches: [{ ...fan, condition: { field: 'contact.engagement_score', op: '>=' } }] },
    expect: { invalid: ['branches', 0, 'condition'] },
  },
  {
    name: 'reports what cannot be compared',
    config: {
      branches: [
        { ...fan, condition: { field: 'contact.shoe_size', op: '=', value: 42 } },
        { id: 'b', label: 'B', condition: { not: { field: 'contact.created_at', op: 'contains', value: 'x' } } },
        { id: 'c', label: 'C', condition: { all: [{ field: 'contact.attributes.n', op: 'between', value: [2, 1] }] } },
        { id: 'd', label: 'D', condition: { field: 'reply.text', op: 'is', value: ' ' } },
      ],
    },
    expect: {
      problems: [
        'condition_field_unknown',
        'condition_operator_unfit',
        'condition_range_reversed',
        'condition_value_empty',
      ],
    },
  },
];
