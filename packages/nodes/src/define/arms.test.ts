import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Draws, drawArm } from './arms.ts';

const draws = fc.record({
  arms: fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 8 })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => weights.map((weight, index) => ({ id: `a${index}`, label: `Arm ${index}`, weight }))),
  holdout: fc.integer({ min: 0, max: 50 }),
  tested: fc.integer({ min: 1, max: 100 }),
  control_share: fc.integer({ min: 0, max: 50 }),
});

/** How many of so many draws that lie evenly in [0, 1) are of each kind. */
function sharesOf(config: Draws, points = 20_000): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1 / points);
  for (let at = 0; at < points; at += 1) {
    const drawn = drawArm(config, (at + 0.5) / points);
    add(drawn.kind);
    if (drawn.kind === 'held_out') continue;
    add(`${drawn.kind} ${drawn.arm.id}`);
    if (drawn.keepsControl) add(`${drawn.kind} keeps`);
  }
  return counts;
}

test('one even number is read as even shares: held out, tested, of each arm, and who keeps the control', () => {
  fc.assert(
    fc.property(draws, (config) => {
      const found = sharesOf(config);
      const near = (key: string, share: number) => expect(found.get(key) ?? 0, key).toBeCloseTo(share, 3);
      const [heldOut, tested, keeps] = [config.holdout / 100, config.tested / 100, config.control_share / 100];
      near('held_out', heldOut);
      const weights = config.arms.reduce((sum, { weight }) => sum + weight, 0);
      for (const [kind, part] of [
        ['tested', tested],
        ['waits', 1 - tested],
      ] as const) {
        near(`${kind} keeps`, (1 - heldOut) * part * keeps);
        for (const { id, weight } of config.arms) near(`${kind} ${id}`, ((1 - heldOut) * part * weight) / weights);
      }
    }),
    { numRuns: 30 },
  );
});

test('the same number is the same arm, and never one without a weight', () => {
  fc.assert(
    fc.property(draws, fc.double({ min: 0, max: 0.999_999, noNaN: true }), (config, draw) => {
      const drawn = drawArm(config, draw);
      expect(drawArm(config, draw)).toEqual(drawn);
      if (drawn.kind !== 'held_out') expect(drawn.arm.weight).toBeGreaterThan(0);
    }),
  );
});
