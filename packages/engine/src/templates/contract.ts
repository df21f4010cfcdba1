import { z } from '@hono/zod-openapi';
import { missingPolicies } from '@signalbox/nodes/define/message-text';
import { purposes } from '@signalbox/nodes/define/ports';
import { snippetKey } from '@signalbox/nodes/templates/snippets';
import { templateContentSchema } from '@signalbox/nodes/templates/template-content';
import {
  contactIdSchema,
  contactListIdSchema,
  flowIdSchema,
  openEnum,
  page,
  pageQuerySchema,
  recorderSchema,
  searchSchema,
  templateIdSchema,
  time,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';

/** Templates are whole messages; snippets stand in them, and in texts that are written in a step. */
export const templateKinds = ['template', 'snippet'] as const;

/** What is written of a template, as answers have it. */
const shownContentSchema = z.object({
  /** For everybody whose own language has no text. */
  default_language: z.string(),
  texts: z.array(
    z.object({
      language: z.string(),
      text: z.string(),
      /** What is done where a detail that the text names is not known. */
      missing: z.array(z.object({ variable: z.string(), do: openEnum(missingPolicies), say: z.string() })),
    }),
  ),
});

const templateFields = {
  id: templateIdSchema,
  kind: openEnum(templateKinds),
  /** Of a snippet, by which texts name it: `{{ snippet.sign_off }}`. */
  key: z.string().nullable(),
  name: z.string(),
  /** The number of the newest version, which is what people get; null before the first. */
  newest: z.number().int().nullable(),
  /** There are changes that are in no version yet. */
  changed: z.boolean(),
  archived: z.boolean(),
  revision: z.number().int(),
  created_at: time,
  updated_at: time,
};

export const templateSchema = z
  .object({
    ...templateFields,
    /** What is being worked on: nobody gets it before it is published. */
    content: shownContentSchema,
    /** What is wrong with that; errors keep it from being published. */
    problems: z.array(
      z.object({
        code: z.string(),
        severity: openEnum(['error', 'warning']),
        path: z.array(z.union([z.string(), z.number()])),
        title: z.string(),
        action: z.string(),
      }),
    ),
  })
  .openapi('MessageTemplate');
export type Template = z.infer<typeof templateSchema>;

export const templateListSchema = page(
  z
    .object({
      ...templateFields,
      languages: z.array(z.string()),
      /** Its text in its own language, as it is being worked on. */
      text: z.string(),
    })
    .openapi('MessageTemplateEntry'),
).openapi('MessageTemplateList');
export type TemplateEntry = z.infer<typeof templateListSchema>['data'][number];

export const templateQuerySchema = pageQuerySchema.extend({
  kind: z.enum(templateKinds).optional(),
  search: searchSchema.optional(),
  archived: z.enum(['true', 'false']).default('false'),
});

const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine((text) => !text.includes('\u0000'));
const exampleContent = {
  default_language: 'en',
  texts: [
    {
      language: 'en',
      text: 'Hi {{ contact.first_name }}, your table is booked.',
      missing: [{ variable: 'contact.first_name', do: 'say', say: 'there' }],
    },
  ],
} as const;

export const createTemplateSchema = z
  .strictObject({
    kind: z.enum(templateKinds).default('template'),
    name: nameSchema,
    /** Of a snippet; made of its name unless given. It never changes. */
    key: z.string().regex(snippetKey).optional(),
    content: templateContentSchema,
  })
  .openapi('CreateMessageTemplate', { example: { name: 'Table booked', content: exampleContent } });

export const updateTemplateSchema = z
  .strictObject({
    name: nameSchema.optional(),
    content: templateContentSchema.optional(),
    /** Whoever sends it already goes on doing so; nothing else can begin to. */
    archived: z.boolean().optional(),
  })
  .openapi('UpdateMessageTemplate', { example: { content: exampleContent } });

export const publishTemplateSchema = z
  .strictObject({
    /** What changed, for whoever reads the versions later. */
    note: z
      .string()
      .trim()
      .max(200)
      .refine((text) => !text.includes('\u0000'))
      .default(''),
  })
  .openapi('PublishMessageTemplate', { example: { note: 'Shorter, with the address' } });

export const restoreTemplateSchema = z
  .strictObject({ version: z.number().int().min(1).max(1_000_000) })
  .openapi('RestoreMessageTemplate', { example: { version: 1 } });

export const templateVersionsSchema = page(
  z
    .object({
      number: z.number().int(),
      content: shownContentSchema,
      note: z.string(),
      published_by: recorderSchema,
      published_at: time,
    })
    .openapi('MessageTemplateVersion'),
).openapi('MessageTemplateVersionList');
export type TemplateVersion = z.infer<typeof templateVersionsSchema>['data'][number];

export const templateUsesSchema = page(
  z
    .object({
      kind: openEnum(['flow', 'template']),
      id: z.union([flowIdSchema, templateIdSchema]),
      name: z.string(),
      /** Of a flow. */
      state: z.string().nullable(),
      /** People get it from there now, not only once a draft is published. */
      live: z.boolean(),
      /** Follows the newest version, somewhere in it. */
      follows: z.boolean(),
      /** Versions that it stays with. */
      versions: z.array(z.number().int()),
    })
    .openapi('MessageTemplateUse'),
).openapi('MessageTemplateUses');
export type TemplateUse = z.infer<typeof templateUsesSchema>['data'][number];

/** How many people did something, and between which shares of all like them that is likely to lie (Wilson, 95 %). */
const shareSchema = z.object({ people: z.number().int(), low: z.number(), high: z.number() });

export const templateResultsSchema = z
  .object({
    data: z.array(
      z
        .object({
          version: z.number().int(),
          /** Set where it is about the people who got it in that language. */
          language: z.string().nullable(),
          /** Set where it is about the people of whom something that the text names was not known, or of whom all was. */
          gaps: z.boolean().nullable(),
          /** Whom the carrier took a message for; each is one, however many they got. */
          sent: z.number().int(),
          delivered: shareSchema,
          clicked: shareSchema,
          replied: shareSchema,
          opted_out: shareSchema,
        })
        .openapi('MessageTemplateResult'),
    ),
    /** Messages that were looked at: the newest ones. */
    messages: z.number().int(),
    /** Whether these are all that there are. */
    complete: z.boolean(),
    /** Replies and opt-outs count up to so many hours after a message, and until the next one to the same person. */
    hours: z.number().int(),
  })
  .openapi('MessageTemplateResults');
export type TemplateResults = z.infer<typeof templateResultsSchema>;

export const previewTemplateSchema = z
  .strictObject({
    content: templateContentSchema,
    purpose: z.enum(purposes).default('marketing'),
    /** Only people on this list, or with this tag. */
    list_id: contactListIdSchema.optional(),
    /** Another number draws other people. */
    seed: z.number().int().min(0).max(1_000_000).default(0),
  })
  .openapi('PreviewMessageTemplate', { example: { content: exampleContent } });

export const templatePreviewSchema = z
  .object({
    data: z.array(
      z.object({
        contact: z.object({
          id: contactIdSchema,
          name: personal('name', z.string().nullable()),
          phone: personal('phone', z.string()),
        }),
        /** Why they are shown: of those who were looked at. */
        why: z.array(openEnum(['longest', 'gaps', 'dearest', 'drawn'])),
        language: z.string(),
        country: z.string().nullable(),
        /** Null where they would get nothing. */
        text: personal('text', z.string().nullable()),
        /** Why they would get nothing; null where they would get the text. */
        reason: z.string().nullable(),
        /** Details that the text names and that are not known of them. */
        gaps: z.array(z.string()),
        segments: z.number().int(),
        encoding: openEnum(['GSM-7', 'UCS-2']),
        /** Null where there is no price. */
        cost: z.object({ micro_units: z.string(), currency: z.string() }).nullable(),
      }),
    ),
    /** How many people were looked at, and of how many of them something is not known. */
    looked_at: z.number().int(),
    with_gaps: z.number().int(),
    left_out: z.number().int(),
  })
  .openapi('MessageTemplatePreview');
export type TemplatePreview = z.infer<typeof templatePreviewSchema>;
