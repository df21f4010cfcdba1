import { describe, expect, it } from 'vitest';
import { sampleContact } from '../define/in-memory-ports.ts';
import type { MissingValue } from '../define/message-text.ts';
import { fillIn, missableVariables } from './fill-in.ts';
import { sentencesOf } from './sentences.ts';

const data = {
  contact: { ...sampleContact, last_name: ' ', attributes: { plan: 'gold', tags: [], blank: '' } },
  event: { type: 'custom.order', text: null, data: { total: 0 } },
  now: new Date('2026-03-02T15:00:00Z'),
};
const fill = (text: string, ...missing: MissingValue[]) => fillIn({ text, missing }, data);
const policy = (variable: string, what: MissingValue['do'], say = ''): MissingValue => ({ variable, do: what, say });

describe('filling in', () => {
  it('says what the text names and nothing is known of; nought and no are known', () => {
    const named =
      '{{ contact.first_name }}{{ contact.last_name }}{{ contact.attributes.tags }}{{ event.data.total }}{{ reply.text }}';
    expect(fill(named)).toEqual({
      kind: 'text',
      text: 'Sam 0',
      gaps: ['contact.attributes.tags', 'contact.last_name', 'reply.text'],
    });
  });

  it.each([
    ['Dear {{ contact.last_name }}!', policy('contact.last_name', 'say', 'friend'), 'Dear friend!'],
    ['{{ contact.attributes.none | upcase }}', policy('contact.attributes.none', 'say', 'none'), 'NONE'],
    ['{{ event.data.item }} {{ reply.text }}', policy('event.data.item', 'say', 'It'), 'It'],
    ['{{ contact.created_at | date: "%Y" }}', policy('contact.created_at', 'say', 'long ago'), '2026'],
    ['{% if contact.email %}a{% else %}b{% endif %}', policy('contact.email', 'say', 'x'), 'a'],
  ])('%s with %o', (text, missing, filled) => {
    expect(fill(text, missing)).toMatchObject({ kind: 'text', text: filled });
  });

  it.each([
    ['One. Dear {{ contact.last_name }}, hello! Two.', 'One. Two.'],
    ['Dear {{ contact.last_name }},\nhello', 'hello'],
    ['Say {{ contact.attributes.plan | append: ". " }}now. And {{ contact.last_name }}?', 'Say gold. now.'],
    ['{% if contact.last_name %}A. B.{% else %}C. D.{% endif %} E.', ''],
    ['{% if contact.last_name %}A.{% endif %} B. C.', 'C.'],
    ['{% assign n = contact.last_name %}Hi {{ n }}. Bye.', 'Hi  . Bye.'],
    ['Costs 3.50 at v1.example.com. Yours, {{ contact.last_name }}', 'Costs 3.50 at v1.example.com.'],
    ['您好。{{ contact.last_name }}先生。再见。', '您好。再见。'],
  ])('leaves the sentence out of %s', (text, left) => {
    expect(fill(text, policy('contact.last_name', 'leave_out'))).toMatchObject({ kind: 'text', text: left });
  });

  it('leaves nothing out where everything is known', () => {
    expect(fill('A {{ contact.first_name }}. B.', policy('contact.first_name', 'leave_out'))).toMatchObject({
      text: 'A Sam. B.',
    });
  });

  it('names the person to be left out by what they lack', () => {
    expect(fill('{{ contact.last_name }}', policy('contact.last_name', 'skip'))).toEqual({
      kind: 'skip',
      variable: 'contact.last_name',
      gaps: ['contact.last_name'],
    });
    expect(fill('{{ contact.first_name }}', policy('contact.first_name', 'skip')).kind).toBe('text');
  });

  it('knows what people may lack: neither the time nor what a text makes up itself', () => {
    expect(missableVariables('{{ now }}{% assign x = contact.email %}{{ x }}{{ nothing.at_all }}')).toEqual([
      'contact.email',
    ]);
  });
});

describe('sentences', () => {
  it.each([
    'A. B? C!',
    '{% if a %}One. Two.{% endif %} Three.\n\nFour',
    '{% assign x = 1 %}Hi {{ x | default: "a. b" }}. Bye',
    '{% case a %}{% when 1 %}x. y.{% endcase %}. {% raw %}{{ a. }}{% endraw %} z.',
    '',
    '…!?',
  ])('joined are the text again: %s', (text) => {
    expect(
      sentencesOf(text)
        .map(({ source }) => source)
        .join(''),
    ).toBe(text);
  });
});
