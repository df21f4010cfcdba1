import { z } from '@hono/zod-openapi';
import { attributionModels } from '../goals/attribution.ts';
import { flowIdSchema, goalIdSchema, openEnum } from '../http/contract.ts';
import { noReturns } from './flow-return.ts';

const days = z.coerce.number().int().min(1).max(90);

export const returnQuerySchema = z.object({
  /** Whom a conversion is put down to where several messages led to it. */
  model: z.enum(attributionModels).default('last_touch'),
  /** Days after a click, for all goals; each goal's own unless it is said. */
  window_days: days.optional(),
  /** The same after a delivery. */
  delivery_days: days.optional(),
  /** One goal; all that are not archived unless one is named. */
  goal_id: goalIdSchema.optional(),
  /** How far back conversions and costs go. */
  days: z.coerce.number().int().min(1).max(365).default(90),
});

const amountSchema = z.object({ currency: z.string(), micro_units: z.string() });

export const flowReturnSchema = z
  .object({
    flow_id: flowIdSchema,
    model: openEnum(attributionModels),
    days: z.number().int(),
    /** By goal. Goals of the same event count it each. */
    goals: z.array(
      z.object({
        goal_id: goalIdSchema,
        name: z.string(),
        window_days: z.number().int(),
        delivery_days: z.number().int(),
        /** Conversions that messages of the flow had a part in. */
        conversions: z.number().int(),
        /** What the flow got of them, in millionths of a conversion. */
        credit_micro: z.string(),
        currency: z.string().nullable(),
        /** What it got of their worth, in millionths of the currency. */
        micro_units: z.string().nullable(),
        /** People whom a step drew for a way without messages, beside those whom it drew for another; null where none did. */
        holdout: z
          .object({
            reached: z.object({ people: z.number().int(), converted: z.number().int() }),
            held_out: z.object({ people: z.number().int(), converted: z.number().int() }),
            /** By how much the first convert more, as a share of people, with its interval of 95 %; null where a group is empty. */
            difference: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
          })
          .nullable(),
      }),
    ),
    /** False where there were too many conversions: the newest 20,000 were looked at. */
    complete: z.boolean(),
    revenue: z.array(amountSchema),
    /** Of the flow's messages. */
    cost: z.array(amountSchema),
    messages: z.number().int(),
    /** What came back of each unit that was spent, less that unit: 0.5 is half more than was spent. */
    roi: z.number().nullable(),
    /** Why there is none. */
    roi_missing: openEnum(noReturns).nullable(),
  })
  .openapi('FlowReturn');
export type FlowReturn = z.infer<typeof flowReturnSchema>;
