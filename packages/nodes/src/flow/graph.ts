import { z } from 'zod';

/** Ids of steps are stable over versions: counts and paths hang on them. */
export const stepIdSchema = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, {
  error: 'Small letters, digits and _, at most 64 of them, and a letter first',
});

export const stepSchema = z.object({
  id: stepIdSchema,
  /** Wire name of the node. */
  type: z.string().min(1).max(64),
  version: z.int().min(1),
  config: z.record(z.string(), z.json()),
  /** A name the author gave, shown instead of the node's title. */
  name: z.string().max(80).optional(),
});

export const edgeSchema = z.object({
  from: stepIdSchema,
  outlet: z.string().min(1).max(64),
  to: stepIdSchema,
});

/** Most that one flow holds. */
export const mostSteps = 1_000;
export const mostEdges = 10_000;

/** What is drawn: steps and the lines between their outlets. Layout is computed, never stored. */
export const flowGraphSchema = z.object({
  schema_version: z.literal(1),
  steps: z.array(stepSchema).max(mostSteps),
  edges: z.array(edgeSchema).max(mostEdges),
});

export type Step = z.infer<typeof stepSchema>;
export type Edge = z.infer<typeof edgeSchema>;
export type FlowGraph = z.infer<typeof flowGraphSchema>;

/** A flow with nothing in it. */
export const emptyGraph: FlowGraph = { schema_version: 1, steps: [], edges: [] };
