import { describe, expect, it } from 'vitest';
import { describeDuration, durationSchema, durationUpTo, toMilliseconds } from './duration.ts';

describe('durations', () => {
  it('say how long they are', () => {
    expect(describeDuration({ amount: 1, unit: 'minutes' })).toBe('1 minute');
    expect(describeDuration({ amount: 2, unit: 'days' })).toBe('2 days');
    expect(describeDuration({ amount: 1_440, unit: 'minutes' })).toBe('1,440 minutes');
    expect(toMilliseconds({ amount: 2, unit: 'hours' })).toBe(7_200_000);
    expect(toMilliseconds({ amount: 1, unit: 'days' })).toBe(86_400_000);
  });

  it('are whole and positive, and stop at the longest', () => {
    expect(durationSchema.safeParse({ amount: 0.5, unit: 'days' }).success).toBe(false);
    expect(durationSchema.safeParse({ amount: -1, unit: 'days' }).success).toBe(false);
    const schema = durationUpTo({ amount: 2, unit: 'days' });
    expect(schema.safeParse({ amount: 48, unit: 'hours' }).success).toBe(true);
    expect(schema.safeParse({ amount: 49, unit: 'hours' }).error?.issues[0]).toMatchObject({
      message: 'At most 2 days',
    });
  });
});
