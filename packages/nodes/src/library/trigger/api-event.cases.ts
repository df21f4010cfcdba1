import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'names the event',
    config: { event: 'order.placed' },
    event: { type: 'custom.order.placed', data: { total: 12 } },
    expect: {
      decision: { kind: 'next', outlet: 'next', reason: { code: 'event_reported', values: { event: 'order.placed' } } },
      summary: 'When order.placed is reported',
    },
  },
  {
    name: 'shows the description',
    config: { event: 'order.placed', description: 'Someone bought in the shop' },
    expect: {
      decision: { kind: 'next', outlet: 'next', reason: { code: 'event_reported', values: { event: 'order.placed' } } },
      summary: 'Someone bought in the shop',
    },
  },
  { name: 'needs a name', config: {}, expect: { invalid: ['event'] } },
  { name: 'refuses capitals', config: { event: 'OrderPlaced' }, expect: { invalid: ['event'] } },
  {
    name: 'refuses an event that only Signalbox records',
    config: { event: 'message.received' },
    expect: { invalid: ['event'] },
  },
  { name: 'refuses a name that could not be reported', config: { event: 'order..' }, expect: { invalid: ['event'] } },
];
