import { describe, expect, test } from 'vitest';
import { lookOf } from '../flow/action-look.ts';
import { actionsOf } from './flow-actions.ts';

const gone = { code: 'source_gone', title: '', action: '' };
const broken = { code: 'source_broken', title: '', action: '' };

describe('what can be done with a flow', () => {
  test.each([
    ['a drawn draft', { kind: 'drawn', state: 'draft' }, ['describe', 'archive']],
    ['a drawn live one', { kind: 'drawn', state: 'live' }, ['describe', 'pause', 'stop']],
    ['a drawn paused one', { kind: 'drawn', state: 'paused' }, ['describe', 'resume', 'stop']],
    ['a drawn stopped one', { kind: 'drawn', state: 'stopped' }, ['describe', 'start', 'archive']],
    ['a code draft', { kind: 'code', state: 'draft' }, ['start']],
    ['a code draft with a broken file', { kind: 'code', state: 'draft', source_problem: broken }, ['start']],
    ['a stopped code flow', { kind: 'code', state: 'stopped' }, ['start']],
    ['a stopped code flow without its file', { kind: 'code', state: 'stopped', source_problem: gone }, ['archive']],
    ['a stopped code flow with a broken file', { kind: 'code', state: 'stopped', source_problem: broken }, ['start']],
    ['a stopped workflow', { kind: 'workflow', state: 'stopped' }, ['start']],
    ['a stopped workflow with a broken file', { kind: 'workflow', state: 'stopped', source_problem: broken }, []],
    ['a workflow that was never read', { kind: 'workflow', state: 'draft', source_problem: broken }, []],
    ['a live workflow', { kind: 'workflow', state: 'live' }, ['pause', 'stop']],
  ] as const)('%s', (_what, flow, actions) => {
    expect(actionsOf(flow)).toEqual(actions);
  });

  test('starting says whether it is for the first time', () => {
    expect(lookOf('start', { kind: 'code', state: 'draft' }).label).toBe('start.first');
    expect(lookOf('start', { kind: 'drawn', state: 'stopped' }).label).toBe('start.confirm');
  });
});
