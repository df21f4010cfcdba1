import { expect } from 'vitest';
import { until } from '../../support/harness.ts';
import { type Scene, statement } from '../../support/scene.ts';
import type { PlaysOf } from './pairs.ts';
import { bye, confirmation, finished, flowStopped, help, optedOut, question, timedOut, toWait } from './texts.ts';

const afterTimeout = [...toWait, 'wait timeout', 'bye ended'];

/** Whoever waits comes due, and the sweep that takes them out stands before its commit. */
async function holdTimer({ failPoints, comeDue }: Scene): Promise<() => void> {
  const timer = failPoints.hold('due.before_commit');
  await comeDue();
  await timer.reached;
  return timer.letGo;
}

/** A sweep that took the person out of the wait, not committed, and what begins meanwhile. */
export const timerFirst: PlaysOf<'timer'> = {
  'timer, then step': async (scene) => {
    const { keyword, bringToWait, repeatCall, position } = scene;
    await bringToWait();
    const letGo = await holdTimer(scene);
    const { result, stored } = await repeatCall('wait');
    expect(result).toEqual(stored);
    expect(await position()).toMatchObject({ waiting_event: 'message.received' });
    letGo();
    return { ends: [finished], path: timedOut, got: [question, bye], unsent: [], wrote: [`${keyword}: keyword`] };
  },
  'timer, then event': async (scene) => {
    const { locks, keyword, text, bringToWait } = scene;
    await bringToWait();
    const letGo = await holdTimer(scene);
    text('yes');
    await locks.waits(statement.lockEnrollments);
    letGo();
    const wrote = [`${keyword}: keyword`, 'yes: unhandled'];
    return { ends: [finished], path: timedOut, got: [question, bye], unsent: [], wrote };
  },
  'timer, then STOP': async (scene) => {
    const { failPoints, locks, keyword, text, bringToWait, handled } = scene;
    await bringToWait();
    const start = failPoints.hold('start.before');
    const letGo = await holdTimer(scene);
    text('stop');
    await locks.waits(statement.lockEnrollments);
    letGo();
    await start.reached;
    await handled('stop');
    start.letGo();
    const wrote = [`${keyword}: keyword`, 'stop: compliance'];
    return { ends: [optedOut], path: afterTimeout, got: [question, confirmation], unsent: [], wrote };
  },
  'timer, then claim': async (scene) => {
    const { failPoints, keyword, text, bringToWait, got, position } = scene;
    await bringToWait();
    const claim = failPoints.hold('claim.before_read');
    text('help');
    await claim.reached;
    const letGo = await holdTimer(scene);
    claim.letGo();
    await until('the claimed message to be at the carrier', () => got().length === 2);
    expect(await position()).toMatchObject({ waiting_event: 'message.received' });
    letGo();
    const wrote = [`${keyword}: keyword`, 'help: compliance'];
    return { ends: [finished], path: timedOut, got: [question, help, bye], unsent: [], wrote };
  },
  'timer, then cancel': async (scene) => {
    const { failPoints, locks, keyword, bringToWait, stopFlow, endFlow } = scene;
    await bringToWait();
    const start = failPoints.hold('start.before');
    const letGo = await holdTimer(scene);
    const stopped = stopFlow();
    await locks.waits(statement.raiseFlag);
    letGo();
    expect(await stopped).toBe(true);
    await start.reached;
    expect(await endFlow()).toBe(1);
    start.letGo();
    return { ends: [flowStopped], path: afterTimeout, got: [question], unsent: [], wrote: [`${keyword}: keyword`] };
  },
};
