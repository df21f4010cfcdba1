import { z } from 'zod';

/** What is done for somebody about whom nothing is known that a text names. */
export const missingPolicies = ['say', 'leave_out', 'skip'] as const;
export type MissingPolicy = (typeof missingPolicies)[number];

/** Characters of a text as it is written, and of what it says in the place of a value. */
export const longestSource = 5_000;
const longestSaid = 160;

const withoutNul = (text: string): boolean => !text.includes('\u0000');

/** What is done where a variable has no value: without a word for it, its place stays blank, or has what the text gives as default. */
export const missingValueSchema = z.strictObject({
  variable: z.string().min(1).max(120).refine(withoutNul),
  do: z.enum(missingPolicies),
  /** What stands in its place, to `say` something else. */
  say: z.string().max(longestSaid).refine(withoutNul).default(''),
});
export type MissingValue = z.infer<typeof missingValueSchema>;

/** Policies of one text: each variable once. */
export const missingValuesSchema = z
  .array(missingValueSchema)
  .max(30)
  .refine((list) => new Set(list.map(({ variable }) => variable)).size === list.length, { error: 'Each detail once' });

/** A text as it is written, with what it does where something is not known: in a step, in a template, in a snippet. */
export type MessageText = { readonly text: string; readonly missing: readonly MissingValue[] };

/** A snippet that a text names, by its key: its newest version, or one that stays. */
export type SnippetRef = { readonly key: string; readonly version: number | null };
