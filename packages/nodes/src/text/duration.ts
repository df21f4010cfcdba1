import { z } from 'zod';
import { formatCount } from './format-message.ts';

const unitMilliseconds = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

const unitNames = {
  minutes: { one: '{count} minute', other: '{count} minutes' },
  hours: { one: '{count} hour', other: '{count} hours' },
  days: { one: '{count} day', other: '{count} days' },
} as const;

/** A length of time as a person writes it. A day is 24 hours. */
export const durationSchema = z.object({
  amount: z.int().min(1).max(527_040),
  unit: z.enum(['minutes', 'hours', 'days']),
});

export type Duration = z.infer<typeof durationSchema>;

/** A duration schema with a longest length, itself included. */
export function durationUpTo(longest: Duration) {
  return durationSchema.refine((duration) => toMilliseconds(duration) <= toMilliseconds(longest), {
    error: `At most ${describeDuration(longest)}`,
    path: ['amount'],
  });
}

/** Milliseconds of a duration. */
export function toMilliseconds(duration: Duration): number {
  return duration.amount * unitMilliseconds[duration.unit];
}

/** `2 days`, `1 hour`. */
export function describeDuration(duration: Duration): string {
  return formatCount(duration.amount, unitNames[duration.unit]);
}
