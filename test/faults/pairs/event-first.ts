import { expect } from 'vitest';
import { until } from '../../support/harness.ts';
import { statement } from '../../support/scene.ts';
import type { PlaysOf } from './pairs.ts';
import { confirmation, finished, flowStopped, good, optedOut, question, replied, toWait } from './texts.ts';

const afterReply = [...toWait, 'wait replied', 'meaning ended'];

/** A text of the person whose work is done and not committed, and what begins meanwhile. */
export const eventFirst: PlaysOf<'event'> = {
  'event, then step': async ({ failPoints, locks, keyword, text }) => {
    // The second run is the one that comes to the wait, once the question was sent.
    const start = failPoints.hold('start.before', { skip: 1 });
    text(keyword);
    await start.reached;
    const event = failPoints.hold('inbound.before_commit');
    text('yes');
    await event.reached;
    start.letGo();
    await locks.waits(statement.lockCohort);
    event.letGo();
    const wrote = [`${keyword}: keyword`, 'yes: reply'];
    return { ends: [finished], path: replied, got: [question, good], unsent: [], wrote };
  },
  'event, then timer': async ({ failPoints, keyword, text, bringToWait, sweepDueLater }) => {
    await bringToWait();
    const event = failPoints.hold('inbound.before_commit');
    text('yes');
    await event.reached;
    expect(await sweepDueLater(), 'the timer goes round whoever is locked').toEqual({ due: true, taken: 0 });
    event.letGo();
    const wrote = [`${keyword}: keyword`, 'yes: reply'];
    return { ends: [finished], path: replied, got: [question, good], unsent: [], wrote };
  },
  'event, then STOP': async ({ failPoints, locks, keyword, text, bringToWait, elsewhere, handled }) => {
    await bringToWait();
    const start = failPoints.hold('start.before');
    const event = elsewhere.failPoints.hold('inbound.before_commit');
    const reply = elsewhere.text('yes');
    await event.reached;
    text('stop');
    await locks.waits(statement.lockContact);
    event.letGo();
    expect(await reply).toMatchObject({ handledBy: 'reply' });
    await handled('stop');
    start.letGo();
    return {
      ends: [optedOut],
      path: afterReply,
      got: [question, confirmation],
      unsent: [],
      wrote: [`${keyword}: keyword`, 'yes: reply', 'stop: compliance'],
    };
  },
  'event, then claim': async ({ failPoints, keyword, text, got, waiting }) => {
    const claim = failPoints.hold('claim.before_read');
    text(keyword);
    await claim.reached;
    const event = failPoints.hold('inbound.before_commit');
    text('yes');
    await event.reached;
    claim.letGo();
    await until('the claimed message to be at the carrier', () => got().length === 1);
    event.letGo();
    await waiting();
    text('yes');
    return {
      ends: [finished],
      path: replied,
      got: [question, good],
      unsent: [],
      // What was written before the question left is no answer to it.
      wrote: [`${keyword}: keyword`, 'yes: unhandled', 'yes: reply'],
    };
  },
  'event, then cancel': async ({ failPoints, locks, keyword, text, bringToWait, stopFlow, endFlow }) => {
    await bringToWait();
    const start = failPoints.hold('start.before');
    const event = failPoints.hold('inbound.before_commit');
    text('yes');
    await event.reached;
    const stopped = stopFlow();
    await locks.waits(statement.raiseFlag);
    event.letGo();
    expect(await stopped).toBe(true);
    await start.reached;
    expect(await endFlow()).toBe(1);
    start.letGo();
    const wrote = [`${keyword}: keyword`, 'yes: reply'];
    return { ends: [flowStopped], path: afterReply, got: [question], unsent: [], wrote };
  },
};
