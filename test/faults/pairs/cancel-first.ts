import { expect } from 'vitest';
import { statement } from '../../support/scene.ts';
import type { PlaysOf } from './pairs.ts';
import { confirmation, flowStopped, question, toAsk, toWait } from './texts.ts';

const endedWaiting = [...toWait, 'wait ended'];

/** A flow's stop, or the ending of its people, done and not committed, and what begins meanwhile. */
export const cancelFirst: PlaysOf<'cancel'> = {
  'cancel, then step': async ({ failPoints, locks, keyword, text, openStop }) => {
    const start = failPoints.hold('start.before');
    text(keyword);
    await start.reached;
    const stop = await openStop();
    start.letGo();
    await locks.waits(statement.openCall);
    await stop.commit();
    const wrote = [`${keyword}: keyword`];
    return { ends: [flowStopped], path: ['start next', 'record ended'], got: [], unsent: [], wrote };
  },
  'cancel, then event': async ({ locks, keyword, text, bringToWait, openStop }) => {
    await bringToWait();
    const stop = await openStop();
    text('yes');
    await locks.waits(statement.readFlag);
    await stop.commit();
    const wrote = [`${keyword}: keyword`, 'yes: reply'];
    return { ends: [flowStopped], path: endedWaiting, got: [question], unsent: [], wrote };
  },
  'cancel, then timer': async ({ locks, keyword, bringToWait, openStop, comeDue }) => {
    await bringToWait();
    const stop = await openStop();
    await comeDue();
    await locks.waits(statement.readFlag);
    await stop.commit();
    return { ends: [flowStopped], path: endedWaiting, got: [question], unsent: [], wrote: [`${keyword}: keyword`] };
  },
  'cancel, then STOP': async ({ failPoints, locks, keyword, text, bringToWait, stopFlow, endFlow }) => {
    await bringToWait();
    expect(await stopFlow()).toBe(true);
    const ending = failPoints.hold('end_flow.before_commit');
    const ended = endFlow();
    await ending.reached;
    text('stop');
    await locks.waits(statement.lockEnrollments);
    ending.letGo();
    expect(await ended).toBe(1);
    const wrote = [`${keyword}: keyword`, 'stop: compliance'];
    return { ends: [flowStopped], path: endedWaiting, got: [question, confirmation], unsent: [], wrote };
  },
  'cancel, then claim': async ({ failPoints, locks, keyword, text, openStop }) => {
    const claim = failPoints.hold('claim.before_read');
    text(keyword);
    await claim.reached;
    const stop = await openStop();
    claim.letGo();
    await locks.waits(statement.readFlag);
    await stop.commit();
    return {
      ends: [flowStopped],
      path: [...toAsk, 'ask ended'],
      got: [],
      unsent: [`${question}: canceled flow_stopped`],
      wrote: [`${keyword}: keyword`],
    };
  },
};
