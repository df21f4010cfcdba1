import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'ends the enrollment',
    config: {},
    expect: { decision: { kind: 'end', reason: { code: 'reached_end' } }, summary: 'People who get here are done' },
  },
  { name: 'refuses a config that is no object', config: null, expect: { invalid: [] } },
];
