import { z } from '@hono/zod-openapi';
import { time } from '../http/contract.ts';

export const sessionSchema = z
  .object({
    workspace: z.object({ id: z.string(), name: z.string(), time_zone: z.string() }),
    scope: z.string(),
    expires_at: time,
    demo: z
      .object({
        /** Business numbers of the demo carrier. */
        numbers: z.array(z.string()),
        /** A number for the on-screen phone that no seed contains. */
        suggested_phone: z.string(),
        has_sample_data: z.boolean(),
      })
      .nullable(),
  })
  .openapi('Session');

export type Session = z.infer<typeof sessionSchema>;
