import { z } from '@hono/zod-openapi';

const dayMs = 86_400_000;
const mostDays = 92;
const usualDays = 30;

/** The day so many days after another: `2026-03-01` is one after `2026-02-28`. */
function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

type Asked = { readonly from?: string | undefined; readonly to?: string | undefined };

/** How many days there are from one to the other, both counted; not a number where either is not there, or no day. */
function lengthOf({ from, to }: Asked): number {
  return (Date.parse(to ?? '') - Date.parse(from ?? '')) / dayMs + 1;
}

const daySchema = (description: string, example: string) =>
  z.iso
    .date()
    .refine((day) => day >= '2000-01-01' && day < '2100-01-01', 'is a day between 2000 and 2099')
    .optional()
    .openapi({ description, example });

/** Which days are asked for: few enough to be answered at once. */
export const daysQuerySchema = z
  .object({
    from: daySchema('The first day.', '2026-11-01'),
    to: daySchema('The last day.', '2026-11-30'),
  })
  // What is no day is not far from another: its own field says what it is.
  .refine((days) => !(lengthOf(days) < 1), {
    path: ['to'],
    message: 'is before the first day',
  })
  .refine((days) => !(lengthOf(days) > mostDays), {
    path: ['to'],
    message: `is more than ${mostDays} days from the first day`,
  });

/** The days that a query means, where `today` is the last there can be. */
export function daysWithin({ from, to }: Asked, today: string): { readonly from: string; readonly to: string } {
  if (from !== undefined) return { from, to: to ?? daysAfter(from, usualDays - 1) };
  const last = to ?? today;
  return { from: daysAfter(last, 1 - usualDays), to: last };
}
