import { z } from '@hono/zod-openapi';
import { mediaStates } from '../db/states.ts';
import { mediaIdSchema, openEnum, time } from '../http/contract.ts';
import { personal } from '../http/personal.ts';

/** `elsewhere`: a version before this one left it with the provider. `erased`: it is gone with the text that it came with. */
const shownStates = [...mediaStates, 'elsewhere', 'erased'] as const;

const shape = {
  /** By its own bytes once it is stored; before that, what the provider says. */
  type: z.string().openapi({ example: 'image/jpeg' }),
  /** Why it is not here: a code, and that in words. */
  reason: z.object({ code: z.string(), text: z.string() }).nullable(),
  bytes: z.number().int().nullable(),
  /** In pixels. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
};

/** A file of a message. */
export const messageMediaSchema = z.object({
  id: mediaIdSchema.nullable(),
  /** Where it can be had: below this server once it is stored, else where the provider has it; null while it cannot. */
  url: personal('text', z.string().nullable()),
  state: openEnum(shownStates),
  ...shape,
});

export const mediaSchema = z
  .object({
    id: mediaIdSchema,
    direction: openEnum(['in', 'out']),
    state: openEnum(mediaStates),
    ...shape,
    /** Of the file, in hexadecimal; null until it is stored. */
    sha256: z.string().nullable(),
    /** Below this server; null until it is stored. */
    url: z.string().nullable(),
    created_at: time,
  })
  .openapi('Media');
export type Media = z.infer<typeof mediaSchema>;
export type MessageMedia = z.infer<typeof messageMediaSchema>;
