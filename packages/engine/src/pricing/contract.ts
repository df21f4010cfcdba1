import { z } from '@hono/zod-openapi';
import { openEnum, page, pageQuerySchema, priceIdSchema, time } from '../http/contract.ts';

const prefixSchema = z
  .string()
  .regex(/^\+\d{0,15}$/, { error: 'A plus and the first digits of numbers, such as +61; a plus alone is everywhere' })
  .openapi({ example: '+61' });
/** Its type: small letters, digits and hyphens. */
const providerSchema = z.string().regex(/^[a-z0-9-]{1,40}$/);

export const priceSchema = z
  .object({
    id: priceIdSchema,
    provider: z.string(),
    /** The beginning of numbers: of those that fit one the longest holds. */
    prefix: z.string(),
    /** Of a segment, in millionths of the currency. */
    micro_units: z.string(),
    /** Only prices in the workspace’s currency are reckoned with. */
    currency: z.string(),
    updated_at: time,
  })
  .openapi('Price');
export type Price = z.infer<typeof priceSchema>;
export const priceListSchema = page(priceSchema).openapi('PriceList');
export const priceListQuerySchema = pageQuerySchema.extend({ provider: providerSchema.optional() });

/** @param example a provider that there is. */
export const setPricesSchema = (example: string) =>
  z
    .strictObject({
      prices: z
        .array(
          z.strictObject({
            provider: providerSchema,
            prefix: prefixSchema,
            /** Of a segment, in millionths of the workspace’s currency. */
            micro_units: z.string().regex(/^\d{1,12}$/, { error: 'An amount from 0 up, such as 0.05' }),
          }),
        )
        .min(1)
        .max(1_000),
    })
    .openapi('SetPrices', { example: { prices: [{ provider: example, prefix: '+61', micro_units: '51500' }] } });

export const setPricesResultSchema = z.object({ data: z.array(priceSchema) }).openapi('SetPricesResult');

const amountSchema = z.string().openapi({ example: '51500' });
const partSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  messages: z.number().int(),
  micro_units: amountSchema,
});

export const spendingSchema = z
  .object({
    /** Of every amount here, which are in its millionths. */
    currency: z.string(),
    today: amountSchema,
    month: amountSchema,
    /** What the month will have cost at the pace of the last seven days; null before there was anything. */
    forecast: amountSchema.nullable(),
    /** This month’s messages of which the provider said what they cost, and by how much that changed what was reckoned. */
    real: z.object({ messages: z.number().int(), difference: z.string().openapi({ example: '-1200' }) }),
    /** The last 30 days of the workspace’s calendar, the oldest first. */
    days: z.array(z.object({ day: z.iso.date(), messages: z.number().int(), micro_units: amountSchema })),
    /** Where this month’s money went, the most first, ten at most each. */
    by_account: z.array(partSchema),
    by_flow: z.array(partSchema),
    by_country: z.array(partSchema),
    limits: z.array(
      z.object({
        scope: openEnum(['workspace', 'flow', 'account', 'country']),
        subject: z.string(),
        /** What the subject is called; null for the workspace, and for what is gone. */
        name: z.string().nullable(),
        period: openEnum(['hour', 'day', 'month']),
        at_limit: openEnum(['hold', 'refuse']),
        amount: amountSchema,
        spent: amountSchema,
        since: time,
        until: time,
      }),
    ),
  })
  .openapi('Spending');
export type Spending = z.infer<typeof spendingSchema>;
