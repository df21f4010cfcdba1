import { sql } from 'kysely';
import { z } from 'zod';
import { contactIdSchema, enrollmentIdSchema, flowIdSchema, time } from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { defineEvents } from './define-events.ts';

/** People’s passages through flows. */
export const enrollmentEvents = defineEvents({
  schema: z.object({
    enrollment_id: enrollmentIdSchema,
    contact_id: contactIdSchema,
    flow_id: flowIdSchema,
    /** Of the flow. */
    version: z.number().int(),
    /** The code of why it ended so. */
    reason: z.string().nullable(),
    started_at: time,
    finished_at: time.nullable(),
  }),
  example: {
    enrollment_id: 'enr_01jd4w7h8zqv3m5k2n9x6r0t4c',
    contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c',
    flow_id: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c',
    version: 7,
    reason: null,
    started_at: '2026-11-22T17:35:00.000Z',
    finished_at: '2026-11-24T09:00:00.000Z',
  },
  types: {
    'enrollment.started': { title: 'Somebody entered a flow', example: { finished_at: null } },
    'enrollment.finished': { title: 'Somebody came to the end of a flow' },
    'enrollment.failed': { title: 'Somebody could not go on in a flow', example: { reason: 'template_failed' } },
    'enrollment.stopped': { title: 'Somebody was taken out of a flow', example: { reason: 'opted_out' } },
  },
  async read({ tx, workspaceId }, ids) {
    const rows = await sql<{
      id: string;
      contact_id: string;
      flow_id: string;
      number: number;
      reason: string | null;
      started_at: Date;
      finished_at: Date | null;
    }>`
      SELECT e.id, e.contact_id, e.flow_id, v.number, e.reason, e.started_at, e.finished_at FROM (
        SELECT workspace_id, id, contact_id, flow_id, version_id, NULL AS reason, started_at, NULL::timestamptz AS finished_at
        FROM enrollments WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[])
        UNION ALL
        SELECT workspace_id, id, contact_id, flow_id, version_id, reason->>'code', started_at, finished_at
        FROM enrollment_history WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[])
      ) e JOIN flow_versions v ON v.workspace_id = e.workspace_id AND v.id = e.version_id`.execute(tx);
    return new Map(
      rows.rows.map((row) => [
        row.id,
        {
          contactId: row.contact_id,
          cause: null,
          data: {
            enrollment_id: shown('enrollment', row.id),
            contact_id: shown('contact', row.contact_id),
            flow_id: shown('flow', row.flow_id),
            version: row.number,
            reason: row.reason,
            started_at: row.started_at.toISOString(),
            finished_at: row.finished_at?.toISOString() ?? null,
          },
        },
      ]),
    );
  },
});
