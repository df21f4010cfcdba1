import { expect } from 'vitest';
import { until } from '../../support/harness.ts';
import { type Scene, statement } from '../../support/scene.ts';
import type { PlaysOf } from './pairs.ts';
import { confirmation, optedOut, question, toAsk, toWait } from './texts.ts';

/** The person texts STOP, and what it does stands before its commit. */
export async function holdStop({ failPoints, text }: Scene): Promise<() => void> {
  const stop = failPoints.hold('inbound.before_commit');
  text('stop');
  await stop.reached;
  return stop.letGo;
}

/** A STOP whose work is done and not committed, and what begins meanwhile. */
export const stopFirst: PlaysOf<'STOP'> = {
  'STOP, then step': async (scene) => {
    const { failPoints, locks, keyword, text } = scene;
    const start = failPoints.hold('start.before');
    text(keyword);
    await start.reached;
    const letGo = await holdStop(scene);
    start.letGo();
    await locks.waits(statement.lockContact);
    letGo();
    const wrote = [`${keyword}: keyword`, 'stop: compliance'];
    return { ends: [optedOut], path: ['start next', 'record ended'], got: [confirmation], unsent: [], wrote };
  },
  'STOP, then event': async (scene) => {
    const { locks, keyword, bringToWait, elsewhere } = scene;
    await bringToWait();
    const letGo = await holdStop(scene);
    const reply = elsewhere.text('what time is it');
    await locks.waits(statement.lockContact);
    letGo();
    expect(await reply).toMatchObject({ handledBy: 'unhandled' });
    const wrote = [`${keyword}: keyword`, 'stop: compliance', 'what time is it: unhandled'];
    return { ends: [optedOut], path: [...toWait, 'wait ended'], got: [question, confirmation], unsent: [], wrote };
  },
  'STOP, then timer': async (scene) => {
    const { keyword, bringToWait, sweepDueLater } = scene;
    await bringToWait();
    const letGo = await holdStop(scene);
    expect(await sweepDueLater(), 'the timer goes round whoever is locked').toEqual({ due: true, taken: 0 });
    letGo();
    const wrote = [`${keyword}: keyword`, 'stop: compliance'];
    return { ends: [optedOut], path: [...toWait, 'wait ended'], got: [question, confirmation], unsent: [], wrote };
  },
  'STOP, then claim': async (scene) => {
    const { failPoints, keyword, text, got, states } = scene;
    const claim = failPoints.hold('claim.before_read');
    text(keyword);
    await claim.reached;
    const letGo = await holdStop(scene);
    const before = failPoints.visits('claim.after_commit');
    claim.letGo();
    await until('the claim to be over', () => failPoints.visits('claim.after_commit') > before);
    // Nobody but the STOP knows yet that the message is canceled, and the claim went round it.
    expect(await states()).toEqual(['queued']);
    expect(got()).toEqual([]);
    letGo();
    return {
      ends: [optedOut],
      path: [...toAsk, 'ask ended'],
      got: [confirmation],
      unsent: [`${question}: canceled opted_out`],
      wrote: [`${keyword}: keyword`, 'stop: compliance'],
    };
  },
  'STOP, then cancel': async (scene) => {
    const { locks, keyword, bringToWait, stopFlow, endFlow } = scene;
    await bringToWait();
    const letGo = await holdStop(scene);
    expect(await stopFlow()).toBe(true);
    const ended = endFlow();
    await locks.waits(statement.lockEnrollments);
    letGo();
    expect(await ended).toBe(0);
    const wrote = [`${keyword}: keyword`, 'stop: compliance'];
    return { ends: [optedOut], path: [...toWait, 'wait ended'], got: [question, confirmation], unsent: [], wrote };
  },
};
