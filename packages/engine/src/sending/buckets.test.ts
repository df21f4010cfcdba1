import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bucket, createBucket } from './buckets.ts';

/** A bucket that was made long ago. */
const used = (perSecond: number): Bucket => createBucket(perSecond, -10_000);

/** Most segments that begin in any second of what was posted. */
function mostInAnySecond(posts: ReadonlyArray<{ readonly at: number; readonly segments: number }>): number {
  return Math.max(
    0,
    ...posts.map(({ at }) =>
      posts.reduce((sum, post) => (post.at >= at && post.at < at + 1_000 ? sum + post.segments : sum), 0),
    ),
  );
}

describe('segments a second', () => {
  test('a bucket is never exceeded in any second, whatever comes when', () => {
    const arrivals = fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 400 }),
        segments: fc.integer({ min: 1, max: 4 }),
        urgent: fc.boolean(),
      }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 30 }), arrivals, (rate, messages) => {
        const bucket = used(rate);
        const posts: Array<{ at: number; segments: number }> = [];
        let now = 0;
        for (const { afterMs, segments, urgent } of messages) {
          now = bucket.opensAt(now + afterMs, segments, urgent);
          bucket.take(now, segments);
          posts.push({ at: now, segments });
        }
        expect(mostInAnySecond(posts)).toBeLessThanOrEqual(rate);
      }),
    );
  });

  test('a message of more segments than the rate goes out alone, and takes the seconds after it', () => {
    const bucket = used(2);
    expect(bucket.opensAt(0, 5, true)).toBe(0);
    bucket.take(0, 5);
    expect(bucket.opensAt(1, 2, true)).toBe(3_000);
    expect(bucket.free(1, true)).toBe(0);
  });

  test('a dispatcher that takes over sends nothing on top of what the last second may have taken', () => {
    const bucket = createBucket(10, 0);
    expect(bucket.free(0, true)).toBe(0);
    expect(bucket.opensAt(0, 1, true)).toBe(1_000);
    expect(bucket.free(1_000, true)).toBe(10);
  });

  test('what can wait is spread over the second, so that what cannot finds room', () => {
    const bucket = used(50);
    expect(bucket.free(0, false)).toBe(10);
    bucket.take(0, 10);
    expect(bucket.free(1, false)).toBe(0);
    expect(bucket.opensAt(1, 1, false)).toBe(200);
    expect(bucket.free(1, true)).toBe(40);
    expect(bucket.opensAt(1, 1, true)).toBe(1);
  });

  test('the whole rate is used, a segment at a time', () => {
    const bucket = used(20);
    let now = 0;
    for (let index = 0; index < 60; index += 1) {
      now = bucket.opensAt(now, 1, false);
      bucket.take(now, 1);
    }
    expect(now).toBeLessThan(3_000);
    expect(now).toBeGreaterThanOrEqual(2_000);
  });
});
