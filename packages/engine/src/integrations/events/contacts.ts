import { sql } from 'kysely';
import { z } from 'zod';
import { contactIdSchema, time } from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { defineEvents } from './define-events.ts';

const schema = z.object({
  contact_id: contactIdSchema,
  /** Of the profile as it was when this was read: the API has its fields. */
  revision: z.number().int(),
  updated_at: time,
});

/** What happens to people's profiles and numbers: ids alone. */
export const contactEvents = defineEvents({
  schema,
  example: { contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c', revision: 1, updated_at: '2026-11-22T17:35:00.000Z' },
  types: {
    'contact.created': { title: 'A contact was added' },
    'contact.updated': { title: 'A contact’s profile changed', example: { revision: 2 } },
    'contact.deleted': { title: 'A contact was deleted' },
    'contact.restored': { title: 'A deleted contact was taken back' },
    'contact.opted_out': { title: 'A contact’s number may not be texted any more' },
    'contact.opted_in': { title: 'A contact’s number may be texted again' },
  },
  async read({ tx, workspaceId }, ids) {
    const rows = await sql<{ id: string; revision: number; updated_at: Date }>`
      SELECT id, revision, updated_at FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[])`.execute(
      tx,
    );
    return new Map(
      rows.rows.map(({ id, revision, updated_at }) => [
        id,
        {
          contactId: id,
          cause: null,
          data: { contact_id: shown('contact', id), revision, updated_at: updated_at.toISOString() },
        },
      ]),
    );
  },
});
