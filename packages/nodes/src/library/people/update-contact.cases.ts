import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'sets an attribute from the reply',
    config: { assignments: [{ field: 'attributes.last_reply', value: '{{ reply.text }}' }] },
    event: { text: ' Blue ' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'next',
        reason: { code: 'contact_updated', values: { fields: 'attributes.last_reply' } },
      },
      writes: { profile: [{ field: 'attributes.last_reply', value: 'Blue' }] },
      summary: 'Set last reply to [reply text]',
    },
  },
  {
    name: 'reads what was known before, and clears what comes out empty',
    config: {
      assignments: [
        { field: 'first_name', value: 'Alex' },
        { field: 'attributes.before', value: '{{ contact.first_name }}' },
        { field: 'last_name', value: '' },
      ],
    },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'next',
        reason: { code: 'contact_updated', values: { fields: 'first_name, attributes.before, last_name' } },
      },
      writes: {
        profile: [
          { field: 'first_name', value: 'Alex' },
          { field: 'attributes.before', value: 'Sam' },
          { field: 'last_name', value: null },
        ],
      },
      summary: 'Set first name and 2 other fields',
    },
  },
  {
    name: 'fails, writing nothing, where a value does not fit its field',
    config: {
      assignments: [
        { field: 'first_name', value: 'Alex' },
        { field: 'time_zone', value: '{{ reply.text }}' },
      ],
    },
    event: { text: 'somewhere' },
    expect: {
      decision: { kind: 'fail', reason: { code: 'contact_value_invalid', values: { field: 'time_zone' } } },
      writes: {},
    },
  },
  {
    name: 'fails, and never stores Infinity or NaN, where a calculation has no result',
    config: {
      assignments: [
        { field: 'first_name', value: 'Alex' },
        { field: 'attributes.share', value: '{{ event.data.total | divided_by: event.data.people }}' },
      ],
    },
    event: { data: { total: 10, people: 0 } },
    expect: {
      decision: {
        kind: 'fail',
        reason: {
          code: 'template_failed',
          values: { problem: 'template_no_result', message: 'A calculation has no result.' },
        },
      },
      problems: ['template_no_result'],
      writes: {},
    },
  },
  {
    name: 'fails where an email is none',
    config: { assignments: [{ field: 'email', value: '{{ reply.text }}' }] },
    event: { text: 'sam at example' },
    expect: {
      decision: { kind: 'fail', reason: { code: 'contact_value_invalid', values: { field: 'email' } } },
      writes: {},
    },
  },
  {
    name: 'writes fields of the workspace as their types have it',
    config: {
      assignments: [
        { field: 'attributes.visits', value: '{{ reply.text }}' },
        { field: 'attributes.interests', value: 'Tea, Coffee' },
        { field: 'attributes.member', value: '' },
      ],
    },
    event: { text: ' 12 ' },
    state: {
      fields: [
        { key: 'visits', label: 'Visits', type: 'number', options: [], currency: null },
        { key: 'interests', label: 'Interests', type: 'list', options: ['tea', 'coffee'], currency: null },
        { key: 'member', label: 'Member', type: 'yes_no', options: [], currency: null },
      ],
    },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'next',
        reason: {
          code: 'contact_updated',
          values: { fields: 'attributes.visits, attributes.interests, attributes.member' },
        },
      },
      writes: {
        profile: [
          { field: 'attributes.visits', value: 12 },
          { field: 'attributes.interests', value: ['tea', 'coffee'] },
          { field: 'attributes.member', value: null },
        ],
      },
    },
  },
  {
    name: 'fails where a value is not of its field’s type',
    config: { assignments: [{ field: 'attributes.birthday', value: '{{ reply.text }}' }] },
    event: { text: 'in May' },
    state: { fields: [{ key: 'birthday', label: 'Birthday', type: 'date', options: [], currency: null }] },
    expect: {
      decision: { kind: 'fail', reason: { code: 'contact_value_invalid', values: { field: 'attributes.birthday' } } },
      writes: {},
    },
  },
  {
    name: 'refuses the phone number',
    config: { assignments: [{ field: 'phone', value: '+12025550123' }] },
    expect: { invalid: ['assignments', 0, 'field'] },
  },
  {
    name: 'refuses a field set twice',
    config: {
      assignments: [
        { field: 'email', value: '' },
        { field: 'email', value: '' },
      ],
    },
    expect: { invalid: ['assignments', 1, 'field'] },
  },
  {
    name: 'reports broken and unknown templates',
    config: {
      assignments: [
        { field: 'first_name', value: '{{ name }}' },
        { field: 'last_name', value: '{{ reply.text | shout }}' },
      ],
    },
    expect: { problems: ['template_unknown_variable', 'template_invalid'] },
  },
];
