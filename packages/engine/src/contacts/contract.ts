import { z } from '@hono/zod-openapi';
import { attributeName } from '@signalbox/nodes/define/attribute-name';
import { byWrittenField, shownShape, writtenField, writtenShape } from '@signalbox/nodes/define/contact-fields';
import { customFieldTypes, longestListItem, mostListItems } from '@signalbox/nodes/define/custom-fields';
import { consentActions } from '../db/states.ts';
import {
  contactFieldIdSchema,
  contactIdSchema,
  contactListIdSchema,
  currencySchema,
  flowIdSchema,
  instantSchema,
  messageIdSchema,
  openEnum,
  page,
  pageQuerySchema,
  programmeIdSchema,
  recorderSchema,
  scalarSchema,
  searchSchema,
  time,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';
import { importedShape } from './import-file.ts';
import { listKinds } from './lists.ts';

/** What an attribute holds: one value, or the items of a list. */
const attributeSchema = z.union([scalarSchema, z.array(z.string().max(longestListItem)).max(mostListItems)]);

export const contactSchema = z
  .object({
    id: contactIdSchema,
    ...shownShape(personal),
    attributes: personal('text', z.record(z.string(), attributeSchema)),
    consent: z.record(z.string(), openEnum(['granted', 'revoked', 'pending', 'none'])),
    /** Set where this number may not be texted at all. */
    suppressed: z.object({ reason: z.string(), at: time }).nullable(),
    /** A text of theirs waits for a person to look at it. */
    unhandled: z.boolean(),
    is_sample: z.boolean(),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('Contact');
export const contactListSchema = page(contactSchema).extend({ total: z.number().int() }).openapi('ContactList');
export const contactListQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
  /** Exactly who has it. */
  external_id: searchSchema.max(200).optional(),
  updated_since: instantSchema.optional(),
  /** On this list, or with this tag. */
  list_id: z.string().max(40).optional(),
});

const writtenFields = {
  ...writtenShape,
  /** At most 100 of 32 KB together, with those that stay. Those with a field of the workspace are of its type. */
  attributes: z.record(z.string().regex(attributeName), attributeSchema).optional(),
};
export const createContactSchema = z
  .strictObject({ phone: z.string().min(3).max(32).openapi({ example: '+12025550143' }), ...writtenFields })
  .openapi('CreateContact', {
    example: { phone: '+12025550143', first_name: 'Ada', time_zone: 'America/New_York', attributes: { plan: 'basic' } },
  });
export const updateContactSchema = z
  .strictObject(writtenFields)
  .openapi('UpdateContact', { example: { first_name: 'Grace', attributes: { plan: 'premium' } } });

const fieldLabel = z.string().trim().min(1).max(60);
/** Options of a field. A file has several in one cell, with commas between them. */
const fieldOptions = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(longestListItem)
      .regex(/^[^,;|\n]*$/, { error: 'Without commas, semicolons and lines' }),
  )
  .max(100)
  .refine((options) => new Set(options.map((option) => option.toLowerCase())).size === options.length, {
    error: 'Each option once',
  });
export const contactFieldSchema = z
  .object({
    id: contactFieldIdSchema,
    /** The attribute that holds its values. */
    key: z.string(),
    label: z.string(),
    type: openEnum(customFieldTypes),
    options: z.array(z.string()),
    /** What amounts of money are in; null for every other type. */
    currency: z.string().nullable(),
    position: z.number().int(),
    retired: z.boolean(),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('ContactField');
export const contactFieldListSchema = page(contactFieldSchema).openapi('ContactFieldList');
export const createContactFieldSchema = z
  .strictObject({
    label: fieldLabel,
    key: z.string().regex(attributeName).max(40).optional(),
    type: z.enum(customFieldTypes),
    options: fieldOptions.optional(),
    currency: currencySchema.optional(),
  })
  .openapi('CreateContactField', { example: { label: 'Plan', type: 'choice', options: ['basic', 'premium'] } });
export const updateContactFieldSchema = z
  .strictObject({
    label: fieldLabel.optional(),
    options: fieldOptions.optional(),
    position: z.number().int().min(0).max(200).optional(),
    retired: z.boolean().optional(),
  })
  .openapi('UpdateContactField', { example: { label: 'Tariff' } });

/** Somebody in a list of people: by number, or by an external id that somebody has already. */
const upsertedContactSchema = z.strictObject({
  phone: z.string().min(3).max(32).optional(),
  ...byWrittenField((name) => writtenField(name).schema.optional()),
  attributes: z.record(z.string().regex(attributeName), attributeSchema).optional(),
});
export const upsertContactsSchema = z
  .strictObject({ contacts: z.array(upsertedContactSchema).min(1).max(1_000) })
  .openapi('UpsertContacts', {
    example: {
      contacts: [{ phone: '+12025550143', external_id: 'customer-1042', first_name: 'Ada' }],
    },
  });
/** What became of each, in the order of the request. */
export const upsertedContactsSchema = z
  .object({
    created: z.number().int(),
    updated: z.number().int(),
    failed: z.number().int(),
    data: z.array(
      z.object({
        /** Null where it was refused. */
        id: contactIdSchema.nullable(),
        outcome: openEnum(['created', 'updated', 'refused']),
        errors: z.array(
          z.object({ path: z.array(z.union([z.string(), z.number()])), code: z.string(), message: z.string() }),
        ),
      }),
    ),
  })
  .openapi('UpsertedContacts');

/** CSV rows refused, by row (the header is row 1), at most 1,000 told one by one; the others are stored. */
export const importResultSchema = z
  .object({
    created: z.number().int(),
    updated: z.number().int(),
    ...importedShape,
  })
  .openapi('ImportResult');

export const consentEventSchema = z
  .object({
    purpose: z.string(),
    action: openEnum(consentActions),
    method: z.string(),
    wording: personal('text', z.string().nullable()),
    source_message_id: messageIdSchema.nullable(),
    source_text: personal('text', z.string().nullable()),
    flow_id: flowIdSchema.nullable(),
    /** What was agreed to, with the words that were shown. */
    programme: z
      .object({
        id: programmeIdSchema,
        name: z.string(),
        version: z.number().int(),
        disclosure: z.string(),
        /** SHA-256 of the words of that version, in hex. */
        hash: z.string(),
      })
      .nullable(),
    source: personal('text', z.string().nullable()),
    source_url: personal('text', z.string().nullable()),
    ip: personal('text', z.string().nullable()),
    user_agent: personal('text', z.string().nullable()),
    /** When the person said it, where it was recorded later. */
    given_at: time.nullable(),
    recorded_by: recorderSchema.nullable(),
    at: time,
  })
  .openapi('ConsentEvent');
export const consentHistorySchema = page(consentEventSchema).openapi('ConsentHistory');

export const contactListEntrySchema = z
  .object({
    id: contactListIdSchema,
    /** A list is whom one writes to, a tag says something of somebody. */
    kind: openEnum(listKinds),
    name: z.string(),
    /** How many people it has. */
    size: z.number().int(),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('List');
export const contactListsSchema = page(contactListEntrySchema).openapi('Lists');
const listName = z.string().trim().min(1).max(80);
export const createContactListSchema = z
  .strictObject({ name: listName, kind: z.enum(listKinds) })
  .openapi('CreateList', { example: { name: 'Newsletter', kind: 'list' } });
export const updateContactListSchema = z
  .strictObject({ name: listName })
  .openapi('UpdateList', { example: { name: 'Newsletter, weekly' } });
/** Some people by id, or everybody whom a filter is about: those whom the list of contacts shows with it. */
export const someContactsSchema = z.strictObject({
  contact_ids: z.array(contactIdSchema).min(1).max(1_000).optional(),
  filter: z
    .strictObject({
      search: searchSchema.optional(),
      external_id: searchSchema.max(200).optional(),
      list_id: z.string().max(40).optional(),
    })
    .optional(),
});
export const changeMembersSchema = someContactsSchema
  .extend({ action: z.enum(['add', 'remove']) })
  .openapi('ChangeMembers', { example: { action: 'add', filter: { search: 'Ada' } } });
export const changedMembersSchema = z
  .object({ changed: z.number().int(), list: contactListEntrySchema })
  .openapi('ChangedMembers');

export type ChangedMembers = z.infer<typeof changedMembersSchema>;

export type ContactListEntry = z.infer<typeof contactListEntrySchema>;

export type ContactField = z.infer<typeof contactFieldSchema>;

export type Contact = z.infer<typeof contactSchema>;

export type ImportResult = z.infer<typeof importResultSchema>;

export type ConsentEvent = z.infer<typeof consentEventSchema>;

export type CreateContact = z.input<typeof createContactSchema>;

export type UpdateContact = z.input<typeof updateContactSchema>;
