import { next } from '../../define/decision.ts';
import type { NodeCase } from '../../define/node-case.ts';

const answered = (when: string) => next('next', { code: 'text_answered', values: { when } });

export const cases: readonly NodeCase[] = [
  {
    name: 'answers any text, at most once a day',
    config: {},
    event: { text: 'hello?' },
    expect: { decision: answered('any'), summary: 'Any message, at most once a day' },
  },
  {
    name: 'answers out of opening hours, as often as somebody texts',
    config: { when: 'closed', once_a_day: false },
    event: { text: 'are you open' },
    expect: { decision: answered('closed'), summary: 'Out of opening hours' },
  },
  { name: 'answers a first text', config: { when: 'first' }, expect: { decision: answered('first') } },
  {
    name: 'answers a missed keyword',
    config: { when: 'missed', did_you_mean: true },
    event: { text: 'jion', data: { keyword: 'JOIN' } },
    expect: { decision: answered('missed'), summary: 'Missed keyword, at most once a day' },
  },
  { name: 'refuses a moment that it does not know', config: { when: 'never' }, expect: { invalid: ['when'] } },
  { name: 'refuses an empty sender', config: { senders: [' '] }, expect: { invalid: ['senders', 0] } },
];
