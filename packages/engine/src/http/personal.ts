import type { z } from '@hono/zod-openapi';

/** What a field of an answer holds that is about a person: their number, name or address, or words that they wrote or were written. */
export type PersonalKind = 'phone' | 'name' | 'email' | 'text';

/** Marks a field of an answer, with all that is in it, as personal; the document carries it as `x-personal`. */
export function personal<T extends z.ZodType>(kind: PersonalKind, schema: T): T {
  return schema.openapi({ 'x-personal': kind });
}
