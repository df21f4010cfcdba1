import { expect } from 'vitest';
import { until } from '../../support/harness.ts';
import { type Scene, statement } from '../../support/scene.ts';
import type { PlaysOf } from './pairs.ts';
import {
  bye,
  confirmation,
  finished,
  flowStopped,
  good,
  help,
  optedOut,
  question,
  replied,
  timedOut,
  toAsk,
} from './texts.ts';

/** A text of ours to the person is claimed, and the claim stands before its commit. */
async function holdClaim({ failPoints, text }: Scene, trigger: string): Promise<() => void> {
  const claim = failPoints.hold('claim.before_commit');
  text(trigger);
  await claim.reached;
  return claim.letGo;
}

/** A claim whose attempt is written and not committed, and what begins meanwhile. */
export const claimFirst: PlaysOf<'claim'> = {
  'claim, then step': async (scene) => {
    const { keyword, text, repeatCall, states, got, waiting } = scene;
    const letGo = await holdClaim(scene, keyword);
    const { result, stored } = await repeatCall('check');
    expect(result).toEqual(stored);
    expect(await states(), 'the repeated call queued nothing').toEqual(['queued']);
    expect(got()).toEqual([]);
    letGo();
    await waiting();
    text('yes');
    const wrote = [`${keyword}: keyword`, 'yes: reply'];
    return { ends: [finished], path: replied, got: [question, good], unsent: [], wrote };
  },
  'claim, then event': async (scene) => {
    const { keyword, text, handled, got, waiting } = scene;
    const letGo = await holdClaim(scene, keyword);
    text('hello');
    await handled('hello');
    expect(got()).toEqual([]);
    letGo();
    await waiting();
    text('yes');
    // What was written before the question left is no answer to it.
    const wrote = [`${keyword}: keyword`, 'hello: unhandled', 'yes: reply'];
    return { ends: [finished], path: replied, got: [question, good], unsent: [], wrote };
  },
  'claim, then timer': async (scene) => {
    const { keyword, bringToWait, comeDue, position, got } = scene;
    await bringToWait();
    const letGo = await holdClaim(scene, 'help');
    await comeDue();
    await until('the timer to have moved the person', async () => (await position())?.waiting_event === null);
    expect(got()).toEqual([question]);
    letGo();
    const wrote = [`${keyword}: keyword`, 'help: compliance'];
    return { ends: [finished], path: timedOut, got: [question, help, bye], unsent: [], wrote };
  },
  'claim, then STOP': async (scene) => {
    const { locks, keyword, text } = scene;
    const letGo = await holdClaim(scene, keyword);
    text('stop');
    await locks.waits(statement.lockNumber);
    letGo();
    const wrote = [`${keyword}: keyword`, 'stop: compliance'];
    return { ends: [optedOut], path: [...toAsk, 'ask ended'], got: [question, confirmation], unsent: [], wrote };
  },
  'claim, then cancel': async (scene) => {
    const { failPoints, locks, keyword, stopFlow, endFlow } = scene;
    const post = failPoints.hold('post.before');
    const letGo = await holdClaim(scene, keyword);
    const stopped = stopFlow();
    await locks.waits(statement.raiseFlag);
    letGo();
    expect(await stopped).toBe(true);
    await post.reached;
    expect(await endFlow()).toBe(1);
    post.letGo();
    const wrote = [`${keyword}: keyword`];
    return { ends: [flowStopped], path: [...toAsk, 'ask ended'], got: [question], unsent: [], wrote };
  },
};
