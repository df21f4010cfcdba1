import { expect, test } from 'vitest';
import { until } from '../support/harness.ts';
import { statement } from '../support/scene.ts';
import { useScenes } from '../support/scenes.ts';
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
} from './pairs/texts.ts';

/** Pauses in the middle of something, and other overlaps beyond the pairs: settlements, and what a step granted. */

const { failPoints, next, clean } = useScenes();

test('a pause waits for the step under way and holds what comes after; resume goes on', async () => {
  const { locks, keyword, text, pauseFlow, resume, position, states, waiting, outcome } = await next();
  const step = failPoints.hold('step.before_commit');
  const told = failPoints.hold('step.after_commit');
  text(keyword);
  await step.reached;
  const paused = pauseFlow();
  await locks.waits(statement.raiseFlag);
  step.letGo();
  await told.reached;
  expect(await paused).toBe(true);
  told.letGo();
  await until('the person to be held', async () => (await position())?.state === 4);
  expect(await states()).toEqual([]);
  await clean();
  await resume();
  await waiting();
  text('yes');
  const wrote = [`${keyword}: keyword`, 'yes: reply'];
  expect(await outcome(2)).toEqual({ ends: [finished], path: replied, got: [question, good], unsent: [], wrote });
  await clean();
});

test('a due time first, then a pause: the timed out are held before their next step, and go on once', async () => {
  const { locks, keyword, bringToWait, comeDue, pauseFlow, resume, position, got, outcome } = await next();
  await bringToWait();
  const timer = failPoints.hold('due.before_commit');
  await comeDue();
  await timer.reached;
  const paused = pauseFlow();
  await locks.waits(statement.raiseFlag);
  timer.letGo();
  expect(await paused).toBe(true);
  await until('the person to be held', async () => (await position())?.state === 4);
  expect(got()).toEqual([question]);
  await clean();
  await resume();
  const wrote = [`${keyword}: keyword`];
  expect(await outcome(1)).toEqual({ ends: [finished], path: timedOut, got: [question, bye], unsent: [], wrote });
  await clean();
});

test('a pause first, then a due time: the clock goes on, and who times out is held at the outlet', async () => {
  const { locks, keyword, text, bringToWait, comeDue, openPause, resume, position, outcome } = await next();
  await bringToWait();
  const paused = await openPause();
  await comeDue();
  await locks.waits(statement.readFlag);
  expect((await position())?.state).toBe(3);
  await paused.commit();
  await until('the person to be held', async () => (await position())?.state === 4);
  expect(await position()).toMatchObject({ run_id: null, held_reason: null });
  await clean();
  // Resuming meets a text of the same person under way: it waits for it instead of leaving the person behind.
  const event = failPoints.hold('inbound.before_commit');
  text('yes');
  await event.reached;
  const resumed = resume();
  await locks.waits(statement.lockEnrollments);
  expect((await position())?.state).toBe(4);
  event.letGo();
  await resumed;
  const wrote = [`${keyword}: keyword`, 'yes: unhandled'];
  expect(await outcome(2)).toEqual({ ends: [finished], path: timedOut, got: [question, bye], unsent: [], wrote });
  await clean();
});

test('a reply faster than our bookkeeping counts, once', async () => {
  const { keyword, text, position, outcome } = await next();
  const settlement = failPoints.hold('settle.before_commit');
  text(keyword);
  await settlement.reached;
  text('yes');
  await until('the reply to be kept', async () => (await position())?.held_event_id != null);
  settlement.letGo();
  const wrote = [`${keyword}: keyword`, 'yes: reply'];
  expect(await outcome(2)).toEqual({ ends: [finished], path: replied, got: [question, good], unsent: [], wrote });
  await clean();
});

test('a step that grants consent first, then STOP: what the step granted is revoked', async () => {
  const { locks, keyword, text, handled, consent, outcome } = await next();
  const step = failPoints.hold('step.before_commit');
  const told = failPoints.hold('step.after_commit');
  text(keyword);
  await step.reached;
  text('stop');
  await locks.waits(statement.lockContact);
  step.letGo();
  await told.reached;
  await handled('stop');
  told.letGo();
  const { ends, got } = await outcome(2);
  expect([ends, got]).toEqual([[optedOut], [confirmation]]);
  expect(await consent()).toEqual({ state: 'revoked' });
  await clean();
});

test('a step that grants consent first, then a stop of the flow: the grant counts, and the next step ends the person', async () => {
  const { locks, keyword, text, consent, stopFlow, endFlow, outcome } = await next();
  const step = failPoints.hold('step.before_commit');
  const told = failPoints.hold('step.after_commit');
  text(keyword);
  await step.reached;
  const stopped = stopFlow();
  await locks.waits(statement.raiseFlag);
  step.letGo();
  await told.reached;
  expect(await stopped).toBe(true);
  told.letGo();
  const path = ['start next', 'record next', 'check ended'];
  const wrote = [`${keyword}: keyword`];
  expect(await outcome(1)).toEqual({ ends: [flowStopped], path, got: [], unsent: [], wrote });
  expect(await endFlow()).toBe(0);
  expect(await consent()).toEqual({ state: 'granted' });
  await clean();
});
