import { z } from 'zod';
import type { Utm } from '../text/utm.ts';

const part = z
  .string()
  .trim()
  .max(100)
  .refine((text) => !text.includes('\u0000') && text.isWellFormed())
  .default('');

/** What links of a step say of where somebody came from; null where they say nothing. */
export const utmSchema = z
  .strictObject({ source: part, medium: part, campaign: part, content: part })
  .nullable() satisfies z.ZodType<Utm | null>;
