import { z } from '@hono/zod-openapi';
import { reportedEventSchema } from '@signalbox/nodes/define/event-names';
import { contactIdSchema, instantSchema, scalarSchema } from '../http/contract.ts';

export const postEventSchema = z
  .strictObject({
    /** `order.placed`: people waiting for it move on; flows triggered by it let the contact in. */
    type: reportedEventSchema,
    contact_id: contactIdSchema,
    data: z.record(z.string().max(40), scalarSchema).default({}),
    /** RFC 3339, with an offset or Z. */
    occurred_at: instantSchema.optional(),
  })
  .openapi('PostEvent', {
    example: { type: 'order.placed', contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c', data: { total: 12.5 } },
  });
export const eventAcceptedSchema = z
  .object({ id: z.string(), enrolled: z.number().int(), moved: z.number().int() })
  .openapi('EventAccepted');
