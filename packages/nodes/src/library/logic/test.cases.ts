import { next, waitFor } from '../../define/decision.ts';
import type { NodeCase } from '../../define/node-case.ts';

const arms = [
  { id: 'a', label: 'As it was', weight: 1 },
  { id: 'b', label: 'Offer', weight: 2 },
  { id: 'c', label: 'Never', weight: 0 },
];
const went = (arm: string, code: string, values: Record<string, string | number>) => next(arm, { code, values });
const drawn = (arm: string, label: string) => went(arm, 'test_drawn', { arm: label });
const one = (arm: string, propensity: number, by: 'draw' | 'winner' | 'control' | 'deadline') => ({
  tests: [{ arm, propensity, by }],
});

export const cases: readonly NodeCase[] = [
  {
    name: 'gives the first arm up to its share',
    config: { arms },
    random: { perContact: 0.3333 },
    expect: {
      decision: drawn('a', 'As it was'),
      writes: one('a', 1 / 3, 'draw'),
      summary: 'As it was / Offer / Never: clicks within 24 h',
    },
  },
  {
    name: 'and the next from there, but never one without a weight',
    config: { arms },
    random: { perContact: 0.999_999 },
    expect: { decision: drawn('b', 'Offer'), writes: one('b', 2 / 3, 'draw') },
  },
  {
    name: 'whoever was given an arm stays with it, and nothing is stored again',
    config: { arms },
    random: { perContact: 0.9 },
    state: { test: { given: 'a', over: { winner: 'b' } } },
    expect: { decision: went('a', 'test_stays', { arm: 'As it was' }), writes: { tests: [] } },
  },
  {
    name: 'but for an arm that is gone',
    config: { arms },
    random: { perContact: 0.9 },
    state: { test: { given: 'gone' } },
    expect: { decision: drawn('b', 'Offer'), writes: one('b', 2 / 3, 'draw') },
  },
  {
    name: 'holds a share out',
    config: { arms, holdout: 10 },
    random: { perContact: 0.0999 },
    expect: {
      decision: went('holdout', 'test_held_out', { percent: 10 }),
      writes: one('holdout', 0.1, 'draw'),
    },
  },
  {
    name: 'for good',
    config: { arms, holdout: 10 },
    random: { perContact: 0.9 },
    state: { test: { given: 'holdout' } },
    expect: { decision: went('holdout', 'test_held_out', { percent: 10 }), writes: { tests: [] } },
  },
  {
    name: 'has the rest wait for the decision, at most as long as it says',
    config: { arms, tested: 20, wait_hours: 12 },
    random: { perContact: 0.5 },
    state: { test: { id: 'tst' } },
    expect: {
      decision: waitFor('test.decided.tst', new Date('2026-03-03T03:00:00Z'), { arrived: 'b', timeout: 'b' }),
      writes: { tests: [{ arm: 'b', propensity: 2 / 3, by: 'deadline', keepsControl: false }] },
      summary: 'As it was / Offer / Never: clicks within 24 h, 20 % first',
    },
  },
  {
    name: 'some of whom keep the control whatever wins',
    config: { arms, tested: 20, control_share: 5 },
    random: { perContact: 0.21 },
    state: { test: { id: 'tst' } },
    expect: {
      decision: waitFor('test.decided.tst', new Date('2026-03-05T15:00:00Z'), { arrived: 'a', timeout: 'a' }),
      writes: { tests: [{ arm: 'a', propensity: 1 / 3, by: 'deadline', keepsControl: true }] },
    },
  },
  {
    name: 'gives the winner to whoever comes after the decision',
    config: { arms, control_share: 10 },
    random: { perContact: 0.1 },
    state: { test: { over: { winner: 'b' } } },
    expect: { decision: went('b', 'test_winner', { arm: 'Offer' }), writes: one('b', 0.9, 'winner') },
  },
  {
    name: 'but for a share, which keeps the control',
    config: { arms, control_share: 10 },
    random: { perContact: 0.0999 },
    state: { test: { over: { winner: 'b' } } },
    expect: {
      decision: went('a', 'test_control', { arm: 'As it was', percent: 10 }),
      writes: one('a', 0.1, 'control'),
    },
  },
  {
    name: 'everybody gets the control where that has won',
    config: { arms, control_share: 10 },
    random: { perContact: 0.05 },
    state: { test: { over: { winner: 'a' } } },
    expect: { decision: went('a', 'test_winner', { arm: 'As it was' }), writes: one('a', 1, 'winner') },
  },
  {
    name: 'goes by the weights once it is over without a winner',
    config: { arms, tested: 20 },
    random: { perContact: 0.9 },
    state: { test: { over: { winner: null } } },
    expect: { decision: went('b', 'test_over', { arm: 'Offer' }), writes: one('b', 2 / 3, 'deadline') },
  },
  {
    name: 'wants a goal for what only a goal can tell',
    config: { arms, metric: { kind: 'revenue', goal: null } },
    expect: { problems: ['test_goal_missing'] },
  },
  { name: 'refuses one arm alone', config: { arms: arms.slice(0, 1) }, expect: { invalid: ['arms'] } },
  {
    name: 'refuses a control that nobody gets',
    config: { arms: [{ ...arms[0], weight: 0 }, arms[1]] },
    expect: { invalid: ['arms', 0, 'weight'] },
  },
  {
    name: 'refuses a control that is alone with a weight',
    config: { arms: [arms[0], arms[2]] },
    expect: { invalid: ['arms', 1, 'weight'] },
  },
  {
    name: 'refuses two of a name',
    config: { arms: [arms[0], { ...arms[1], label: 'As it was' }] },
    expect: { invalid: ['arms', 1, 'label'] },
  },
  {
    name: 'refuses two of an id',
    config: { arms: [arms[0], { ...arms[1], id: 'a' }] },
    expect: { invalid: ['arms', 1, 'id'] },
  },
  {
    name: 'refuses the id of those who are held out',
    config: { arms: [arms[0], { ...arms[1], id: 'holdout' }] },
    expect: { invalid: ['arms', 1, 'id'] },
  },
];
