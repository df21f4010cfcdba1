import type { NodeCase } from '../../define/node-case.ts';

const segment = 'seg_01jd4w7h8zqv3m5k2n9x6r0t4c';

export const cases: readonly NodeCase[] = [
  {
    name: 'lets in whoever comes',
    config: { segment },
    expect: {
      decision: { kind: 'next', outlet: 'next', reason: { code: 'segment_entered' } },
      summary: 'When somebody comes into the segment',
    },
  },
  {
    name: 'or whoever leaves',
    config: { segment, when: 'left' },
    expect: {
      decision: { kind: 'next', outlet: 'next', reason: { code: 'segment_left' } },
      summary: 'When somebody leaves the segment',
    },
  },
  { name: 'needs a segment', config: {}, expect: { invalid: ['segment'] } },
  {
    name: 'refuses the id of something else',
    config: { segment: 'lst_01jd4w7h8zqv3m5k2n9x6r0t4c' },
    expect: { problems: ['segment_unfit'] },
  },
];
