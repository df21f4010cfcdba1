import { z } from '@hono/zod-openapi';
import { liftableReasons, suppressionReasons } from '@signalbox/nodes/define/consent-codes';
import { importedShape } from '../contacts/import-file.ts';
import {
  contactIdSchema,
  instantSchema,
  page,
  pageQuerySchema,
  recorderSchema,
  suppressionIdSchema,
  time,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';

/** One reason why a number may not be texted. A number with several has several of these. */
export const suppressionSchema = z
  .object({
    id: suppressionIdSchema,
    /** Null where its owner was erased: the number is still suppressed, and nobody can read it any more. */
    number: personal('phone', z.string().nullable()),
    /** Whose number it is, where it is a contact’s. */
    contact_id: contactIdSchema.nullable(),
    /** `keyword_stop`, `text_stop`, `carrier`, `import`, `blocked`, or one that another version wrote. */
    reason: z.string(),
    /** Whether the workspace can take it back. What somebody did themselves only they can undo, by texting START. */
    liftable: z.boolean(),
    note: personal('text', z.string().nullable()),
    /** Who blocked or imported it; null where its owner or a carrier did it. */
    recorded_by: recorderSchema.nullable(),
    at: time,
  })
  .openapi('Suppression');
export type Suppression = z.infer<typeof suppressionSchema>;

export const suppressionListSchema = page(suppressionSchema).openapi('SuppressionList');

export const suppressionListQuerySchema = pageQuerySchema.extend({
  /** Digits of the number. */
  search: z
    .string()
    .regex(/^[\d\s().+-]{2,32}$/)
    .optional(),
  reason: z.enum(suppressionReasons).optional(),
  /** From this moment on. */
  since: instantSchema.optional(),
});

const noteSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((note) => !note.includes('\u0000'), 'holds a character that cannot be stored');

export const suppressSchema = z
  .strictObject({
    /** As people write them; one without a country code is read as a number of the workspace’s home country. */
    numbers: z.array(z.string().min(1).max(32)).min(1).max(1_000),
    reason: z.enum(liftableReasons).default('blocked'),
    note: noteSchema.optional(),
  })
  .openapi('SuppressNumbers', {
    example: { numbers: ['+12025550191'], reason: 'blocked', note: 'Asked by telephone to be left alone' },
  });

export const suppressedSchema = z.object({ data: z.array(suppressionSchema) }).openapi('SuppressedNumbers');

export const suppressionImportQuerySchema = z.object({
  /** Where the list comes from, kept with each number. */
  note: noteSchema.optional(),
});

export const suppressionImportSchema = z
  .object({
    /** Numbers that could be texted until now. */
    suppressed: z.number().int(),
    /** Numbers that could not be texted before either. */
    already: z.number().int(),
    ...importedShape,
  })
  .openapi('SuppressionImport');
export type SuppressionImport = z.infer<typeof suppressionImportSchema>;
