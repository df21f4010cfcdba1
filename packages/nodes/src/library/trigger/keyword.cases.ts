import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'names the keyword that matched',
    config: { keywords: ['JOIN', 'Sign'], match: 'first_word' },
    event: { text: ' sign me up' },
    expect: {
      decision: { kind: 'next', outlet: 'next', reason: { code: 'keyword_matched', values: { keyword: 'SIGN' } } },
      summary: 'Someone texts JOIN or 1 other',
    },
  },
  {
    name: 'lets people in who were enrolled without a text',
    config: { keywords: ['👍'], match: 'whole_text' },
    expect: {
      decision: { kind: 'next', outlet: 'next', reason: { code: 'keyword_matched', values: { keyword: null } } },
      summary: 'Someone texts just 👍',
    },
  },
  {
    name: 'finds a phrase in the middle of a text',
    config: { keywords: ['opening  hours', 'HOURS'], match: 'phrase' },
    event: { text: 'What are your Opening hours, please?' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'next',
        reason: { code: 'keyword_matched', values: { keyword: 'OPENING HOURS' } },
      },
      summary: 'Someone texts OPENING HOURS or 1 other anywhere in a text',
    },
  },
  {
    name: 'refuses a phrase of six words',
    config: { keywords: ['one two three four five six'], match: 'phrase' },
    expect: { invalid: ['keywords', 0] },
  },
  {
    name: 'refuses hours that end before they begin',
    config: { keywords: ['JOIN'], hours: [{ days: [1], from: '17:00', to: '09:00' }] },
    expect: { invalid: ['hours', 0, 'to'] },
  },
  { name: 'needs a keyword', config: { keywords: [] }, expect: { invalid: ['keywords'] } },
  { name: 'refuses two words', config: { keywords: ['join now'] }, expect: { invalid: ['keywords', 0] } },
  {
    name: 'refuses a keyword of 41 letters',
    config: { keywords: ['a'.repeat(41)] },
    expect: { invalid: ['keywords', 0] },
  },
  {
    name: 'refuses the same keyword twice',
    config: { keywords: ['Join', 'join!'] },
    expect: { invalid: ['keywords', 1] },
  },
  {
    name: 'reports words with a fixed meaning',
    config: { keywords: ['JOIN', 'Stop', 'yes'] },
    expect: { problems: ['keyword_is_compliance_word', 'keyword_is_compliance_word'] },
  },
  {
    name: 'reports words that are read as one with a fixed meaning, and so never start anything',
    config: { keywords: ['stopp', 'stop2', 'unsub', 'stopwatch'] },
    expect: { problems: Array<string>(3).fill('keyword_is_compliance_word') },
  },
  {
    name: 'warns of a word for help of a language, and refuses HELP and what opts out there',
    config: { keywords: ['AYUDA', 'Hilfe', 'help', 'baja'] },
    expect: {
      problems: [
        'keyword_is_help_word',
        'keyword_is_help_word',
        'keyword_is_compliance_word',
        'keyword_is_compliance_word',
      ],
    },
  },
];
