import { describe, expect, it } from 'vitest';
import { measureSample, sampleData } from './template-sample.ts';
import { checkTemplate, renderTemplate, type TemplateData } from './templates.ts';

const data: TemplateData = {
  contact: { ...sampleData.contact, last_name: null, attributes: { vip: true, left: false, points: 7 } },
  event: { type: 'order', text: null, data: { paid: true } },
  now: new Date('2026-03-02T02:30:00Z'),
};
const refusal = expect.objectContaining({ code: 'template_comparison' });

describe('the words “true” and “false”', () => {
  // Never anything else, whoever gets it.
  for (const [source, column] of [
    ["{% echo contact.first_name == 'Ann' %}", 1],
    ["Hi {%- echo contact.first_name contains 'A' -%}", 4],
    ["{{- contact.first_name != 'Ann' -}}", 1],
    ['{{ not contact.first_name }}', 1],
    ['{{ contact.first_name and not contact.last_name }}', 1],
    ['{{ contact.attributes.points > 5 | upcase }}', 1],
    ['{{ true }}', 1],
    ['{% assign v = a == b %}Hi {{ v }}', 27],
    ['{% assign v = a == b %}{% assign w = v %}{% if a %}{% echo w %}{% endif %}', 52],
    ['{% if a %}{% assign v = a == b %}{% else %}{% assign v = false %}{% endif %}{{ v }}', 77],
    ['{% case a %}{% when 1 %}{{ not a }}{% endcase %}', 25],
    ['{% unless a %}{{ a <= 1 }}{% endunless %}', 15],
  ] as const) {
    it(`are refused while they are written: ${source}`, () => {
      expect(checkTemplate(source)).toMatchObject({ code: 'template_comparison', position: { line: 1, column } });
      expect(() => renderTemplate(source, data)).toThrow(refusal);
    });
  }

  const gold = '{% assign v = false %}{% if contact.attributes.points > 5 %}{% assign v = "Gold" %}{% endif %}{{ v }}';
  const choice = "{{ contact.last_name or false | default: 'friend' }}";

  for (const source of [
    gold.replace('> 5', '> 50'),
    '{{ contact.last_name or false }}',
    '{% echo contact.last_name | default: false, allow_false: true %}',
    '{% assign v = contact.attributes.points > 5 or contact.first_name %}{{ v }}',
    '{% assign v = a == b %}{{ v | capitalize }}',
    '{% assign v = a == b %}{{ "VIP: " | append: v }}',
  ]) {
    it(`fail where they would be shown to somebody: ${source}`, () => {
      expect(checkTemplate(source)).toBeNull();
      expect(() => renderTemplate(source, data)).toThrow(refusal);
      expect(measureSample(source).characters).toBeGreaterThan(0);
    });
  }

  for (const [source, shown] of [
    [gold, 'Gold'],
    [choice, 'friend'],
    ['{% assign v = a == b %}{% if v %}yes{% endif %}{% if v and true %}!{% endif %}', 'yes!'],
    ['{% assign v = a == b %}{% assign v = "x" %}{{ v }}', 'x'],
    ['{% assign v = a == b %}{{ v | plus: 1 }}', '2'],
    ['{% if not contact.last_name %}none{% endif %}', 'none'],
    ['{% raw %}{{ a == b }}{% endraw %}{% comment %}{{ a == b }}{% endcomment %}', '{{ a == b }}'],
    // What somebody wrote about the person is shown as it is written.
    ['{{ contact.attributes.vip }} {% echo contact.attributes.left %} {{ event.data.paid }}', 'true false true'],
    ["{{ contact.attributes.vip | default: 'no' }} {{ contact.attributes.left | default: 'no' }}", 'true no'],
    ['{% assign v = contact.attributes.vip %}{{ v }} {{ v or contact.last_name }}', 'true true'],
    ['{{ contact.attributes.vip | append: "!" }} {{ "true" }}', 'true! true'],
  ] as const) {
    it(`are not meant by ${source}`, () => expect(renderTemplate(source, data)).toBe(shown));
  }
});
