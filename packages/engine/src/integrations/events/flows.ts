import { sql } from 'kysely';
import { z } from 'zod';
import { flowIdSchema } from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { defineEvents } from './define-events.ts';

const example = { flow_id: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c', name: 'Welcome' };

/** New versions of flows. */
export const versionEvents = defineEvents({
  schema: z.object({ flow_id: flowIdSchema, name: z.string(), version: z.number().int() }),
  example: { ...example, version: 7 },
  types: { 'flow.published': { title: 'A version of a flow was published' } },
  async read({ tx, workspaceId }, ids) {
    const rows = await sql<{ id: string; flow_id: string; name: string; number: number }>`
      SELECT v.id, v.flow_id, f.name, v.number FROM flow_versions v JOIN flows f ON f.workspace_id = v.workspace_id AND f.id = v.flow_id
      WHERE v.workspace_id = ${workspaceId} AND v.id = ANY(${[...ids]}::uuid[])`.execute(tx);
    return new Map(
      rows.rows.map(({ id, flow_id, name, number }) => [
        id,
        { contactId: null, cause: null, data: { flow_id: shown('flow', flow_id), name, version: number } },
      ]),
    );
  },
});

/** What happens to flows that were published. */
export const flowEvents = defineEvents({
  schema: z.object({
    flow_id: flowIdSchema,
    name: z.string(),
    /** Why it paused by itself: the step and the code that too many people failed with. */
    paused_by: z.object({ step: z.string(), code: z.string() }).nullable(),
  }),
  example: { ...example, paused_by: null },
  types: {
    'flow.paused': {
      title: 'A flow was paused, or paused itself',
      example: { paused_by: { step: 'send', code: 'template_failed' } },
    },
    'flow.resumed': { title: 'A flow goes on after a pause or a stop' },
    'flow.stopped': { title: 'A flow was stopped' },
  },
  async read({ tx, workspaceId }, ids) {
    const rows = await sql<{ id: string; name: string; paused_by: { step: string; code: string } | null }>`
      SELECT id, name, paused_by FROM flows WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[])`.execute(
      tx,
    );
    return new Map(
      rows.rows.map(({ id, name, paused_by }) => [
        id,
        { contactId: null, cause: null, data: { flow_id: shown('flow', id), name, paused_by } },
      ]),
    );
  },
});
