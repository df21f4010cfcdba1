import { z } from '@hono/zod-openapi';
import { recordedMethods } from '@signalbox/nodes/define/consent-codes';
import { purposes } from '@signalbox/nodes/define/ports';
import { importedShape } from '../contacts/import-file.ts';
import {
  contactIdSchema,
  instantSchema,
  openEnum,
  page,
  pageQuerySchema,
  programmeIdSchema,
  recorderSchema,
  time,
} from '../http/contract.ts';

/** Words of a programme as they are shown from one moment on. They never change: other words are another version. */
const versionSchema = z
  .object({
    version: z.number().int(),
    /** What people are shown where they sign up. */
    disclosure: z.string(),
    /** The text that asks whoever signed up to confirm it; null where nobody is asked. */
    question: z.string().nullable(),
    /** SHA-256 of both, in hex: as JSON, `[disclosure, question]`. */
    hash: z.string(),
    recorded_by: recorderSchema.nullable(),
    created_at: time,
  })
  .openapi('ConsentVersion');

export const programmeSchema = z
  .object({
    id: programmeIdSchema,
    name: z.string(),
    purpose: openEnum(purposes),
    brand: z.string(),
    description: z.string(),
    archived: z.boolean(),
    /** Every version of its words, the newest first: that is what is shown now. */
    versions: z.array(versionSchema),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('ConsentProgramme');
export type Programme = z.infer<typeof programmeSchema>;

export const programmeListSchema = page(programmeSchema).openapi('ConsentProgrammeList');

const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((value) => !value.includes('\u0000'), 'holds a character that cannot be stored');

const words = {
  disclosure: text(4_000),
  question: text(640).nullable().default(null),
};
const named = { name: text(100), brand: text(60), description: z.string().trim().max(1_000).default('') };

const exampleWords = {
  disclosure: 'Weekly offers by text from Our Shop. Msg&data rates may apply. Reply STOP to opt out.',
  question: 'Our Shop: Reply YES to get weekly offers. Msg&data rates may apply. Reply STOP to opt out, HELP for help.',
};

export const createProgrammeSchema = z
  .strictObject({ ...named, purpose: z.enum(purposes), ...words })
  .openapi('CreateConsentProgramme', {
    example: { name: 'Weekly offers', brand: 'Our Shop', purpose: 'marketing', ...exampleWords },
  });

/** What is left out stays. The purpose of a programme never changes. */
export const updateProgrammeSchema = z
  .strictObject({
    name: named.name.optional(),
    brand: named.brand.optional(),
    description: z.string().trim().max(1_000).optional(),
    /** Nobody signs up to an archived programme; what was consented to stands. */
    archived: z.boolean().optional(),
  })
  .openapi('UpdateConsentProgramme', { example: { description: 'Shown at the till and on the website' } });

export const addVersionSchema = z.strictObject(words).openapi('AddConsentVersion', { example: exampleWords });

/** Where a consent is known from. */
const proof = {
  /** What the person did it by. */
  method: z.enum(recordedMethods).default('api'),
  /** Where it is known from, such as the name of a form, a file or a shop. */
  source: text(200).optional(),
  /** The address of the page that they saw. */
  source_url: text(2_000).optional(),
  /** The address that they came from. */
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  user_agent: text(500).optional(),
  /** When they said it, where that was earlier. */
  given_at: instantSchema.optional(),
};

export const recordConsentsSchema = z
  .strictObject({
    /** Contacts, or numbers, which become contacts. */
    people: z
      .array(z.strictObject({ contact_id: z.string().max(40).optional(), to: z.string().max(32).optional() }))
      .min(1)
      .max(1_000),
    /** `request` asks them by text to confirm it. */
    action: z.enum(['grant', 'revoke', 'request']),
    /** What it is about: a programme, or just a purpose. */
    programme_id: z.string().max(40).optional(),
    /** Of the programme’s words; the newest unless given. */
    version: z.number().int().min(1).max(1_000_000).optional(),
    purpose: z.enum(purposes).optional(),
    /** What they were shown or said, beside the programme’s own words. */
    wording: text(4_000).optional(),
    ...proof,
  })
  .openapi('RecordConsents', {
    example: {
      people: [{ to: '+12025550193' }],
      action: 'grant',
      purpose: 'marketing',
      method: 'form',
      source: 'Sign-up at the till',
      wording: 'Weekly offers by text. Msg&data rates may apply. Reply STOP to opt out.',
    },
  });

/** What became of each, in order. */
export const recordedConsentsSchema = z
  .object({
    data: z.array(
      z.object({
        contact_id: contactIdSchema,
        /** `unchanged`: they had consented, or were being asked already. `refused`: they were not asked. */
        outcome: openEnum(['recorded', 'asked', 'unchanged', 'refused']),
        /** Why somebody is not asked, or not at once. */
        reason: z.object({ code: z.string(), text: z.string() }).nullable(),
      }),
    ),
  })
  .openapi('RecordedConsents');

export const consentImportQuerySchema = z.object({
  programme_id: z.string().max(40).optional(),
  version: z.coerce.number().int().min(1).max(1_000_000).optional(),
  purpose: z.enum(purposes).optional(),
  method: z.enum(recordedMethods).default('file'),
  /** Where the file comes from; a column `source` says it of each row. */
  source: text(200).optional(),
});

export const consentImportSchema = z
  .object({
    /** Rows that were written down. */
    recorded: z.number().int(),
    ...importedShape,
  })
  .openapi('ConsentImport');
export type ConsentImport = z.infer<typeof consentImportSchema>;

export const programmeQuerySchema = pageQuerySchema;
export type CreateProgramme = z.input<typeof createProgrammeSchema>;
