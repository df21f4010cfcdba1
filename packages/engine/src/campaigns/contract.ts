import { z } from '@hono/zod-openapi';
import { readCron } from '@signalbox/nodes/time/cron';
import { isTimeZone } from '@signalbox/nodes/time/zoned-time';
import { occurrenceStates } from '../db/states.ts';
import { graphProblemSchema } from '../flows/contract.ts';
import {
  campaignIdSchema,
  contactListIdSchema,
  flowIdSchema,
  instantSchema,
  openEnum,
  page,
  pageQuerySchema,
  searchSchema,
  segmentIdSchema,
  time,
} from '../http/contract.ts';
import { fieldTexts } from '../http/texts.ts';

/** As it is shown: one that runs and whose flow is paused is `paused`. */
export const shownStates = ['draft', 'scheduled', 'running', 'paused', 'done', 'canceled'] as const;

/** People who are in an audience, or left out of it. */
const partSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('everyone') }),
    z.strictObject({ kind: z.literal('segment'), segment_id: segmentIdSchema }),
    z.strictObject({ kind: z.literal('list'), list_id: contactListIdSchema }),
    z.strictObject({ kind: z.literal('tag'), list_id: contactListIdSchema }),
    z.strictObject({
      kind: z.literal('condition'),
      condition: z.unknown().describe('A condition over people, as a segment has it.'),
    }),
  ])
  .openapi('AudiencePart');
/** Whoever is in one of `include` and in none of `exclude`. */
export const audienceSchema = z
  .strictObject({ include: z.array(partSchema).max(20), exclude: z.array(partSchema).max(20) })
  .openapi('Audience');
export type AudiencePart = z.infer<typeof partSchema>;
export type Audience = z.infer<typeof audienceSchema>;

const dateSchema = z.iso.date().openapi({ example: '2026-12-24' });
const timeOfDaySchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'A time of day such as 09:00' })
  .openapi({ example: '09:00' });
const zoneSchema = z.string().max(64).refine(isTimeZone, fieldTexts.time_zone_invalid);

/** When it goes out. */
export const scheduleSchema = z
  .discriminatedUnion('kind', [
    /** As soon as it is launched. */
    z.strictObject({ kind: z.literal('now') }),
    z.strictObject({ kind: z.literal('at'), date: dateSchema, time: timeOfDaySchema, zone: zoneSchema }),
    /** At that time where each person is. */
    z.strictObject({ kind: z.literal('local'), date: dateSchema, time: timeOfDaySchema }),
    z.strictObject({
      kind: z.literal('recurring'),
      /** Minute, hour, day of the month, month, weekday. */
      cron: z
        .string()
        .max(100)
        .refine((line) => readCron(line) !== null, fieldTexts.cron_invalid)
        .openapi({ example: '0 9 * * 1' }),
      zone: zoneSchema,
      ends_at: instantSchema.nullable(),
      /** Of those that nobody was there for: `skip` leaves out what is more than an hour late, `send` sends the last of them. */
      missed: z.enum(['skip', 'send']),
    }),
    /** To whoever comes into a segment from the launch on, once. */
    z.strictObject({ kind: z.literal('segment'), segment_id: segmentIdSchema, ends_at: instantSchema.nullable() }),
  ])
  .openapi('CampaignSchedule');
export type Schedule = z.infer<typeof scheduleSchema>;

/** How fast people are let in: spread over hours, or so many an hour; null is as fast as messages go out. */
export const paceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('spread'), hours: z.int().min(1).max(336) }),
    z.strictObject({ kind: z.literal('rate'), people_per_hour: z.int().min(1).max(10_000_000) }),
  ])
  .nullable()
  .openapi('CampaignPace', { type: ['object', 'null'] });
export type Pace = z.infer<typeof paceSchema>;

/** The config of the message's step, as a flow has it. */
const messageSchema = z.record(z.string(), z.json());

const peopleSchema = z.object({
  /** How many it was reckoned with when it began. */
  expected: z.number().int(),
  let_in: z.number().int(),
  already_in_flow: z.number().int(),
  /** On their way through the flow. */
  here: z.number().int(),
  failed: z.number().int(),
});

export const campaignSummarySchema = z
  .object({
    id: campaignIdSchema,
    name: z.string(),
    flow_id: flowIdSchema,
    state: openEnum(shownStates),
    schedule: scheduleSchema,
    /** Who it is for, in words. */
    audience_sentence: z.string(),
    /** When it goes out next, or began last. */
    next_at: time.nullable(),
    began_at: time.nullable(),
    ended_at: time.nullable(),
    people: peopleSchema,
    is_sample: z.boolean(),
    archived_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .openapi('CampaignSummary');
export type CampaignSummary = z.infer<typeof campaignSummarySchema>;

export const occurrenceSchema = z.object({
  at: time,
  state: openEnum(occurrenceStates),
  expected: z.number().int(),
  let_in: z.number().int(),
  already_in_flow: z.number().int(),
  began_at: time.nullable(),
  ended_at: time.nullable(),
});

export const campaignSchema = campaignSummarySchema
  .extend({
    audience: audienceSchema,
    /** Until when people are let in who come to be in the audience later; null where it is for those of the beginning. */
    grows_until: time.nullable(),
    pace: paceSchema,
    /** Null where the flow was drawn further and its step is gone. */
    message: messageSchema.nullable(),
    /** Whether the flow holds more than is shown here. */
    drawn_further: z.boolean(),
    /** Whether the flow’s draft is what went live last. */
    has_unpublished_changes: z.boolean(),
    /** What is wrong with its flow. */
    problems: z.array(graphProblemSchema),
    /** Of the people in it: who waits, whose message is on its way, and whose message went out or did not. */
    progress: z.object({
      waiting: z.number().int(),
      sending: z.number().int(),
      sent: z.number().int(),
      not_sent: z.number().int(),
    }),
    /** The last ten times that it went out, and the next. */
    occurrences: z.array(occurrenceSchema),
    /** Rises with every change of it and of its flow’s draft; the ETag is `"<revision>"`. */
    revision: z.number().int(),
  })
  .openapi('Campaign');
export type Campaign = z.infer<typeof campaignSchema>;

export const campaignListSchema = page(campaignSummarySchema).openapi('Campaigns');
export const campaignListQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
  state: z.enum(shownStates).optional(),
  /** `true` lists the archived ones in place of the others. */
  archived: z.enum(['true', 'false']).optional(),
});

const nameSchema = z.string().trim().min(1).max(80);
const settings = {
  audience: audienceSchema.optional(),
  grows_until: instantSchema.nullable().optional(),
  schedule: scheduleSchema.optional(),
  pace: paceSchema.optional(),
  message: messageSchema.optional(),
};
export const createCampaignSchema = z.strictObject({ name: nameSchema, ...settings }).openapi('CreateCampaign', {
  example: {
    name: 'Winter sale',
    audience: { include: [{ kind: 'everyone' }], exclude: [] },
    schedule: { kind: 'at', date: '2027-01-08', time: '09:00', zone: 'Europe/Berlin' },
    message: { text: 'The winter sale begins today.', purpose: 'marketing' },
  },
});
export const updateCampaignSchema = z
  .strictObject({ name: nameSchema.optional(), ...settings })
  .openapi('UpdateCampaign', { example: { pace: { kind: 'spread', hours: 4 } } });
export type Settings = Omit<z.infer<typeof updateCampaignSchema>, 'name'>;

export const resumeCampaignSchema = z
  .strictObject({
    /** From now on; as it was where it is left out. */
    pace: paceSchema.optional(),
  })
  .openapi('ResumeCampaign', { example: { pace: { kind: 'rate', people_per_hour: 600 } } });

export const duplicateCampaignSchema = z
  .strictObject({
    name: nameSchema.optional(),
    /** The same people, or those of them who got a message of it and followed none of its links. */
    audience: z.enum(['same', 'not_clicked']).default('same'),
  })
  .openapi('DuplicateCampaign', { example: { audience: 'not_clicked' } });
