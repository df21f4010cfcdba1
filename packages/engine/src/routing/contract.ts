import { z } from '@hono/zod-openapi';
import { purposes } from '@signalbox/nodes/define/ports';
import { registrationStates } from '@signalbox/nodes/gate/define-rule';
import { isCountry } from '@signalbox/nodes/text/countries';
import { accountIdSchema, openEnum, routeIdSchema, senderIdSchema, time } from '../http/contract.ts';
import { fieldTexts } from '../http/texts.ts';

const countrySchema = z.string().refine(isCountry, fieldTexts.country_unknown).openapi({ example: 'AU' });

export const senderSchema = z
  .object({
    id: senderIdSchema,
    address: z.string(),
    kind: z.string(),
    /** Of a number; null for a name or a short code. */
    country: z.string().nullable(),
    account: z.object({
      id: accountIdSchema,
      name: z.string(),
      provider: z.string(),
      /** `down` while its provider takes nothing: then nothing is sent through it but a probe now and then. */
      health: openEnum(['up', 'down']),
      health_since: time.nullable(),
      /** The class of the errors that brought it down. */
      health_reason: z.string().nullable(),
    }),
    /** What carriers or an authority know of it, as far as somebody said so. */
    registration: openEnum(registrationStates),
    /** What the register calls it. */
    registration_reference: z.string().nullable(),
    registration_expires_on: z.iso.date().nullable(),
    /** The 10DLC brand that it is registered for, as the register calls it. */
    registration_brand: z.string().nullable(),
    /** Segments a day that carriers take of the brand; of senders of one brand the lowest holds. */
    brand_daily_segments: z.int().nullable(),
    /** The registers that texts from it have to be in, by the country that they go to. */
    duties: z.array(z.object({ country: z.string(), register: z.string() })),
    created_at: time,
    /** Another one after every change; the ETag is `"<revision>"`. */
    revision: z.string(),
  })
  .openapi('Sender');
export type SenderDocument = z.infer<typeof senderSchema>;
export const senderListSchema = z.object({ data: z.array(senderSchema), next_cursor: z.null() }).openapi('SenderList');

export const updateSenderSchema = z
  .strictObject({
    registration: z.enum(registrationStates).optional(),
    registration_reference: z.string().trim().min(1).max(80).nullable().optional(),
    registration_expires_on: z.iso.date().nullable().optional(),
    registration_brand: z.string().trim().min(1).max(80).nullable().optional(),
    brand_daily_segments: z.int().min(1).max(100_000_000).nullable().optional(),
  })
  .openapi('UpdateSender', { example: { registration: 'registered', registration_reference: 'CABC123' } });

const routeFields = {
  name: z.string().trim().min(1).max(80),
  /** ISO 3166-1 alpha-2; none for everywhere. */
  countries: z.array(countrySchema).max(250),
  /** None for every purpose. */
  purposes: z.array(z.enum(purposes)).max(purposes.length),
  /** `order`: the first sender that can. `weight`: people are spread over the senders by their weights. */
  mode: z.enum(['order', 'weight']),
  /** In their order. Somebody who knows one of them keeps it. */
  senders: z
    .array(z.strictObject({ sender_id: senderIdSchema, weight: z.number().int().min(1).max(100).default(1) }))
    .min(1)
    .max(50),
};

export const routesSchema = z
  .object({
    /** The first that fits is taken. */
    data: z.array(
      z.object({
        id: routeIdSchema,
        ...routeFields,
        purposes: z.array(openEnum(purposes)),
        mode: openEnum(['order', 'weight']),
      }),
    ),
    next_cursor: z.null(),
    /** Another one after every change; the ETag is `"<revision>"`. */
    revision: z.string(),
  })
  .openapi('Routes');
export type RoutesDocument = z.infer<typeof routesSchema>;

export const setRoutesSchema = z
  .strictObject({
    /** All of them, in the order in which they are tried. A route without an id is new. */
    routes: z.array(z.strictObject({ id: routeIdSchema.optional(), ...routeFields })).max(50),
  })
  .openapi('SetRoutes', {
    example: {
      routes: [
        {
          name: 'Everything',
          countries: [],
          purposes: [],
          mode: 'order',
          senders: [{ sender_id: 'snd_01jd4w7h8zqv3m5k2n9x6r0t4c', weight: 1 }],
        },
      ],
    },
  });
export type SetRoutes = z.infer<typeof setRoutesSchema>;
