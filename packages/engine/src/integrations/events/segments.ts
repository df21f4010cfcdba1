import { sql } from 'kysely';
import { z } from 'zod';
import { contactIdSchema, segmentIdSchema, time } from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { defineEvents } from './define-events.ts';

const schema = z.object({
  segment_id: segmentIdSchema,
  contact_id: contactIdSchema,
  /** What the segment is called now. */
  name: z.string(),
  at: time,
});

/** Who comes into segments and who leaves them, as people change and as time passes. */
export const segmentEvents = defineEvents({
  schema,
  example: {
    segment_id: 'seg_01jd4w7h8zqv3m5k2n9x6r0t4c',
    contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c',
    name: 'Talked to us lately',
    at: '2026-11-22T17:35:00.000Z',
  },
  types: {
    'segment.entered': { title: 'Somebody came into a segment' },
    'segment.left': { title: 'Somebody left a segment' },
  },
  async read({ tx, workspaceId }, ids) {
    const { rows } = await sql<{ id: string; segment_id: string; contact_id: string; name: string; at: Date }>`
      SELECT k.id, k.segment_id, k.contact_id, s.name, k.at
      FROM segment_changes k JOIN segments s ON s.workspace_id = k.workspace_id AND s.id = k.segment_id
      WHERE k.workspace_id = ${workspaceId} AND k.id = ANY(${[...ids]}::uuid[])`.execute(tx);
    return new Map(
      rows.map(({ id, segment_id, contact_id, name, at }) => {
        const segment = shown('segment', segment_id);
        const data = { segment_id: segment, contact_id: shown('contact', contact_id), name, at: at.toISOString() };
        return [id, { contactId: contact_id, cause: segment, data }];
      }),
    );
  },
});
