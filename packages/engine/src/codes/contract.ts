import { z } from '@hono/zod-openapi';
import { codePoolIdSchema, contactIdSchema, currencySchema, instantSchema, page, time } from '../http/contract.ts';
import { personal } from '../http/personal.ts';

export const codePoolSchema = z
  .object({
    id: codePoolIdSchema,
    /** By which texts name it: `{{ codes.spring }}`. */
    key: z.string(),
    name: z.string(),
    /** A notice is raised once fewer codes than this are left; null for none. */
    low_at: z.number().int().nullable(),
    archived: z.boolean(),
    codes: z.number().int(),
    given: z.number().int(),
    redeemed: z.number().int(),
    left: z.number().int(),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('CodePool');
export const codePoolListSchema = page(codePoolSchema).openapi('CodePools');
export type CodePool = z.infer<typeof codePoolSchema>;

const name = z.string().trim().min(1).max(80);
const lowAt = z.number().int().min(1).max(1_000_000).nullable();

export const createCodePoolSchema = z
  .strictObject({
    name,
    /** Made of the name unless it is given. */
    key: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/)
      .optional(),
    low_at: lowAt.default(100),
  })
  .openapi('CreateCodePool', { example: { name: 'Spring', low_at: 100 } });
export const updateCodePoolSchema = z
  .strictObject({ name: name.optional(), low_at: lowAt.optional(), archived: z.boolean().optional() })
  .openapi('UpdateCodePool', { example: { low_at: 50 } });

/** A code as a shop knows it: no spaces, and nothing that is no letter, digit or mark. */
const code = z
  .string()
  .trim()
  .regex(/^[!-~]{1,64}$/, { error: 'Letters, digits and marks without spaces, at most 64' });
const mostAtOnce = 10_000;

export const addCodesSchema = z
  .union([
    z.strictObject({ codes: z.array(code).min(1).max(mostAtOnce) }),
    z.strictObject({
      /** Each “#” stands for a letter or a digit by chance. */
      pattern: z
        .string()
        .trim()
        .regex(/^[!-~]{1,64}$/),
      count: z.number().int().min(1).max(mostAtOnce),
    }),
  ])
  .openapi('AddCodes', { example: { pattern: 'SPRING-########', count: 100 } });
export const addedCodesSchema = z
  .object({
    added: z.number().int(),
    /** Codes that a pool of the workspace had already, or that stood there twice. */
    known: z.number().int(),
    pool: codePoolSchema,
  })
  .openapi('AddedCodes');
export type AddedCodes = z.infer<typeof addedCodesSchema>;

export const givenCodeSchema = z
  .object({
    code: z.string(),
    contact_id: contactIdSchema.nullable(),
    first_name: personal('name', z.string().nullable()),
    last_name: personal('name', z.string().nullable()),
    /** Null of somebody who was deleted. */
    phone: personal('phone', z.string().nullable()),
    given_at: time,
    redeemed_at: time.nullable(),
  })
  .openapi('GivenCode');
export const givenCodeListSchema = page(givenCodeSchema).openapi('GivenCodes');
export type GivenCode = z.infer<typeof givenCodeSchema>;

export const redeemCodeSchema = z
  .strictObject({
    code: z.string().min(1).max(64),
    /** What was paid, in the currency's own units: 49.90. */
    amount: z.union([z.number().min(-1e9).max(1e9), z.string().regex(/^-?\d{1,12}(\.\d{1,6})?$/)]).optional(),
    /** The workspace's unless another is named. */
    currency: currencySchema.optional(),
    occurred_at: instantSchema.optional(),
  })
  .openapi('RedeemCode', { example: { code: 'SPRING-7K2QX9AB', amount: 49.9 } });
export const redemptionSchema = z
  .object({
    code: z.string(),
    pool_id: codePoolIdSchema,
    contact_id: contactIdSchema,
    /** The event `code.redeemed`. */
    event_id: z.string(),
    redeemed_at: time,
    /** True where it was redeemed before: nothing happened again. */
    already: z.boolean(),
  })
  .openapi('Redemption');
