import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type ArmedFailPoints, createFailPoints } from './fail-points.ts';
import { type Harness, type HarnessOptions, phone, startHarness } from './harness.ts';
import { type LockWatch, watchLocks } from './overlap.ts';
import { strandedEnrollments } from './ownership.ts';
import { createAheadClock, createScene, type Scene } from './scene.ts';

/**
 * A harness for a file of tests that each play with one person, and the fail points in it. `clean` asks what must be true after each.
 */
export function useScenes(options: HarnessOptions = {}): {
  readonly failPoints: ArmedFailPoints;
  readonly next: () => Promise<Scene>;
  readonly clean: () => Promise<void>;
} {
  const failPoints = createFailPoints();
  const clock = createAheadClock();
  let harness: Harness;
  let locks: LockWatch;
  let made = 0;
  beforeAll(async () => {
    harness = await startHarness({ ...options, failPoints, clock });
    locks = await watchLocks(harness.ownerUrl);
  });
  afterEach(() => failPoints.clear());
  afterAll(async () => {
    await locks.close();
    await harness.close();
  });
  return {
    failPoints,
    next: () => {
      made += 1;
      const letters = [Math.floor(made / 26), made % 26].map((place) => String.fromCharCode(65 + place)).join('');
      const who = { keyword: `JOIN${letters}`, person: phone(made), neighbour: phone(500 + made) };
      return createScene({ harness, failPoints, locks, clock }, who);
    },
    clean: async () => {
      expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
      expect(harness.carrier.ledger.repeats()).toEqual([]);
    },
  };
}
