import { describe, expect, it } from 'vitest';
import { templateProblems } from './template-problems.ts';

const found = (source: string) =>
  templateProblems(source, ['text']).map(({ code, values }) => (code === 'template_invalid' ? values?.message : code));
const noDate = (line: number, column: number) =>
  `A text that is to be shown as a date names none. Line ${line}, column ${column}.`;
const noResult = (line: number, column: number) => `A calculation has no result. Line ${line}, column ${column}.`;

describe('the problems of a text, while it is written', () => {
  for (const [source, messages] of [
    ["{{ '2026-02-30' | date }}", [noDate(1, 1)]],
    ["Hi\n{{ 2026 | date: '%Y' }}", [noDate(2, 1)]],
    [
      "{{ 1 | divided_by: 0 }} {% echo 'abc' | plus: 1 %} {{ 20260230 | date }}",
      [noResult(1, 1), noResult(1, 25), noDate(1, 52)],
    ],
    ["{% assign day = '2026-02-30' %}{{ day | date }}", [noDate(1, 32)]],
    ["{% assign price = 'ten' | times: 2 %}", [noResult(1, 1)]],
    ["{% if contact.attributes.plan == 'gold' %}{{ '2026-02-30' | date }}{% endif %}", [noDate(1, 43)]],
    ["{% case reply.text %}{% when 'a' %}{% else %}{{ '2026-02-30' | date }}{% endcase %}", [noDate(1, 46)]],
    ["{% assign d = '2026-02-30' %}{% unless contact.last_name %}{{ d | date }}{% endunless %}", [noDate(1, 60)]],
    ["{% if 'abc' | plus: 1 %}x{% endif %}", [noResult(1, 1)]],
  ] as const) {
    it(`tell what fails for everybody: ${source}`, () => {
      expect(found(source)).toEqual(messages);
    });
  }

  for (const [source, code] of [
    ["{{ contact.attributes.day | default: 'on day 3' | date }}", 'template_no_date'],
    ['{{ event.data.total | divided_by: event.data.people }}', 'template_no_result'],
    ['{{ contact.attributes.plan or false }}', 'template_no_words'],
  ] as const) {
    it(`tell what fails for people without a value: ${source}`, () => {
      expect(found(source)).toEqual([code]);
    });
  }

  it('tell what is too large for everybody, also where it is never sent', () => {
    expect(found("{{ now | date: '%999999d' }}")).toEqual([
      'The template takes too much time or space. Line 1, column 1.',
    ]);
  });

  for (const source of [
    '{{ contact.attributes.birthday | date }}',
    "{{ event.data.at | date: '%B %-d' }} {{ reply.text | date }} {{ contact.first_name | date }}",
    "{{ contact.attributes.day | default: '2026-03-04' | date }}",
    "{{ 'now' | date: '%s' | plus: 86400 | date }} {{ now | plus: 86400 | date }} {{ 'today' | date }}",
    "{% assign at = 'now' %}{{ at | date: '%s' | plus: 3600 | date }}",
    '{% if event.data.people > 0 %}{{ event.data.total | divided_by: event.data.people }}{% endif %}',
    '{% assign n = 0 %}{% if n > 0 %}{{ 100 | divided_by: n }}{% else %}{{ n }}{% endif %}',
    '{% assign n = 0 %}{% unless n == 0 %}{{ 100 | divided_by: n }}{% endunless %}',
    '{% assign n = event.data.n | default: 1 %}{% if n > 5 %}{% assign n = 0 %}{% else %}{{ 9 | divided_by: n }}{% endif %}',
    "{% assign d = '' %}{% if event.data.d %}{% assign d = event.data.d %}{% endif %}{{ d | date }}",
    "{% assign d = '2026-02-30' %}{% assign d = '2026-02-28' %}{{ d | date }}",
    '{{ contact[reply.text] }}',
  ]) {
    it(`are none where it depends on the person: ${source}`, () => {
      expect(found(source).filter((code) => code !== 'template_unknown_variable')).toEqual([]);
    });
  }
});
