import { expect, test } from 'vitest';
import { statement } from '../support/scene.ts';
import { useScenes } from '../support/scenes.ts';
import { optedOut, question, toAsk } from './pairs/texts.ts';

/**
 * Where the carrier acts on STOP, we hear of one opting out twice: by the text, which it brings us, and by its refusal of whatever is
 * sent after. Either may come first, and both at once.
 */

const { failPoints, next, clean } = useScenes({ optOut: 'carrier' });

const outcomeOf = (keyword: string) => ({
  ends: [optedOut],
  path: [...toAsk, 'ask ended'],
  got: [],
  unsent: [`${question}: failed provider_opted_out`],
  wrote: [`${keyword}: keyword`, 'stop: compliance'],
});

test('STOP first, then the refusal: it waits for the STOP and changes nothing more', async () => {
  const { locks, keyword, text, optedOut: standing, outcome } = await next();
  const post = failPoints.hold('post.before');
  text(keyword);
  await post.reached;
  const stop = failPoints.hold('inbound.before_commit');
  text('stop');
  await stop.reached;
  post.letGo();
  await locks.waits(statement.lockContact);
  stop.letGo();
  expect(await outcome(2)).toEqual(outcomeOf(keyword));
  expect(await standing()).toEqual({ reason: 'keyword_stop', revokedBy: ['keyword_stop'], carrierWrote: 1 });
  await clean();
});

test('the refusal first, then STOP: it waits for the refusal and changes nothing more', async () => {
  const { locks, keyword, text, optedOut: standing, outcome } = await next();
  const post = failPoints.hold('post.before');
  text(keyword);
  await post.reached;
  const stop = failPoints.hold('inbound.before_read');
  const refusal = failPoints.hold('opt_out.before_commit');
  text('stop');
  await stop.reached;
  post.letGo();
  await refusal.reached;
  stop.letGo();
  await locks.waits(statement.lockContact);
  refusal.letGo();
  expect(await outcome(2)).toEqual(outcomeOf(keyword));
  expect(await standing()).toEqual({ reason: 'carrier', revokedBy: ['carrier'], carrierWrote: 1 });
  await clean();
});

test('a crash after the refusal suppressed, with the STOP still on its way: once is enough', async () => {
  const { keyword, text, handled, optedOut: standing, outcome } = await next();
  const post = failPoints.hold('post.before');
  text(keyword);
  await post.reached;
  const stop = failPoints.hold('inbound.before_read');
  text('stop');
  await stop.reached;
  failPoints.arm('opt_out.after_commit');
  post.letGo();
  expect(await outcome(1)).toEqual({ ...outcomeOf(keyword), wrote: [`${keyword}: keyword`] });
  stop.letGo();
  await handled('stop');
  expect(failPoints.crashes()).toBe(1);
  expect(await outcome(2)).toEqual(outcomeOf(keyword));
  expect(await standing()).toEqual({ reason: 'carrier', revokedBy: ['carrier'], carrierWrote: 1 });
  await clean();
});
