import { describe, expect, it } from 'vitest';
import { allowedFilters } from './template-engine.ts';
import { TemplateError } from './template-error.ts';
import { failureWithoutValues, measureSample, measureWorstCase, sampleData } from './template-sample.ts';
import { checkTemplate, isKnownVariable, renderTemplate, type TemplateData, templateVariables } from './templates.ts';

const data: TemplateData = {
  contact: { ...sampleData.contact, last_name: null, attributes: { plan: 'gold', points: 1_200, since: '2026-01-31' } },
  event: { type: 'message.received', text: 'hi there', data: { total: 9.5 } },
  now: new Date('2026-03-02T02:30:00Z'),
};

const rendered: ReadonlyArray<readonly [string, string]> = [
  ["Welcome {{ contact.first_name | default: 'there' }}", 'Welcome Sam'],
  ["Welcome {{ contact.last_name | default: 'there' }}", 'Welcome there'],
  ['[{{ contact.last_name }}{{ nothing.at.all }}{{ contact.attributes.none }}]', '[]'],
  ['{{ contact.attributes.plan | upcase }} {{ contact.attributes.points | plus: 1 }}', 'GOLD 1201'],
  ['{{ reply.text | capitalize | truncate: 5 }} {{ event.data.total }}', 'Hi... 9.5'],
  ['{% if contact.attributes.plan == "gold" %}yes{% else %}no{% endif %}', 'yes'],
  ['{% assign name = contact.first_name %}{{ name }}', 'Sam'],
  // Decimal numbers as people write them.
  ['{{ 1.1 | times: 3 }}', '3.3'],
  ['{{ 0.0725 | times: 100 }}', '7.25'],
  ['{{ 0.1 | plus: 0.2 }} {{ 10 | divided_by: 4.0 }} {{ 7 | divided_by: 2, true }}', '0.3 2.5 3'],
  ['{{ 1234567890123 | plus: 1 }} {{ 1234567890123.45 | plus: 1 }}', '1234567890124 1234567890124.45'],
  ['{{ 0.0000001 | plus: 0 }} {{ 1 | divided_by: 3.0 }}', '0.0000001 0.333333333333'],
  ['{{ "1,200" | plus: 1 }} {{ contact.last_name | plus: 1 }}', '1201 1'],
  // A value, and never the word “true”.
  ["Hi {{ contact.first_name or 'you' }}", 'Hi Sam'],
  ["Hi {{ contact.last_name or 'you' }}", 'Hi you'],
  ['{% if contact.last_name or contact.first_name %}a{% endif %}{% if contact.last_name and now %}b{% endif %}', 'a'],
  // Quotation marks as word processors write them.
  ['Hi {{ contact.last_name | default: ‘there’ }}', 'Hi there'],
  ['Hi {{ contact.last_name | default: “there” }}', 'Hi there'],
  ['Hi {{ contact.last_name | default: «there» }}, {{ contact.last_name | default: ″you″ }}', 'Hi there, you'],
  ["Hi {{ contact.last_name | default: 'you “there”' }} “there”", 'Hi you “there” “there”'],
];

/** Calculations without a result. */
const withoutResult = [
  'Your share is {{ event.data.total | divided_by: event.data.people }}',
  '{{ 0 | divided_by: 0 }}',
  '{{ 5 | modulo: 0 }}',
];

describe('templates', () => {
  for (const [source, expected] of rendered) {
    it(source, () => expect(renderTemplate(source, data)).toBe(expected));
  }

  it('shows times in the workspace’s zone to people without one', () => {
    const person = { ...data, contact: { ...data.contact, time_zone: null }, zone: 'Australia/Sydney' };
    expect(renderTemplate('{{ now }}|{{ now | date: "%H:%M" }}', person)).toBe('March 2, 2026 at 1:30 PM|13:30');
  });

  for (const source of withoutResult) {
    it(`has no words for ${source}`, () => {
      const zero = { ...data, event: { type: 'x', text: null, data: { total: 9.5, people: 0 } } };
      expect(() => renderTemplate(source, zero)).toThrow(expect.objectContaining({ code: 'template_no_result' }));
      expect(measureSample(source).text).not.toMatch(/NaN|Infinity/);
      expect(failureWithoutValues({ text: source, missing: [] })?.code).toBe('template_no_result');
    });
  }

  for (const source of [
    '{{ "abc" | plus: 1 }}',
    '{{ 5 | times: "two" }}',
    '{{ 1000000000000 | times: 1000000000000 }}',
  ]) {
    it(`fails instead of a number that nobody wrote: ${source}`, () => {
      expect(() => renderTemplate(source, data)).toThrow(expect.objectContaining({ code: 'template_no_result' }));
      expect(measureSample(source).text).not.toMatch(/NaN|Infinity|e\+/);
    });
  }

  const broken: ReadonlyArray<readonly [string, string, { line: number; column: number } | null]> = [
    ['Hi {{ contact.first_name', 'template_not_closed', { line: 1, column: 4 }],
    ['a\n{% if x %}b', 'template_not_closed', { line: 2, column: 1 }],
    ['{{ x | shout }}', 'template_unknown_filter', { line: 1, column: 1 }],
    ['{% include "x" %}', 'template_unknown_tag', { line: 1, column: 1 }],
    ['{% render "x" %}', 'template_unknown_tag', { line: 1, column: 1 }],
    ['{% layout "x" %}', 'template_unknown_tag', { line: 1, column: 1 }],
    ['{% block x %}{% endblock %}', 'template_unknown_tag', { line: 1, column: 1 }],
    ['{% for i in (1..9) %}{% endfor %}', 'template_unknown_tag', { line: 1, column: 1 }],
    ['{% liquid assign x = 1 %}', 'template_unknown_tag', { line: 1, column: 1 }],
    ["Hi {{ contact.first_name == 'Ann' }}", 'template_comparison', { line: 1, column: 4 }],
    ["a\n{{ contact.first_name == 'Ann' or 'x' }}", 'template_comparison', { line: 2, column: 1 }],
    ['{{ contact.attributes.tags contains "a" }}', 'template_comparison', { line: 1, column: 1 }],
    ['{% if %}{% endif %}', 'template_syntax', { line: 1, column: 6 }],
    ['x'.repeat(10_001), 'template_too_large', null],
  ];
  for (const [source, code, position] of broken) {
    it(`refuses ${source.slice(0, 40)}`, () => expect(checkTemplate(source)).toMatchObject({ code, position }));
  }

  it('signs of comparison in a quoted text are text', () => {
    expect(
      renderTemplate("{{ contact.last_name | default: 'a >= b contains c' }} >= {{ now | date: '%Y' }} > <b>", data),
    ).toBe('a >= b contains c >= 2026 > <b>');
  });

  it('every allowed filter exists', () => {
    for (const filter of allowedFilters) expect(checkTemplate(`{{ 'a' | ${filter}: 1, 1 }}`)).toBeNull();
  });

  it('lists what it reads', () => {
    expect(
      templateVariables(
        '{{ contact.first_name | default: reply.text }}{% if event.data.x %}{{ now }}{% endif %}{% assign y = 1 %}{{ y }}',
      ),
    ).toEqual(['contact.first_name', 'event.data.x', 'now', 'reply.text']);
    expect(templateVariables('{{ contact[reply.text] }}')).toEqual(['contact', 'reply.text']);
    expect(['contact.first_name', 'contact.attributes.plan', 'now'].every(isKnownVariable)).toBe(true);
    expect(
      ['first_name', 'contact', 'contact.attributes', 'contact.id', 'contact.attributes.a.b'].some(isKnownVariable),
    ).toBe(false);
  });

  it('its own words never hold a value of the contact', () => {
    const secret = { ...data, contact: { ...data.contact, first_name: 'canary'.repeat(50_000) } };
    expect(() => renderTemplate('{{ contact.first_name | append: contact.first_name }}', secret)).toThrow(
      TemplateError,
    );
    try {
      renderTemplate('{{ contact.first_name | append: contact.first_name }}', secret);
    } catch (error) {
      expect(String(error)).not.toContain('canary');
    }
  });
});

describe('the sandbox', () => {
  const empty = [
    '{{ contact.constructor }}',
    '{{ contact.__proto__ }}',
    '{{ contact["constructor"]["constructor"] }}',
    '{{ contact.first_name.constructor.name }}',
    '{{ contact.attributes.constructor }}',
    '{{ contact.attributes.hasOwnProperty }}',
    '{{ contact.attributes.__proto__.polluted }}',
    '{{ contact.created_at.getTime }}',
    '{{ now.constructor }}',
    '{{ constructor }}{{ __proto__ }}{{ toString }}{{ this }}{{ self }}',
    '{{ globalThis }}{{ process }}{{ process.env.HOME }}{{ require }}',
    '{{ reply.text.constructor.constructor }}',
    '{% assign c = "constructor" %}{{ contact[c][c] }}',
    '{{ contact.id }}',
  ];
  for (const source of empty) {
    it(`shows nothing for ${source}`, () => expect(renderTemplate(source, data)).toBe(''));
  }

  const refused = [
    "{{ 'a' | where_exp: 'x', 'x.constructor' }}",
    '{{ contact | json }}',
    '{{ contact | inspect }}',
    "{{ 'a' | raw }}",
    "{{ 'x' | map: 'constructor' }}",
    "{{ 'x' | group_by_exp: 'x', 'x' }}",
    '{% capture x %}{% endcapture %}',
    '{% tablerow i in (1..1000000) %}{% endtablerow %}',
    '{% increment x %}',
    "{% include '/etc/passwd' %}",
    "{% render '../../package.json' %}",
  ];
  for (const source of refused) {
    it(`refuses ${source}`, () => expect(() => renderTemplate(source, data)).toThrow(TemplateError));
  }

  it('stops templates that grow', () => {
    const doubling = `{% assign x = 'aaaaaaaaaa' %}${'{% assign x = x | append: x %}'.repeat(40)}{{ x }}`;
    expect(() => renderTemplate(doubling, data)).toThrow(TemplateError);
    const multiplying = `{% assign x = 'aaaaaaaaaa' %}${"{% assign x = x | replace: 'a', 'aaaaaaaaaa' %}".repeat(9)}{{ x }}`;
    expect(() => renderTemplate(multiplying, data)).toThrow(TemplateError);
    expect(() => renderTemplate("{{ now | date: '%99999999999Y' }}", data)).toThrow(TemplateError);
    expect(() => renderTemplate(`{{ (1..100000000) | size }}`, data)).toThrow(TemplateError);
  });

  it('leaves nothing behind for the next template', () => {
    renderTemplate('{% assign contact = "gone" %}{% assign __proto__ = "x" %}', data);
    expect(renderTemplate('{{ contact.first_name }}', data)).toBe('Sam');
    expect(Reflect.get({}, 'first_name')).toBeUndefined();
  });
});

describe('lengths', () => {
  const source = "Welcome {{ contact.first_name | default: 'there' }}…";

  it('of a sample and of the worst case', () => {
    expect(measureSample(source)).toMatchObject({ text: 'Welcome Sam…', encoding: 'UCS-2', segments: 1 });
    const worst = measureWorstCase(source, templateVariables(source));
    expect(worst.characters).toBe(8 + 30 + 1);
    const given = measureWorstCase(source, templateVariables(source), { 'contact.first_name': 'X'.repeat(70) });
    expect(given).toMatchObject({ characters: 79, segments: 2 });
  });

  it('of a default longer than any value', () => {
    const long = `{{ contact.first_name | default: '${'x'.repeat(50)}' }}`;
    expect(measureWorstCase(long, templateVariables(long)).characters).toBe(50);
  });

  it('of attributes and payload', () => {
    const fields = '{{ contact.attributes.plan }}{{ event.data.x }}{{ reply.text }}';
    expect(measureWorstCase(fields, templateVariables(fields)).characters).toBe(40 + 40 + 160);
  });
});
