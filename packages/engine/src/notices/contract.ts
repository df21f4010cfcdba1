import { z } from '@hono/zod-openapi';
import { noticeIdSchema, openEnum, page, pageQuerySchema, time } from '../http/contract.ts';
import { personal } from '../http/personal.ts';
import { severities } from './define-notice.ts';

export const noticeSchema = z
  .object({
    id: noticeIdSchema,
    /** `balance_low`, … */
    kind: z.string(),
    /** What it is about, by its id. */
    subject: z.string(),
    severity: openEnum(severities),
    /** What happened. */
    title: z.string(),
    /** What to do about it. */
    action: z.string(),
    /** Where in the editor it is put right; null where nobody knows. */
    remedy: z.object({ label: z.string(), path: z.string() }).nullable(),
    raised_at: time,
    /** Null while it goes on. */
    resolved_at: time.nullable(),
    /** Null until somebody in the workspace has read it. */
    read_at: time.nullable(),
    /** Null where nobody was mailed about it. */
    mailed_at: time.nullable(),
  })
  .openapi('Notice');
export type Notice = z.infer<typeof noticeSchema>;

export const noticeListSchema = page(noticeSchema)
  .extend({
    /** How many notices nobody has read, of all. */
    unread: z.number().int(),
  })
  .openapi('NoticeList');
export type NoticeList = z.infer<typeof noticeListSchema>;

export const testMailSchema = z
  .strictObject({
    /** Whoever asks, at their own address. */
    to: personal('email', z.email().max(254)),
  })
  .openapi('TestMail', { example: { to: 'ann@example.com' } });

export const testMailResultSchema = z
  .object({
    /** The relay has taken it. */
    ok: z.boolean(),
    /** What went wrong, such as `EAUTH` or `EENVELOPE_550`; null where nothing did, or where there is no relay: `missing` says so. */
    code: z.string().nullable(),
    /** What the relay answered when it refused, in its words. */
    said: personal('text', z.string()).nullable(),
    /** Settings that are missing for mails to go out at all. */
    missing: z.array(z.string()),
  })
  .openapi('TestMailResult');
export type TestMailResult = z.infer<typeof testMailResultSchema>;

export const noticeListQuerySchema = pageQuerySchema.extend({ state: z.enum(['open', 'past']).optional() });
