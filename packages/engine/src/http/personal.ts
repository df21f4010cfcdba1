import type { z } from '@hono/zod-openapi';
import type { PersonalKind } from '@signalbox/nodes/define/contact-fields';

/** Marks a field of an answer, with all that is in it, as personal; the document carries it as `x-personal`. */
export function personal<T extends z.ZodType>(kind: PersonalKind, schema: T): T {
  // A copy: what the library made may be older than the document's own words on schemas.
  return schema.clone().openapi({ 'x-personal': kind });
}
