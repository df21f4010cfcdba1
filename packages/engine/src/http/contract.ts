import { z } from '@hono/zod-openapi';
import { personal } from './personal.ts';
import { fieldTexts } from './texts.ts';

/**
 * What every contract is made of. Each room's `contract.ts` is the one statement that its routes, OpenAPI and the editor's types come
 * from: snake_case; times RFC 3339 in UTC; ids `<prefix>_<base32>`; enums in answers are open: clients must tolerate new values.
 */

const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`))
    .openapi({ example: `${prefix}_01jd4w7h8zqv3m5k2n9x6r0t4c` });
/** An instant. */
export const time = z.iso.datetime().openapi({ example: '2026-11-22T17:35:00.000Z' });

/** An instant in a request: with any offset, as people and programs write it. */
export const instantSchema = z.iso.datetime({ offset: true }).openapi({ example: '2026-11-22T17:35:00+01:00' });

export const flowIdSchema = id('flw');
export const contactIdSchema = id('con');
export const messageIdSchema = id('msg');
export const enrollmentIdSchema = id('enr');
export const batchIdSchema = id('bat');
export const accountIdSchema = id('acc');
export const senderIdSchema = id('snd');
export const routeIdSchema = id('rte');
export const holdIdSchema = id('hld');
export const retryIdSchema = id('rty');
export const priceIdSchema = id('prc');
export const noticeIdSchema = id('ntc');
export const webhookIdSchema = id('whk');
export const deliveryIdSchema = id('dlv');
export const eventIdSchema = id('evt');
export const programmeIdSchema = id('prg');
export const suppressionIdSchema = id('sup');
export const mediaIdSchema = id('med');
export const contactFieldIdSchema = id('fld');
export const contactListIdSchema = id('lst');
export const deletionIdSchema = id('del');
export const segmentIdSchema = id('seg');
export const templateIdSchema = id('tpl');
export const goalIdSchema = id('gol');
export const testIdSchema = id('tst');
export const codePoolIdSchema = id('cpl');
export const campaignIdSchema = id('cmp');
export const formIdSchema = id('frm');

/** Who recorded something: a browser session or a token, by the name that the audit trail has for it. */
export const recorderSchema = z.object({ kind: z.string(), id: z.string() });

/**
 * One of these in an answer, and in time one that is not here yet: our own code knows every value, and the document says that others may
 * come. What a request may say is closed: there it is `z.enum`.
 */
export const openEnum = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.enum(values).openapi({ type: 'string', anyOf: [{ enum: [...values] }, { type: 'string' }] });

/** A page of a list. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** Text that a column can hold. */
export const searchSchema = z
  .string()
  .max(100)
  .refine((text) => !text.includes('\u0000'), 'holds a character that cannot be searched for');

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** RFC 9457, with a stable `code` and the field errors that a form shows in place. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    /** What is particular to this case, where there is something; never the title again. */
    detail: z.string().optional(),
    /** What to do about it. */
    action: z.string(),
    request_id: z.string(),
    errors: z
      .array(z.object({ path: z.array(z.union([z.string(), z.number()])), code: z.string(), message: z.string() }))
      .optional(),
    /** Problems of a flow graph, by step id and path. */
    problems: z
      .array(
        z.object({
          code: z.string(),
          severity: z.string(),
          step_id: z.string().nullable(),
          path: z.array(z.union([z.string(), z.number()])),
          title: z.string(),
          action: z.string(),
        }),
      )
      .optional(),
    /** With 412: the document as it stands now. */
    current: personal('text', z.unknown().optional()),
  })
  .openapi('Problem');

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** ISO 4217, in capitals or not. */
export const currencySchema = z
  .string()
  .trim()
  .max(10)
  .toUpperCase()
  .refine((code) => currencies.has(code), fieldTexts.currency_unknown);

export const scalarSchema = z.union([z.string().max(640), z.number(), z.boolean(), z.null()]);

export const reasonSchema = z.object({
  code: z.string(),
  /** What stands in its text, such as what somebody wrote. */
  values: personal('text', z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional()),
  /** The reason as a sentence. */
  text: personal('text', z.string()),
});

export type Problem = z.infer<typeof problemSchema>;
