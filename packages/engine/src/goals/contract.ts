import { z } from '@hono/zod-openapi';
import { eventNameSchema, isOwnEvent } from '@signalbox/nodes/define/event-names';
import {
  contactIdSchema,
  currencySchema,
  eventIdSchema,
  goalIdSchema,
  openEnum,
  page,
  pageQuerySchema,
  time,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';

/** What a goal came to in the last 30 days. */
const totalsSchema = z.object({
  conversions: z.number().int(),
  people: z.number().int(),
  /** Conversions whose event said no number; all of them where the goal has no value. */
  without_value: z.number().int(),
  /** What they add up to, in millionths of the goal's currency; null where none has a value. */
  micro_units: z.string().nullable(),
});

export const goalSchema = z
  .object({
    id: goalIdSchema,
    name: z.string(),
    /** The type of the events that count. */
    event: z.string(),
    /** The field of an event's data that holds what it is worth; null for a goal that only counts. */
    value_field: z.string().nullable(),
    currency: z.string().nullable(),
    /** Days after a click within which a conversion is put down to it, unless a report says otherwise. */
    window_days: z.number().int(),
    /** The same after a delivery. */
    delivery_days: z.number().int(),
    archived: z.boolean(),
    /** `filling` until what happened in the 30 days before it is counted. */
    state: openEnum(['filling', 'ready']),
    last_30_days: totalsSchema,
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('Goal');
export const goalListSchema = page(goalSchema).openapi('Goals');
export type Goal = z.infer<typeof goalSchema>;

const name = z.string().trim().min(1).max(80);
const days = z.number().int().min(1).max(90);
/** What people do, as another system reports it, or a text of theirs. */
const eventSchema = eventNameSchema.refine((event) => event === 'message.received' || !isOwnEvent(event), {
  error: 'Name an event that is reported, link.clicked or message.received',
});

export const createGoalSchema = z
  .strictObject({
    name,
    event: eventSchema,
    value_field: z.string().trim().min(1).max(40).optional(),
    /** Of the values; the workspace's unless another is named. */
    currency: currencySchema.optional(),
    window_days: days.default(5),
    delivery_days: days.default(1),
  })
  .openapi('CreateGoal', {
    example: { name: 'Order', event: 'order.placed', value_field: 'total', currency: 'USD' },
  });
export const updateGoalSchema = z
  .strictObject({
    name: name.optional(),
    window_days: days.optional(),
    delivery_days: days.optional(),
    archived: z.boolean().optional(),
  })
  .openapi('UpdateGoal', { example: { window_days: 7 } });

export const conversionQuerySchema = pageQuerySchema;
export const conversionSchema = z
  .object({
    event_id: eventIdSchema,
    contact_id: contactIdSchema,
    first_name: personal('name', z.string().nullable()),
    last_name: personal('name', z.string().nullable()),
    /** Null of somebody who was deleted. */
    phone: personal('phone', z.string().nullable()),
    at: time,
    /** In millionths; null where the goal has no value, or the event said no number. */
    micro_units: z.string().nullable(),
    currency: z.string().nullable(),
  })
  .openapi('Conversion');
export const conversionListSchema = page(conversionSchema).openapi('Conversions');
export type Conversion = z.infer<typeof conversionSchema>;

export const goalDaysSchema = z
  .object({
    data: z.array(
      z.object({
        /** On the workspace's clocks. */
        day: z.string().openapi({ example: '2026-11-30' }),
        conversions: z.number().int(),
        without_value: z.number().int(),
        micro_units: z.string().nullable(),
      }),
    ),
  })
  .openapi('GoalDays');
export type GoalDays = z.infer<typeof goalDaysSchema>;
