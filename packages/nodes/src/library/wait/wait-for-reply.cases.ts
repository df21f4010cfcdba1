import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'waits for a text until the time is over',
    config: { timeout: { amount: 2, unit: 'days' } },
    expect: {
      decision: {
        kind: 'wait',
        event: 'message.received',
        until: new Date('2026-03-04T15:00:00Z'),
        outlets: { arrived: 'replied', timeout: 'timeout' },
      },
      summary: 'Wait up to 2 days for a reply',
    },
  },
  { name: 'needs a timeout', config: {}, expect: { invalid: ['timeout'] } },
  {
    name: 'refuses less than a minute',
    config: { timeout: { amount: 0, unit: 'minutes' } },
    expect: { invalid: ['timeout', 'amount'] },
  },
  {
    name: 'refuses more than 30 days',
    config: { timeout: { amount: 721, unit: 'hours' } },
    expect: { invalid: ['timeout', 'amount'] },
  },
];
