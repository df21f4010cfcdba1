import { expect } from 'vitest';
import { statement } from '../../support/scene.ts';
import type { PlaysOf } from './pairs.ts';
import {
  bye,
  confirmation,
  finished,
  flowStopped,
  good,
  optedOut,
  question,
  replied,
  timedOut,
  toAsk,
} from './texts.ts';

/** Calls of a run before the one meant: the record, then the check with its send, then the wait. */
const send = { skip: 1 };
const wait = { skip: 2 };

/** A step call whose work is done and not committed, and what begins meanwhile. */
export const stepFirst: PlaysOf<'step'> = {
  'step, then event': async ({ failPoints, locks, keyword, text }) => {
    const held = failPoints.hold('step.before_commit', wait);
    text(keyword);
    await held.reached;
    text('yes');
    await locks.waits(statement.lockEnrollments);
    held.letGo();
    const wrote = [`${keyword}: keyword`, 'yes: reply'];
    return { ends: [finished], path: replied, got: [question, good], unsent: [], wrote };
  },
  'step, then timer': async ({ failPoints, keyword, text, sweepDueLater, waiting, comeDue }) => {
    const held = failPoints.hold('step.before_commit', wait);
    text(keyword);
    await held.reached;
    expect(await sweepDueLater(), 'nobody is due before the wait is committed').toEqual({ due: false, taken: 0 });
    held.letGo();
    await waiting();
    await comeDue();
    return { ends: [finished], path: timedOut, got: [question, bye], unsent: [], wrote: [`${keyword}: keyword`] };
  },
  'step, then STOP': async ({ failPoints, locks, keyword, text, handled }) => {
    const held = failPoints.hold('step.before_commit', send);
    const claim = failPoints.hold('claim.before_read');
    text(keyword);
    await held.reached;
    text('stop');
    await locks.waits(statement.lockEnrollments);
    held.letGo();
    await claim.reached;
    await handled('stop');
    claim.letGo();
    return {
      ends: [optedOut],
      path: [...toAsk, 'ask ended'],
      got: [confirmation],
      unsent: [`${question}: canceled opted_out`],
      wrote: [`${keyword}: keyword`, 'stop: compliance'],
    };
  },
  'step, then claim': async ({ failPoints, keyword, text, helpNeighbour, got, waiting }) => {
    const held = failPoints.hold('step.before_commit', send);
    text(keyword);
    await held.reached;
    await helpNeighbour();
    expect(got()).toEqual([]);
    held.letGo();
    await waiting();
    text('yes');
    const wrote = [`${keyword}: keyword`, 'yes: reply'];
    return { ends: [finished], path: replied, got: [question, good], unsent: [], wrote };
  },
  'step, then cancel': async ({ failPoints, locks, keyword, text, stopFlow, endFlow }) => {
    const held = failPoints.hold('step.before_commit', send);
    const claim = failPoints.hold('claim.before_read');
    text(keyword);
    await held.reached;
    const stopped = stopFlow();
    await locks.waits(statement.raiseFlag);
    held.letGo();
    expect(await stopped).toBe(true);
    await claim.reached;
    expect(await endFlow()).toBe(1);
    claim.letGo();
    return {
      ends: [flowStopped],
      path: [...toAsk, 'ask ended'],
      got: [],
      unsent: [`${question}: canceled flow_stopped`],
      wrote: [`${keyword}: keyword`],
    };
  },
};
