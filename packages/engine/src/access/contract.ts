import { z } from '@hono/zod-openapi';
import { complianceWords } from '@signalbox/nodes/text/compliance-words';
import { isCountry } from '@signalbox/nodes/text/countries';
import { canonicalLanguage } from '@signalbox/nodes/text/language-tag';
import { openingHoursSchema } from '@signalbox/nodes/time/opening-hours';
import { isHolidayRegion } from '@signalbox/nodes/time/public-holidays';
import { isTimeZone } from '@signalbox/nodes/time/zoned-time';
import { currencySchema, page, pageQuerySchema, searchSchema, time } from '../http/contract.ts';
import { personal } from '../http/personal.ts';
import { fieldTexts } from '../http/texts.ts';
import { isHostName } from './host-name.ts';

export const sessionSchema = z
  .object({
    workspace: z.object({ id: z.string(), name: z.string(), time_zone: z.string(), home_country: z.string() }),
    scope: z.string(),
    expires_at: time,
    demo: z
      .object({
        /** Business numbers of the demo carrier. */
        numbers: z.array(z.string()),
        /** A number for the on-screen phone that no seed contains. */
        suggested_phone: z.string(),
        has_sample_data: z.boolean(),
        /** Where the demo carrier speaks every provider’s API: for the base_url of an account. */
        carrier_url: z.string(),
      })
      .nullable(),
  })
  .openapi('Session');

export const workspaceSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** Holds for people without a time zone of their own. */
    time_zone: z.string(),
    /** ISO 3166-1 alpha-2. Numbers that are written without a country code are numbers of this country. */
    home_country: z.string(),
    /** ISO 4217. */
    currency: z.string(),
    /** BCP 47: what the workspace’s texts are written in. */
    language: z.string(),
    /** Whom people are told that a message is from; null until it is set. */
    brand: z.string().nullable(),
    /** The host of short links; null until it is set. */
    link_domain: z.string().nullable(),
    /** What STOP, START and HELP are answered with, after the brand; null for the text of the person’s language. */
    stop_answer: z.string().nullable(),
    start_answer: z.string().nullable(),
    help_answer: z.string().nullable(),
    /** Whether transactional messages of which nobody ever learns whether they were sent are sent once more. */
    resend_unknown: z.boolean(),
    /** Whom notices are mailed to. */
    notice_emails: personal('email', z.array(z.string())),
    /** Whether mails go out at all: SMTP_URL is set. */
    sends_mail: z.boolean(),
    /** Another one after every change; the ETag is `"<revision>"`. */
    revision: z.string(),
    created_at: time,
  })
  .openapi('Workspace');
export type Workspace = z.infer<typeof workspaceSchema>;

const answerSchema = z.string().trim().min(1).max(300).nullable();
/** One of the words that opt out in every country stands in the text. */
const saysHowToStop = (text: string): boolean =>
  (text.match(/\p{L}+/gu) ?? []).some((word) => complianceWords.stop.includes(word));

export const updateWorkspaceSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(80).optional(),
    time_zone: z.string().max(64).refine(isTimeZone, fieldTexts.time_zone_invalid).optional(),
    home_country: z.string().trim().max(10).toUpperCase().refine(isCountry, fieldTexts.country_unknown).optional(),
    currency: currencySchema.optional(),
    language: z
      .string()
      .trim()
      .max(35)
      .overwrite((tag) => canonicalLanguage(tag) ?? tag)
      .refine((tag) => canonicalLanguage(tag) !== null, fieldTexts.language_invalid)
      .optional(),
    brand: z.string().trim().min(1).max(60).nullable().optional(),
    link_domain: z
      .string()
      .trim()
      .max(253)
      .toLowerCase()
      .refine(isHostName, fieldTexts.host_name_invalid)
      .nullable()
      .optional(),
    stop_answer: answerSchema.optional(),
    start_answer: answerSchema.optional(),
    help_answer: answerSchema
      .refine((text) => text === null || saysHowToStop(text), fieldTexts.answer_without_stop)
      .optional(),
    resend_unknown: z.boolean().optional(),
    notice_emails: z
      .array(z.email().max(254))
      .max(20)
      .overwrite((emails) => [...new Set(emails)])
      .optional(),
  })
  .openapi('UpdateWorkspace', {
    example: { time_zone: 'Europe/Berlin', home_country: 'DE', currency: 'EUR', language: 'de' },
  });
export type UpdateWorkspace = z.infer<typeof updateWorkspaceSchema>;

const dateSchema = z.iso.date();
/** Each date once, in order. */
const inOrder = <T>(days: readonly T[], dateOf: (day: T) => string): T[] =>
  [...new Map(days.map((day) => [dateOf(day), day])).values()].sort((a, b) => (dateOf(a) < dateOf(b) ? -1 : 1));
const { hours, closed_days, open_days } = openingHoursSchema.shape;

export const openingHoursDocumentSchema = z
  .object({
    /** The workspace’s. */
    id: z.string(),
    /** Hours of the week in the workspace’s time zone; without any every hour of a day that is not closed. 1 is Monday. */
    hours: z.array(z.object({ days: z.array(z.int()), from: z.string(), to: z.string() })),
    /** Whether the public holidays of the home country are closed. */
    holidays: z.boolean(),
    /** The part of the home country whose holidays are kept as well, by its ISO 3166-2 code. */
    region: z.string().nullable(),
    closed_days: z.array(z.object({ date: dateSchema, name: z.string() })),
    /** Public holidays that are open all the same. */
    open_days: z.array(dateSchema),
    /** The parts of the home country that have holidays of their own. */
    regions: z.array(z.string()),
    /** The public holidays of the home country and the region, of the next twelve months; none where its holidays are not known. */
    public_holidays: z.array(z.object({ date: dateSchema, name: z.string() })),
    time_zone: z.string(),
    is_open: z.boolean(),
    /** When it opens next, or now where it is open; null where it does not within two months. */
    opens_at: time.nullable(),
    /** Rises with every change; the ETag is `"<revision>"`. */
    revision: z.number().int(),
  })
  .openapi('OpeningHours');
export type OpeningHoursDocument = z.infer<typeof openingHoursDocumentSchema>;

export const updateOpeningHoursSchema = z
  .strictObject({
    hours: hours.unwrap().optional(),
    holidays: z.boolean().optional(),
    region: z.string().max(6).refine(isHolidayRegion, fieldTexts.region_unknown).nullable().optional(),
    closed_days: closed_days
      .unwrap()
      .overwrite((days) => inOrder(days, ({ date }) => date))
      .optional(),
    open_days: open_days
      .unwrap()
      .overwrite((days) => inOrder(days, (date) => date))
      .optional(),
  })
  .openapi('UpdateOpeningHours', {
    example: {
      hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
      holidays: true,
      closed_days: [{ date: '2026-12-24', name: 'Christmas Eve' }],
    },
  });

export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: time,
    /** By which kind of credential (`session`, `bearer`), and the beginning of its hash, as the log has it. */
    actor: z.object({ kind: z.string(), id: z.string() }),
    resource: z.string(),
    verb: z.string(),
    /** `contact.created`, `flow.published`, … */
    action: z.string(),
    /** The action as a sentence. */
    text: z.string(),
    /** Id of what was changed, where it has one. */
    subject: z.string().nullable(),
    /** Names of the request’s fields. */
    fields: z.array(z.string()),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    request_id: z.string(),
  })
  .openapi('AuditEntry');
export const auditListSchema = page(auditEntrySchema).openapi('AuditList');
export const auditListQuerySchema = pageQuerySchema.extend({
  resource: searchSchema.optional(),
  action: searchSchema.optional(),
  subject: searchSchema.optional(),
});

export type Session = z.infer<typeof sessionSchema>;
