import { z } from '@hono/zod-openapi';
import { isHostName } from '../access/host-name.ts';
import { contactListIdSchema, formIdSchema, page, programmeIdSchema, time } from '../http/contract.ts';
import { fieldTexts } from '../http/texts.ts';
import { isWebAddress } from './web-address.ts';

export const signUpFormSchema = z
  .object({
    id: formIdSchema,
    name: z.string(),
    /** What people sign up for: its newest words are shown, and kept as what they saw. */
    programme_id: programmeIdSchema,
    title: z.string(),
    text: z.string(),
    /** How often people will be texted, as they are told. */
    frequency: z.string(),
    terms_url: z.string(),
    privacy_url: z.string(),
    /** Whether people are asked by text to confirm; otherwise they have consented once they sign up. */
    double_opt_in: z.boolean(),
    /** Whether a first name is asked for. */
    asks_name: z.boolean(),
    /** Lists and tags that people come onto. */
    list_ids: z.array(contactListIdSchema),
    /** Hosts whose pages may show it in a frame. */
    hosts: z.array(z.string()),
    enabled: z.boolean(),
    /** The page that people sign up on. */
    url: z.string(),
    /** What people agree to there, as it is put down with their consent beside the programme’s words. */
    agreement: z.string(),
    /** People who signed up by it, each once. */
    sign_ups: z.number().int(),
    /** How many of them consent to marketing now. */
    consenting: z.number().int(),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('SignUpForm');
export const signUpFormListSchema = page(signUpFormSchema).openapi('SignUpForms');
export type SignUpForm = z.infer<typeof signUpFormSchema>;

const text = (most: number, least = 1) =>
  z
    .string()
    .trim()
    .min(least)
    .max(most)
    .refine((value) => !value.includes('\u0000'), fieldTexts.text_invalid);
const webAddress = text(500).refine(isWebAddress, fieldTexts.web_address_invalid);
const host = z.string().trim().toLowerCase().max(253).refine(isHostName, fieldTexts.host_name_invalid);

const fields = {
  name: text(80),
  programme_id: z.string().max(40),
  title: text(100),
  text: text(1_000, 0),
  frequency: text(100),
  terms_url: webAddress,
  privacy_url: webAddress,
  double_opt_in: z.boolean(),
  asks_name: z.boolean(),
  list_ids: z.array(z.string().max(40)).max(20),
  hosts: z.array(host).max(20),
  enabled: z.boolean(),
};

export const createSignUpFormSchema = z
  .strictObject({
    ...fields,
    text: fields.text.default(''),
    double_opt_in: fields.double_opt_in.default(true),
    asks_name: fields.asks_name.default(false),
    list_ids: fields.list_ids.default([]),
    hosts: fields.hosts.default([]),
    enabled: fields.enabled.default(true),
  })
  .openapi('CreateSignUpForm', {
    example: {
      name: 'Website footer',
      programme_id: 'prg_01jd4w7h8zqv3m5k2n9x6r0t4c',
      title: 'Offers by text',
      frequency: 'Up to 4 texts a month',
      terms_url: 'https://example.com/terms',
      privacy_url: 'https://example.com/privacy',
      double_opt_in: false,
      hosts: ['www.example.com'],
    },
  });
export const updateSignUpFormSchema = z
  .strictObject(fields)
  .partial()
  .openapi('UpdateSignUpForm', { example: { enabled: false } });

export const signUpDaysSchema = z
  .object({
    data: z.array(
      z.object({
        /** On the workspace's clocks. */
        day: z.string().openapi({ example: '2026-11-30' }),
        sign_ups: z.number().int(),
        /** How many of them consent to marketing now. */
        consenting: z.number().int(),
      }),
    ),
  })
  .openapi('SignUpDays');
export type SignUpDays = z.infer<typeof signUpDaysSchema>;
