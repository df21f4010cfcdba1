import { fail, next } from '../../define/decision.ts';
import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'a division by zero reaches nobody: the person fails, with the reason',
    config: { text: 'Your share is {{ event.data.total | divided_by: event.data.people }}', purpose: 'transactional' },
    event: { type: 'order', data: { total: 12, people: 0 } },
    expect: {
      decision: fail({
        code: 'template_failed',
        values: {
          problem: 'template_no_result',
          message: 'A calculation has no result. Line 1, column 15.',
        },
      }),
    },
  },
  {
    name: 'says while it is written that some will fail',
    config: {
      text: 'A day: {{ contact.attributes.points | divided_by: contact.attributes.days }}',
      purpose: 'transactional',
    },
    expect: { problems: ['template_no_result'] },
  },
  {
    name: 'says while it is written that a date is none, whoever gets it',
    config: { text: "{% if reply.text == 'when' %}Until {{ '2026-02-30' | date: '%B %-d' }}{% endif %}" },
    expect: { problems: ['template_invalid'] },
  },
  {
    name: 'says while it is written that nobody would be shown words',
    config: { text: "{% assign known = contact.first_name != '' %}{{ known }}" },
    expect: { problems: ['template_invalid'] },
  },
  {
    name: 'the answer to a comparison reaches nobody: the person fails, with the reason',
    config: { text: '{{ contact.attributes.plan or false }}', purpose: 'transactional' },
    expect: {
      decision: fail({
        code: 'template_failed',
        values: {
          problem: 'template_comparison',
          message: 'A comparison has no words of its own. Put it into {% if … %}. Line 1, column 1.',
        },
      }),
    },
  },
  {
    name: 'sends pictures with the text',
    config: { text: 'Look', purpose: 'transactional', media: ['med_01jd4w7h8zqv3m5k2n9x6r0t4c'] },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: {
        messages: [
          {
            id: 'message-1',
            text: 'Look',
            purpose: 'transactional',
            lane: 'transactional',
            media: ['med_01jd4w7h8zqv3m5k2n9x6r0t4c'],
          },
        ],
      },
      summary: 'Picture: Look',
    },
  },
  {
    name: 'refuses what is no id of a picture',
    config: { text: 'Look', media: ['https://example.com/picture.png'] },
    expect: { invalid: ['media', 0] },
  },
  {
    name: 'fills in the text and waits for the carrier',
    config: { text: "Welcome {{ contact.first_name | default: 'there' }}", purpose: 'marketing' },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: { messages: [{ id: 'message-1', text: 'Welcome Sam', purpose: 'marketing', lane: 'journey' }] },
      summary: 'Welcome [first name]',
    },
  },
  {
    name: 'answers a text that just came in on the reply lane, with its words',
    config: { text: "{{ contact.last_name | default: 'You' }} wrote {{ reply.text }}" },
    event: { text: 'hi' },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: { messages: [{ id: 'message-1', text: 'You wrote hi', purpose: 'marketing', lane: 'reply' }] },
    },
  },
  {
    name: 'a text of yesterday is no longer answered on the reply lane',
    config: { text: 'News' },
    event: { text: 'hi', occurred_at: new Date('2026-03-01T15:00:00Z') },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: { messages: [{ id: 'message-1', text: 'News', purpose: 'marketing', lane: 'journey' }] },
    },
  },
  {
    name: 'a transactional message takes its own lane',
    config: { text: 'Your order {{ event.data.order }} is on its way', purpose: 'transactional' },
    event: { type: 'custom.order.placed', data: { order: 17 } },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: {
        messages: [
          { id: 'message-1', text: 'Your order 17 is on its way', purpose: 'transactional', lane: 'transactional' },
        ],
      },
    },
  },
  {
    name: 'leaves by not sent with the reason of the gate',
    config: { text: 'News' },
    state: { refuse: { code: 'suppressed' } },
    expect: { decision: { kind: 'next', outlet: 'not_sent', reason: { code: 'suppressed' } }, writes: {} },
  },
  {
    name: 'fails where the text comes out empty',
    config: { text: '{{ contact.last_name }}' },
    expect: { decision: { kind: 'fail', reason: { code: 'message_empty' } }, writes: {} },
  },
  {
    name: 'fails where the text comes out too long',
    config: { text: '{{ contact.attributes.story }}' },
    contact: { attributes: { story: 'x'.repeat(1_601) } },
    expect: {
      decision: { kind: 'fail', reason: { code: 'message_too_long', values: { characters: 1_601, limit: 1_600 } } },
      writes: {},
    },
  },
  {
    name: 'fails where the template cannot be filled in, without a word of the contact',
    config: { text: "{{ contact.attributes.story | replace: 'x', contact.attributes.story }}" },
    contact: { attributes: { story: 'x'.repeat(1_000) } },
    expect: {
      decision: {
        kind: 'fail',
        reason: {
          code: 'template_failed',
          values: {
            problem: 'template_too_large',
            message: 'The template takes too much time or space. Line 1, column 1.',
          },
        },
      },
      writes: {},
    },
  },
  {
    name: 'says something else, or leaves out the sentence, where something is not known',
    config: {
      text: 'Hi {{ contact.last_name }}. Your plan: {{ contact.attributes.plan }}. Bye.',
      missing: [
        { variable: 'contact.last_name', do: 'say', say: 'there' },
        { variable: 'contact.attributes.plan', do: 'leave_out' },
      ],
    },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: { messages: [{ id: 'message-1', text: 'Hi there. Bye.', purpose: 'marketing', lane: 'journey' }] },
    },
  },
  {
    name: 'leaves out whoever lacks what the text cannot do without',
    config: {
      text: 'Your code: {{ contact.attributes.code }}',
      missing: [{ variable: 'contact.attributes.code', do: 'skip' }],
    },
    expect: {
      decision: next('not_sent', { code: 'value_missing', values: { variable: 'contact.attributes.code' } }),
      writes: {},
    },
  },
  {
    name: 'takes the text of a template, in the language of the person, and says which it was',
    config: { source: 'template', template: { id: 'tpl_01jd4w7h8zqv3m5k2n9x6r0t4c', version: 2, name: 'Hello' } },
    contact: { language: 'de' },
    state: {
      findText: (sought, language) =>
        'template' in sought && sought.template.version === 2 && language === 'de'
          ? { text: 'Hallo {{ contact.last_name }}', missing: [], of: { versionId: 'version-2', language: 'de' } }
          : null,
    },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: {
        messages: [
          {
            id: 'message-1',
            text: 'Hallo',
            purpose: 'marketing',
            lane: 'journey',
            template: { versionId: 'version-2', language: 'de', gaps: true },
          },
        ],
      },
      summary: '“Hello”, version 2',
    },
  },
  {
    name: 'asks for the snippets that the text names',
    config: { text: 'Hello {{ snippet.sign_off }}' },
    state: {
      findText: (sought) =>
        'written' in sought ? { text: 'Hello, yours truly', missing: sought.written.missing, of: null } : null,
    },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: {
        messages: [{ id: 'message-1', text: 'Hello, yours truly', purpose: 'marketing', lane: 'journey' }],
      },
    },
  },
  {
    name: 'fails where the template is gone',
    config: { source: 'template', template: { id: 'tpl_01jd4w7h8zqv3m5k2n9x6r0t4c' } },
    expect: {
      decision: fail({ code: 'template_gone' }),
      writes: {},
      summary: 'A template, its newest version',
    },
  },
  {
    name: 'needs a template where it is to send one',
    config: { source: 'template' },
    expect: { invalid: ['template'] },
  },
  {
    name: 'reports what is said of a detail that the text does not name',
    config: { text: 'Hello', missing: [{ variable: 'contact.first_name', do: 'skip' }] },
    expect: { problems: ['missing_not_named'] },
  },
  { name: 'needs a text', config: { text: '' }, expect: { invalid: ['text'] } },
  {
    name: 'refuses a purpose it does not know',
    config: { text: 'Hi', purpose: 'fun' },
    expect: { invalid: ['purpose'] },
  },
  {
    name: 'reports a broken template',
    config: { text: 'Hi {{ contact.first_name' },
    expect: { problems: ['template_invalid'] },
  },
  {
    name: 'reports an unknown variable',
    config: { text: 'Hi {{ name }}' },
    expect: { problems: ['template_unknown_variable'] },
  },
  {
    name: 'reports a text too long for anyone',
    config: { text: 'x'.repeat(1_601) },
    expect: { problems: ['message_too_long'] },
  },
  {
    name: 'asks for short links where it is to, and says nothing of them where not',
    config: { text: 'See https://example.com/sale', shorten_links: true },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: {
        messages: [
          {
            id: 'message-1',
            text: 'See https://example.com/sale',
            purpose: 'marketing',
            lane: 'journey',
            shortenLinks: true,
          },
        ],
      },
    },
  },
  {
    name: 'says in its links where somebody came from, short or not',
    config: {
      text: 'See example.com/sale?utm_medium=text!',
      shorten_links: true,
      utm: { source: 'shop', medium: 'sms', campaign: 'Spring sale' },
    },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: {
        messages: [
          {
            id: 'message-1',
            text: 'See https://example.com/sale?utm_medium=text&utm_source=shop&utm_campaign=Spring%20sale!',
            purpose: 'marketing',
            lane: 'journey',
            shortenLinks: true,
          },
        ],
      },
    },
  },
  {
    name: 'counts what its links say, where they are not shortened',
    config: { text: `Look: https://example.com/${'x'.repeat(1_560)}`, utm: { campaign: 'y'.repeat(100) } },
    expect: { problems: ['message_too_long'] },
  },
  {
    name: 'puts in the person’s code of a pool',
    config: { text: 'Your code: {{ codes.spring }}' },
    state: { codes: { spring: 'SPRING-1' } },
    expect: {
      decision: { kind: 'settle', messageId: 'message-1', outlets: { sent: 'sent', notSent: 'not_sent' } },
      writes: {
        messages: [{ id: 'message-1', text: 'Your code: SPRING-1', purpose: 'marketing', lane: 'journey' }],
      },
    },
  },
  {
    name: 'leaves out whoever a pool has no code for, where the text says so',
    config: {
      text: 'Your code: {{ codes.spring }}',
      missing: [{ variable: 'codes.spring', do: 'skip' }],
    },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'not_sent',
        reason: { code: 'value_missing', values: { variable: 'codes.spring' } },
      },
      writes: { messages: [] },
    },
  },
  {
    name: 'a long link counts as the short one that takes its place',
    config: { text: `Look: https://example.com/${'x'.repeat(1_700)}`, shorten_links: true },
    expect: { problems: [] },
  },
];
