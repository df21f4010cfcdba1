import { z } from '@hono/zod-openapi';
import { someContactsSchema } from '../contacts/contract.ts';
import {
  contactIdSchema,
  deletionIdSchema,
  page,
  pageQuerySchema,
  recorderSchema,
  searchSchema,
  time,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';

export const deleteContactsSchema = someContactsSchema
  .extend({
    /** How many people you saw: where it is about others by now, nobody is deleted. */
    expected: z.int().nonnegative().optional(),
    /** Of an answer with people left: goes on with it, so that all of them come back together. */
    deletion_id: z.string().max(40).optional(),
  })
  .openapi('DeleteContacts', { example: { filter: { search: 'Ada' } } });

export const contactDeletionSchema = z
  .object({
    /** What brings them back: `POST /deleted-contacts/restore`. */
    deletion_id: deletionIdSchema,
    deleted: z.int(),
    /** How many it is still about: ask again with the `deletion_id`. */
    left: z.int(),
    /** When they are erased for good. */
    erased_at: time,
  })
  .openapi('ContactDeletion');
export type ContactDeletion = z.infer<typeof contactDeletionSchema>;

export const deletedContactSchema = z
  .object({
    id: contactIdSchema,
    first_name: personal('name', z.string().nullable()),
    last_name: personal('name', z.string().nullable()),
    phone: personal('phone', z.string()),
    deletion_id: deletionIdSchema,
    deleted_at: time,
    /** When they are erased for good, unless they are taken back before. */
    erased_at: time,
    /** Somebody else has the number or the external id by now, so that they cannot be taken back. */
    taken: z.boolean(),
    deleted_by: recorderSchema,
  })
  .openapi('DeletedContact');
export type DeletedContact = z.infer<typeof deletedContactSchema>;

export const deletedContactListSchema = page(deletedContactSchema)
  .extend({ total: z.int() })
  .openapi('DeletedContactList');
export const deletedContactQuerySchema = pageQuerySchema.extend({ search: searchSchema.optional() });

/** Some of the deleted by id, or all who were deleted together. */
const someDeletedSchema = z.strictObject({
  contact_ids: z.array(contactIdSchema).min(1).max(1_000).optional(),
  deletion_id: z.string().max(40).optional(),
});
export type SomeDeleted = z.output<typeof someDeletedSchema>;

export const restoreContactsSchema = someDeletedSchema.openapi('RestoreContacts', {
  example: { deletion_id: 'del_01jd4w7h8zqv3m5k2n9x6r0t4c' },
});
export const restoredContactsSchema = z
  .object({
    restored: z.int(),
    /** Who stays deleted, as somebody else has their number or external id by now. */
    taken: z.int(),
    /** Who is still to be taken back: ask again. */
    left: z.int(),
  })
  .openapi('RestoredContacts');
export type RestoredContacts = z.infer<typeof restoredContactsSchema>;

export const eraseContactsSchema = someDeletedSchema.openapi('EraseContacts', {
  example: { deletion_id: 'del_01jd4w7h8zqv3m5k2n9x6r0t4c' },
});
export const erasedContactsSchema = z.object({ erased: z.int(), left: z.int() }).openapi('ErasedContacts');
