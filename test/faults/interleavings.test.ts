import { expect, test } from 'vitest';
import { useScenes } from '../support/scenes.ts';
import { cancelFirst } from './pairs/cancel-first.ts';
import { claimFirst } from './pairs/claim-first.ts';
import { eventFirst } from './pairs/event-first.ts';
import { kinds, type Order, type Play } from './pairs/pairs.ts';
import { stepFirst } from './pairs/step-first.ts';
import { holdStop, stopFirst } from './pairs/stop-first.ts';
import { confirmation, optedOut, question, toAsk } from './pairs/texts.ts';
import { timerFirst } from './pairs/timer-first.ts';

/**
 * Two transactions at a time about one person: step, event, timer, STOP, claim and cancel, each with each other and in both orders. The
 * first has its work done when the second begins; each play makes sure that the second waits for it, or goes round it and is over.
 */
const plays: Readonly<Record<Order, Play>> = {
  ...stepFirst,
  ...eventFirst,
  ...timerFirst,
  ...stopFirst,
  ...claimFirst,
  ...cancelFirst,
};

const { failPoints, next, clean } = useScenes();

test('there are fifteen pairs, each in both orders', () => {
  const orders = kinds.flatMap((first) =>
    kinds.filter((kind) => kind !== first).map((then) => `${first}, then ${then}`),
  );
  expect(orders).toHaveLength(30);
  expect(Object.keys(plays).sort()).toEqual(orders.sort());
});

test.each(Object.entries(plays))('%s', async (_order, play) => {
  const scene = await next();
  const expected = await play(scene);
  expect(await scene.outcome(expected.wrote.length)).toEqual(expected);
  await clean();
});

test('a STOP that commits between a claim’s beginning and its reading: the message is never sent', async () => {
  const scene = await next();
  const claim = failPoints.hold('claim.before_read');
  scene.text(scene.keyword);
  await claim.reached;
  const letGo = await holdStop(scene);
  letGo();
  await scene.handled('stop');
  expect(await scene.states()).toEqual(['canceled', 'queued']);
  claim.letGo();
  expect(await scene.outcome(2)).toEqual({
    ends: [optedOut],
    path: [...toAsk, 'ask ended'],
    got: [confirmation],
    unsent: [`${question}: canceled opted_out`],
    wrote: [`${scene.keyword}: keyword`, 'stop: compliance'],
  });
  await clean();
});
