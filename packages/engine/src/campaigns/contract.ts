import { z } from '@hono/zod-openapi';
import { readCron } from '@signalbox/nodes/time/cron';
import { isTimeZone } from '@signalbox/nodes/time/zoned-time';
import { occurrenceStates } from '../db/states.ts';
import { graphProblemSchema } from '../flows/contract.ts';
import {
  campaignIdSchema,
  contactIdSchema,
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
import { personal } from '../http/personal.ts';
import { fieldTexts } from '../http/texts.ts';
import { reachSchema } from '../segments/contract.ts';

/** As it is shown: one that runs and whose flow is paused is `paused`. */
export const shownStates = ['draft', 'scheduled', 'running', 'paused', 'done', 'canceled'] as const;

/** People who are in an audience, or left out of it. */
const partOf = (condition: z.ZodType<unknown>) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('everyone') }),
    z.strictObject({ kind: z.literal('segment'), segment_id: segmentIdSchema }),
    z.strictObject({ kind: z.literal('list'), list_id: contactListIdSchema }),
    z.strictObject({ kind: z.literal('tag'), list_id: contactListIdSchema }),
    z.strictObject({ kind: z.literal('condition'), condition }),
  ]);
const shownPartSchema = partOf(z.unknown()).openapi('AudiencePart');
const sentPartSchema = partOf(z.unknown().describe('A condition over people, as a segment has it.')).openapi(
  'SentAudiencePart',
);
/** Whoever is in one of `include` and in none of `exclude`. */
export const audienceSchema = z
  .object({ include: z.array(shownPartSchema), exclude: z.array(shownPartSchema) })
  .openapi('Audience');
const sentAudienceSchema = z
  .strictObject({ include: z.array(sentPartSchema).max(20), exclude: z.array(sentPartSchema).max(20) })
  .openapi('SentAudience');
export type AudiencePart = z.infer<typeof shownPartSchema>;
export type Audience = z.infer<typeof audienceSchema>;

const dateSchema = z.iso.date().openapi({ example: '2026-12-24' });
const timeOfDaySchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'A time of day such as 09:00' })
  .openapi({ example: '09:00' });
const zoneSchema = z.string().max(64).refine(isTimeZone, fieldTexts.time_zone_invalid);

const missedKinds = ['skip', 'send'] as const;

/** When it goes out. */
const scheduleOf = (missed: z.ZodType<(typeof missedKinds)[number]>) =>
  z.discriminatedUnion('kind', [
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
      missed,
    }),
    /** To whoever comes into a segment from the launch on, once. */
    z.strictObject({ kind: z.literal('segment'), segment_id: segmentIdSchema, ends_at: instantSchema.nullable() }),
  ]);
export const scheduleSchema = scheduleOf(openEnum(missedKinds)).openapi('CampaignSchedule');
const sentScheduleSchema = scheduleOf(z.enum(missedKinds)).openapi('SentCampaignSchedule');
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
const messageSchema = z.record(z.string(), z.unknown());

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
  audience: sentAudienceSchema.optional(),
  grows_until: instantSchema.nullable().optional(),
  schedule: sentScheduleSchema.optional(),
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

const personShape = {
  contact_id: contactIdSchema,
  first_name: personal('name', z.string().nullable()),
  last_name: personal('name', z.string().nullable()),
  phone: personal('phone', z.string()),
};
const moneySchema = z.object({ micro_units: z.string(), currency: z.string() });

/** What would become of it, as things stand. */
export const campaignCheckSchema = z
  .object({
    /** The moment that it is asked about: when the campaign goes out. */
    at: time,
    /** People in the audience, and who of them can be written to. */
    size: z.number().int(),
    reach: reachSchema,
    /** People who were looked at one by one; where they are not all, counts are reckoned from them. */
    looked_at: z.number().int(),
    exact: z.boolean(),
    /** Who gets it, sooner or later. */
    reached: z.number().int(),
    /** Why some do not get it, or not at once, the most first: by the gate’s own rules, and by what the message says where something is not known. */
    outcomes: z.array(
      z.object({
        kind: openEnum(['refuse', 'later', 'left_out']),
        code: z.string(),
        /** As it is said of one of them. */
        text: z.string(),
        people: z.number().int(),
        /** Ten of them at most. */
        samples: z.array(z.object(personShape)),
      }),
    ),
    /** People about whom something is not known that the message names. */
    with_gaps: z.number().int(),
    segments: z.number().int(),
    by_country: z.array(
      z.object({
        country: z.string().nullable(),
        people: z.number().int(),
        segments: z.number().int(),
        /** Null where nobody knows what a segment costs there. */
        micro_units: z.string().nullable(),
      }),
    ),
    cost: moneySchema,
    /** People whose message nobody knows the price of. */
    unpriced: z.number().int(),
    /** Segments a second that its senders may send; null where nothing says so. */
    per_second: z.number().int().nullable(),
    /** When the last of it is out, at the pace and the rates as they stand; null where nobody can say. */
    finishes_at: time.nullable(),
    /** Links of the message. `broken` is answered with an error, `unreachable` not at all, `insecure` has no https. */
    links: z.array(
      z.object({ target: z.string(), state: openEnum(['fine', 'insecure', 'broken', 'unreachable', 'not_asked']) }),
    ),
  })
  .openapi('CampaignCheck');
export type CampaignCheck = z.infer<typeof campaignCheckSchema>;

export const testCampaignSchema = z
  .strictObject({ contact_ids: z.array(contactIdSchema).min(1).max(10) })
  .openapi('TestCampaign', { example: { contact_ids: ['con_01jd4w7h8zqv3m5k2n9x6r0t4c'] } });
export const testedCampaignSchema = z
  .object({
    data: z.array(
      z.object({
        contact_id: contactIdSchema,
        state: openEnum(['queued', 'refused', 'left_out']),
        reason: z.object({ code: z.string(), text: z.string() }).nullable(),
      }),
    ),
  })
  .openapi('TestedCampaign');

const shareSchema = z.object({ people: z.number().int(), low: z.number(), high: z.number() });
const resultShape = {
  sent: z.number().int(),
  delivered: shareSchema,
  clicked: shareSchema,
  replied: shareSchema,
  opted_out: shareSchema,
};

/** What became of it: people, and between which shares that of all like them is likely to lie. */
export const campaignResultsSchema = z
  .object({
    ...resultShape,
    not_sent: z.number().int(),
    /** Why not, the most first. */
    refusals: z.array(z.object({ code: z.string(), text: z.string(), people: z.number().int() })),
    cost: moneySchema,
    by_country: z.array(z.object({ country: z.string().nullable(), ...resultShape })),
    /** By the segments that people are in now, those first who followed its links most surely. */
    by_segment: z.array(z.object({ segment_id: segmentIdSchema, name: z.string(), ...resultShape })),
    /** Whether all of its messages were looked at, or the newest alone. */
    complete: z.boolean(),
    /** Up to so long after a message a text or an opt-out is put down to it. */
    hours: z.number().int(),
  })
  .openapi('CampaignResults');
export type CampaignResults = z.infer<typeof campaignResultsSchema>;

/** What is planned, and what was, in a time. */
export const campaignCalendarSchema = z
  .object({
    data: z.array(
      z.object({
        campaign_id: campaignIdSchema,
        name: z.string(),
        at: time,
        state: openEnum([...occurrenceStates, 'draft']),
        /** How many people it is for, or was. */
        people: z.number().int(),
      }),
    ),
  })
  .openapi('CampaignCalendar');
export const campaignCalendarQuerySchema = z.object({
  /** Now, where it is left out. */
  from: instantSchema.optional(),
  /** A month later, where it is left out. */
  to: instantSchema.optional(),
});
export type CampaignCalendar = z.infer<typeof campaignCalendarSchema>;
