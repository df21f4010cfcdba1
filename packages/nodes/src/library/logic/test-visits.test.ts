import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TestAssignment } from '../../define/arms.ts';
import { fixedRandom, inMemoryPorts, sampleContact } from '../../define/in-memory-ports.ts';
import { test as testNode } from './test.ts';

const now = new Date('2026-03-02T15:00:00Z');

const settings = fc.record({
  arms: fc
    .array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 8 })
    .map((weights) => weights.map((weight, index) => ({ id: `a${index}`, label: `Arm ${index}`, weight }))),
  holdout: fc.integer({ min: 0, max: 50 }),
  tested: fc.integer({ min: 1, max: 100 }),
  control_share: fc.integer({ min: 0, max: 50 }),
  wait_hours: fc.integer({ min: 1, max: 720 }),
});
/** How a test stands when somebody comes by, visit for visit: it runs, and some time it is over, for good. */
const life = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 }), fc.integer({ min: -1, max: 7 }));

test('whoever comes by, however often and whatever is decided between, is given one arm, which the step has', async () => {
  await fc.assert(
    fc.asyncProperty(settings, life, fc.double({ min: 0, max: 0.999_999, noNaN: true }), async (config, how, draw) => {
      const [before, after, won] = how;
      const winner = won < 0 ? null : (config.arms[won % config.arms.length]?.id ?? null);
      const bound = testNode.bind(config);
      const outlets = new Set(bound.outlets().map(({ id }) => id));
      const stored: TestAssignment[] = [];
      const left: string[] = [];
      for (let visit = 0; visit <= before + after; visit += 1) {
        const over = visit < before ? null : { winner };
        const { ports, writes } = inMemoryPorts({ now, test: { id: 't', given: stored[0]?.arm ?? null, over } });
        const random = fixedRandom(0, draw);
        const decision = await bound.run({ contact: sampleContact, event: null, now, zone: 'UTC', random, ports });
        stored.push(...writes.tests);
        if (decision.kind === 'next') left.push(decision.outlet);
        else if (decision.kind === 'wait') {
          expect(over).toBeNull();
          expect(decision.until.getTime() - now.getTime()).toBe(config.wait_hours * 3_600_000);
          left.push(decision.outlets.timeout);
        } else expect.fail(decision.kind);
      }
      expect(stored).toHaveLength(1);
      expect(stored[0]?.propensity).toBeGreaterThan(0);
      expect(stored[0]?.propensity).toBeLessThanOrEqual(1);
      expect(new Set(left)).toEqual(new Set([stored[0]?.arm]));
      expect(outlets.has(left[0] ?? '')).toBe(true);
      // A winner is what somebody gets who is new to it, but for the control's share; a winning control is everybody's.
      const [first] = stored;
      if (before === 0 && winner !== null && first?.by === 'winner') expect(first.arm).toBe(winner);
      if (before === 0 && winner !== null && first?.by === 'control') expect(first.arm).toBe('a0');
      if (before === 0 && winner === 'a0') expect(first?.by === 'winner' || first?.arm === 'holdout').toBe(true);
    }),
  );
});
