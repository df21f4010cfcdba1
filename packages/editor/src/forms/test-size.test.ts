import { expect, test } from 'vitest';
import { daysOfTest, testSize } from './test-size.ts';

const share = (base: number, difference: number) => ({ kind: 'share', base, difference }) as const;

test('what the calculator says of a test: more people for smaller differences, more arms and looks all along', () => {
  const size = testSize(share(0.05, 0.01), [1, 1]);
  expect(size).toEqual({ fixed: 16_316, sequential: 31_232 });
  const small = testSize(share(0.05, 0.005), [1, 1]);
  expect(small?.fixed).toBeGreaterThan((size?.fixed ?? 0) * 3.5);
  expect(testSize(share(0.05, 0.01), [1, 1, 1])?.fixed).toBeGreaterThan((size?.fixed ?? 0) * 1.5);
  // Of uneven arms the smallest is what takes the longest; one without people is none.
  expect(testSize(share(0.05, 0.01), [1, 3])?.fixed).toBeGreaterThan(size?.fixed ?? 0);
  expect(testSize(share(0.05, 0.01), [1, 1, 0])).toEqual(size);
  const money = testSize({ kind: 'money', deviation: 20, difference: 2 }, [1, 1]);
  expect(money?.fixed).toBe(3_140);
});

test('and nothing of what cannot be: no difference, shares past everybody, a control that nobody gets', () => {
  for (const [base, difference] of [
    [0.05, 0],
    [0.05, Number.NaN],
    [0, 0.01],
    [0.99, 0.02],
  ] as const)
    expect(testSize(share(base, difference), [1, 1])).toBeNull();
  expect(testSize(share(0.05, 0.01), [0, 1])).toBeNull();
  expect(testSize(share(0.05, 0.01), [1])).toBeNull();
  expect(testSize({ kind: 'money', deviation: 0, difference: 2 }, [1, 1])).toBeNull();
  expect(daysOfTest(1_000, 0)).toBeNull();
  expect(daysOfTest(1_001, 100)).toBe(11);
});
