import { z } from '@hono/zod-openapi';
import { testMetrics } from '@signalbox/nodes/define/arms';
import { testEnds, testOutcomes, testStates } from '../db/states.ts';
import { flowIdSchema, openEnum, page, pageQuerySchema, recorderSchema, testIdSchema, time } from '../http/contract.ts';

/** An estimate with both ends of an interval; they hold for all arms together and, of a sequential plan, at every look. */
const intervalSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

/** What was seen of an arm at a look. Of a fixed plan nothing is measured before all of its people are there. */
const seenArmSchema = z.object({
  arm: z.string(),
  /** Who was drawn for it. */
  people: z.number().int(),
  /** Whose time is over. */
  known: z.number().int(),
  /** How many of them did what counts. */
  converted: z.number().int().nullable(),
  /** The share of them; of revenue, what one of them brought in. */
  result: intervalSchema.nullable(),
  /** Of revenue: the variance of it from person to person. */
  variance: z.number().nullable(),
  /** To the control; null where too few did it to say anything. */
  difference: intervalSchema.extend({ p: z.number() }).nullable(),
  /** People who opted out, to whom a text was sent, delivered, and for whom a carrier blocked one as unwanted. */
  guardrails: z
    .object({
      opted_out: z.number().int(),
      sent_to: z.number().int(),
      delivered: z.number().int(),
      complained: z.number().int(),
    })
    .nullable(),
});

/** What may be said of a test. */
const verdictSchema = z.object({
  state: openEnum(['not_yet', 'winner', 'no_difference', 'blocked']),
  /** Why it is blocked. */
  reason: z.union([openEnum(['sample_ratio', 'several_arms', 'guardrail', 'goal_gone']), z.null()]),
  /** What it waits for. */
  waits_for: z.union([openEnum(['day', 'conversions', 'people']), z.null()]),
  /** The longest that it takes at this rate; null where nobody comes. */
  hours_left: z.number().nullable(),
  /** The winner, or whose guardrail it is. */
  arm: z.string().nullable(),
  guardrail: z.union([openEnum(['opted_out', 'delivered', 'complained']), z.null()]),
  /** How rarely chance alone does this. */
  p: z.number().nullable(),
});

const seenFields = {
  arms: z.array(seenArmSchema),
  /** Those who are in no arm. */
  holdout: seenArmSchema.nullable(),
  /** Who had been drawn for another arm of the step, which is gone. */
  in_several_arms: z.number().int(),
  began_at: time.nullable(),
  verdict: verdictSchema,
  /** It is the one look of a fixed plan. */
  final: z.boolean(),
  /** Everybody's result is known. */
  settled: z.boolean(),
};

/** A look at a test, as it is stored. */
export const seenSchema = z.object(seenFields);
export type Seen = z.infer<typeof seenSchema>;
export type SeenArm = Seen['arms'][number];
export type TestVerdict = Seen['verdict'];

export const testSchema = z
  .object({
    id: testIdSchema,
    flow: z.object({ id: flowIdSchema, name: z.string(), state: z.string() }),
    step_id: z.string(),
    /** The version of the flow that began it. */
    version: z.number().int(),
    state: openEnum(testStates),
    arms: z.array(z.object({ id: z.string(), label: z.string(), weight: z.number().int() })),
    metric: z.object({ kind: openEnum(testMetrics), goal: z.string().nullable() }),
    window_hours: z.number().int(),
    plan: z.object({
      kind: openEnum(['sequential', 'fixed']),
      people: z.number().int(),
      smallest_difference: z.number().nullable(),
    }),
    winner_is_sent: openEnum(['automatic', 'by_hand']),
    tested: z.number().int(),
    wait_hours: z.number().int(),
    control_share: z.number().int(),
    held_out: z.number().int(),
    /** Who waits for the decision now. */
    waiting: z.number().int(),
    /** The last look; null before the first. */
    seen: z.object({ ...seenFields, at: time }).nullable(),
    ended: z
      .object({
        at: time,
        by: openEnum(testEnds),
        /** Of one that somebody ended. */
        who: recorderSchema.nullable(),
        reason: z.string(),
        outcome: z.union([openEnum(testOutcomes), z.null()]),
        /** What everybody is given from then on; null where it goes by the weights. */
        winner: z.string().nullable(),
      })
      .nullable(),
    created_at: time,
  })
  .openapi('Test');
export type Test = z.infer<typeof testSchema>;

export const testListSchema = page(testSchema).openapi('TestList');

export const testQuerySchema = pageQuerySchema.extend({
  state: z.enum(testStates).optional(),
  flow_id: flowIdSchema.optional(),
});

export const testLooksSchema = page(z.object({ ...seenFields, at: time }).openapi('TestLook')).openapi('TestLooks');
export type TestLook = z.infer<typeof testLooksSchema>['data'][number];

const reasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((text) => !text.includes('\u0000'));

export const decideTestSchema = z
  .strictObject({
    /** What everybody is given from now on. */
    arm: z
      .string()
      .max(32)
      .refine((text) => !text.includes('\u0000')),
    /** Why, for whoever asks later. */
    reason: reasonSchema,
  })
  .openapi('DecideTest', { example: { arm: 'b', reason: 'Both do as well, and it is shorter' } });

export const stopTestSchema = z
  .strictObject({ reason: reasonSchema })
  .openapi('StopTest', { example: { reason: 'The offer is over' } });
