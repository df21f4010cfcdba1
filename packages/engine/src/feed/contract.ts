import { z } from '@hono/zod-openapi';
import { flowCountsSchema } from '../flows/contract.ts';
import { contactIdSchema, flowIdSchema } from '../http/contract.ts';

/**
 * Server-sent events at GET /api/v1/stream (one per browser). `id:` is an opaque cursor; resume with Last-Event-ID.
 * `snapshot`: every flow's counts; `counts`: absolute counts of the flows that changed; `changed`: ids whose documents changed,
 * to be read again (`flows`, `contacts` = conversations or profiles that changed; `topics`, whatever changed by topic; `all` where
 * too many changed to name).
 */
export const streamEventSchema = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('snapshot'), data: z.object({ counts: z.array(flowCountsSchema) }) }),
    z.object({ event: z.literal('counts'), data: z.object({ counts: z.array(flowCountsSchema) }) }),
    z.object({
      event: z.literal('changed'),
      data: z.object({
        flows: z.array(flowIdSchema),
        contacts: z.array(contactIdSchema),
        /** The same and everything else, by topic: `flows`, `contacts`, `accounts`, … */
        topics: z.array(z.object({ topic: z.string(), ids: z.array(z.string()) })),
        all: z.boolean(),
      }),
    }),
  ])
  .openapi('StreamEvent');

/** An event that is not here yet. */
export const laterEventSchema = z.looseObject({ event: z.string(), data: z.unknown() }).openapi('LaterStreamEvent');

export type StreamEvent = z.infer<typeof streamEventSchema>;
