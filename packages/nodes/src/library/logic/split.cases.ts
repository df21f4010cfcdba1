import { next } from '../../define/decision.ts';
import type { NodeCase } from '../../define/node-case.ts';

const shares = [
  { id: 'short', label: 'Short', percent: 30 },
  { id: 'long', label: 'Long', percent: 60 },
  { id: 'none', label: 'Nothing', percent: 10 },
];
const drawn = (id: string, share: string, percent: number) => next(id, { code: 'split', values: { share, percent } });

export const cases: readonly NodeCase[] = [
  {
    name: 'sends the first share its way',
    config: { shares },
    random: { perContact: 0.2999 },
    expect: { decision: drawn('short', 'Short', 30), summary: 'Short 30 %, Long 60 %, Nothing 10 %' },
  },
  {
    name: 'the next one from where it ends',
    config: { shares },
    random: { perContact: 0.3 },
    expect: { decision: drawn('long', 'Long', 60) },
  },
  {
    name: 'and the last one what is left',
    config: { shares },
    random: { perContact: 0.9999 },
    expect: { decision: drawn('none', 'Nothing', 10) },
  },
  {
    name: 'whoever comes by again goes the same way, whatever that visit draws',
    config: { shares },
    random: { perVisit: 0.95, perContact: 0 },
    expect: { decision: drawn('short', 'Short', 30) },
  },
  {
    name: 'or is drawn anew',
    config: { shares, again: 'anew' },
    random: { perVisit: 0.95, perContact: 0 },
    expect: { decision: drawn('none', 'Nothing', 10) },
  },
  {
    name: 'a share of nothing gets nobody',
    config: {
      shares: [
        { id: 'all', label: 'All', percent: 100 },
        { id: 'nobody', label: 'Nobody', percent: 0 },
      ],
    },
    random: { perContact: 0.999_999 },
    expect: { decision: drawn('all', 'All', 100) },
  },
  {
    name: 'refuses percentages that do not add up',
    config: { shares: shares.slice(0, 2) },
    expect: { invalid: ['shares'] },
  },
  {
    name: 'refuses one share alone',
    config: { shares: [{ id: 'all', label: 'All', percent: 100 }] },
    expect: { invalid: ['shares'] },
  },
  {
    name: 'refuses two of a name',
    config: { shares: [...shares.slice(0, 2), { id: 'none', label: 'Long', percent: 10 }] },
    expect: { invalid: ['shares', 2, 'label'] },
  },
  {
    name: 'refuses two of an id',
    config: { shares: [...shares.slice(0, 2), { id: 'long', label: 'Nothing', percent: 10 }] },
    expect: { invalid: ['shares', 2, 'id'] },
  },
  {
    name: 'refuses parts of a percent',
    config: { shares: [{ ...shares[0], percent: 29.5 }, ...shares.slice(1)] },
    expect: { invalid: ['shares', 0, 'percent'] },
  },
];
