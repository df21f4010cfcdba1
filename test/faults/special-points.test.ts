import { type FailPointName, failPointNames } from '@signalbox/engine/runtime/fail-points';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { strandedEnrollments } from '../support/ownership.ts';
import { ordinaryPoints } from './point-groups.ts';
import { situations } from './special/situations.ts';
import { openWorld, type World } from './special/world.ts';

/** Crash points that ordinary traffic does not come past, each in a situation that does. */

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterEach(() => world.failPoints.clear());
afterAll(() => world.close());

const special = failPointNames.flatMap((name) => (isSpecial(name) ? [name] : []));

function isSpecial(name: FailPointName): name is keyof typeof situations {
  return name in situations;
}

test('every crash point is struck: in ordinary traffic or in a situation of its own', () => {
  expect([...ordinaryPoints, ...special].sort()).toEqual([...failPointNames].sort());
});

test.each(special)(
  'a crash at %s strands nobody, doubles nothing, and everyone comes to the right end',
  async (name) => {
    const { failPoints, harness } = world;
    const before = failPoints.crashes();
    const crashes = await situations[name](world, () => failPoints.arm(name), name);
    expect(failPoints.crashes() - before, 'crashes at the point').toBe(crashes);
    expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
    expect(harness.carrier.ledger.repeats()).toEqual([]);
    const open = await harness.inTx((tx) =>
      tx.selectFrom('message_attempts').select('id').where('state', 'in', ['unknown', 'dispatching']).execute(),
    );
    expect(open).toEqual([]);
    const unsettled = await harness.inTx((tx) => tx.selectFrom('settlements').select('message_id').execute());
    expect(unsettled).toEqual([]);
  },
  60_000,
);
