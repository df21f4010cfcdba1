import { z } from '@hono/zod-openapi';
import {
  edgeSchema,
  flowGraphSchema as libraryGraphSchema,
  mostEdges,
  mostSteps,
  stepSchema,
} from '@signalbox/nodes/flow/graph';
import { keywordMatches } from '@signalbox/nodes/text/keywords';
import { batchStates, flowStates } from '../db/states.ts';
import {
  batchIdSchema,
  contactIdSchema,
  contactListIdSchema,
  enrollmentIdSchema,
  flowIdSchema,
  openEnum,
  page,
  pageQuerySchema,
  reasonSchema,
  searchSchema,
  segmentIdSchema,
  time,
} from '../http/contract.ts';
import { jsonSchemaOf } from '../http/json-schema-of.ts';
import { personal } from '../http/personal.ts';
import { exampleFlow } from './example-flow.ts';

/** The library's own schema, documented by its JSON Schema: step configs are any JSON here and checked by validation. */
const flowGraphSchema = z
  .object(libraryGraphSchema.shape)
  .openapi('FlowGraph', { type: 'object', ...jsonSchemaOf(libraryGraphSchema) });

/** The same as it is sent: what a step or a line does not know is refused by name, and so are, by type of step, keys of configs. */
const strictGraphSchema = z.strictObject({
  ...libraryGraphSchema.shape,
  steps: z.array(z.strictObject(stepSchema.shape)).max(mostSteps),
  edges: z.array(z.strictObject(edgeSchema.shape)).max(mostEdges),
});
const sentGraphSchema = z
  .strictObject(strictGraphSchema.shape)
  .openapi('SentFlowGraph', { type: 'object', ...jsonSchemaOf(strictGraphSchema) });

export const flowStateSchema = openEnum(flowStates);
/** `drawn` in the editor, `code` by the typed builder (a graph, read-only), `workflow` a plain Temporal workflow (declared steps, no lines). */
export const flowKindSchema = openEnum(['drawn', 'code', 'workflow']);

export const sourceProblemSchema = z
  .object({
    /** `source_gone` or `source_broken`. */
    code: z.string(),
    title: z.string(),
    action: z.string(),
  })
  .openapi('SourceProblem');

export const pausedBySchema = z
  .object({
    /** The reason that too many people failed with. */
    code: z.string(),
    step_id: z.string(),
    title: z.string(),
    action: z.string(),
  })
  .openapi('PausedBy');

export const flowSummarySchema = z
  .object({
    id: flowIdSchema,
    name: z.string(),
    description: z.string(),
    kind: flowKindSchema,
    state: flowStateSchema,
    /** One line per trigger, for lists: "Keyword JOIN". */
    triggers: z.array(z.object({ kind: z.string(), value: z.string() })),
    /** What the triggers of the draft listen for, live or not. */
    draft_triggers: z.array(
      z.object({
        kind: z.string(),
        value: z.string(),
        /** Keywords alone: how they are compared with a text. */
        match: openEnum(keywordMatches).optional(),
      }),
    ),
    live_version: z.object({ number: z.number().int(), published_at: time }).nullable(),
    has_unpublished_changes: z.boolean(),
    /** Only where the flow is written in code and its file is gone or broken. */
    source_problem: sourceProblemSchema.optional(),
    /** Only where the flow paused itself because too many people failed at a step. */
    paused_by: pausedBySchema.optional(),
    people: z.object({ entered: z.number().int(), here: z.number().int(), failed: z.number().int() }),
    is_sample: z.boolean(),
    /** Only where the flow is archived. */
    archived_at: time.optional(),
    created_at: time,
    updated_at: time,
  })
  .openapi('FlowSummary');

export const graphProblemSchema = z
  .object({
    code: z.string(),
    severity: openEnum(['error', 'warning']),
    step_id: z.string().nullable(),
    path: z.array(z.union([z.string(), z.number()])),
    title: z.string(),
    action: z.string(),
  })
  .openapi('GraphProblem');

export const flowSchema = flowSummarySchema
  .extend({
    graph: flowGraphSchema,
    /** Rises with every saved edit; the ETag is `"<revision>"`. */
    revision: z.number().int(),
    /** Graph as published, for comparing; null before the first publish. */
    live_graph: z.union([flowGraphSchema, z.null()]),
    source_path: z.string().nullable(),
    problems: z.array(graphProblemSchema),
  })
  .openapi('Flow');

export const flowListSchema = page(flowSummarySchema).openapi('FlowList');
export const flowListQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
  state: z.enum(flowStates).optional(),
  /** `true` lists the archived flows in place of the others. */
  archived: z.enum(['true', 'false']).optional(),
});
export const createFlowSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    description: z.string().max(500).default(''),
    graph: sentGraphSchema.optional(),
  })
  .openapi('CreateFlow', { example: exampleFlow });
export const updateFlowSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(80).optional(),
    description: z.string().max(500).optional(),
    graph: sentGraphSchema.optional(),
  })
  .openapi('UpdateFlow', { example: { name: 'Opening hours in summer' } });

export const flowVersionSchema = z
  .object({ number: z.number().int(), published_at: time, here: z.number().int(), graph: flowGraphSchema })
  .openapi('FlowVersion');
export const flowVersionListSchema = page(flowVersionSchema).openapi('FlowVersionList');

/** entered = here + left + failed, at every moment and over all versions. */
export const stepCountsSchema = z.object({
  entered: z.number().int(),
  here: z.number().int(),
  left: z.number().int(),
  failed: z.number().int(),
});
/** People who left by each outlet: step id → outlet id → count. */
const outletCountsSchema = z.record(z.string(), z.record(z.string(), z.number().int()));
export const flowCountsSchema = z
  .object({ flow_id: flowIdSchema, steps: z.record(z.string(), stepCountsSchema), outlets: outletCountsSchema })
  .openapi('FlowCounts');

/** What was counted within a time. `here` is by how many more, or fewer, people stood at the step after it than before. */
const countedSchema = z.object({ steps: z.record(z.string(), stepCountsSchema), outlets: outletCountsSchema });
const calendarDaySchema = z.iso.date().openapi({ example: '2026-11-28' });
export const flowDayCountsSchema = z
  .object({
    flow_id: flowIdSchema,
    from: calendarDaySchema,
    to: calendarDaySchema,
    /** Whose days these are. */
    time_zone: z.string().openapi({ example: 'Europe/Berlin' }),
    days: z.array(countedSchema.extend({ day: calendarDaySchema })),
    /** What was counted before counts had days. */
    undated: countedSchema,
  })
  .openapi('FlowDayCounts');

export const enrollmentStateSchema = openEnum([
  'moving',
  'waiting',
  'sending',
  'held',
  'finished',
  'failed',
  'stopped',
]);

export const enrollmentSchema = z
  .object({
    id: enrollmentIdSchema,
    flow_id: flowIdSchema,
    flow_name: z.string(),
    version: z.number().int(),
    contact: z.object({
      id: contactIdSchema,
      phone: personal('phone', z.string()),
      name: personal('name', z.string()),
    }),
    state: enrollmentStateSchema,
    step_id: z.string().nullable(),
    due_at: time.nullable(),
    reason: reasonSchema.nullable(),
    started_at: time,
    finished_at: time.nullable(),
  })
  .openapi('Enrollment');

export const pathEntrySchema = z.object({
  hop: z.number().int(),
  step_id: z.string(),
  step_type: z.string(),
  step_title: z.string(),
  /** What the step did by its config, the text that it sends for one; empty where this build cannot read it. */
  step_summary: z.string(),
  /** null on the step where the enrollment ended or failed. */
  outlet: z.string().nullable(),
  outlet_label: z.string().nullable(),
  reason: reasonSchema.nullable(),
  at: time,
});
export const enrollmentDetailSchema = enrollmentSchema
  .extend({ path: z.array(pathEntrySchema) })
  .openapi('EnrollmentDetail');
export const enrollmentListSchema = page(enrollmentSchema).openapi('EnrollmentList');
export const enrollmentListQuerySchema = pageQuerySchema.extend({
  step_id: searchSchema.optional(),
  /** Those who went on from the step instead of those who are there. */
  moved_on: z.enum(['true', 'false']).optional(),
  contact_id: contactIdSchema.optional(),
});

export const nodeInfoSchema = z
  .object({
    type: z.string(),
    version: z.number().int(),
    title: z.string(),
    group: z.string(),
    icon: z.string(),
    docs: z.string(),
    effect: z.string(),
    config_schema: z.record(z.string(), z.unknown()),
  })
  .openapi('NodeInfo');
export const nodeListSchema = page(nodeInfoSchema).openapi('NodeList');

export const enrollSchema = z
  .union([
    z.strictObject({ contact_ids: z.array(contactIdSchema).min(1).max(10_000) }),
    z.strictObject({
      condition: z
        .record(z.string(), z.unknown())
        .openapi({ description: 'A condition over contact fields; `{"all":[]}` is everyone.' }),
    }),
    z.strictObject({
      list_id: contactListIdSchema.openapi({ description: 'The people of a list, or with a tag.' }),
      condition: z
        .record(z.string(), z.unknown())
        .optional()
        .openapi({ description: 'Of these, those whom a condition over contact fields fits.' }),
    }),
    z.strictObject({
      segment_id: segmentIdSchema.openapi({ description: 'The people of a segment.' }),
      condition: z
        .record(z.string(), z.unknown())
        .optional()
        .openapi({ description: 'Of these, those whom a condition over contact fields fits.' }),
    }),
  ])
  .openapi('Enroll', { example: { contact_ids: ['con_01jd4w7h8zqv3m5k2n9x6r0t4c'] } });

/** People let in together; those of a condition are let in page by page, at most 1,000 to a run. */
export const enrollmentBatchSchema = z
  .object({
    id: batchIdSchema,
    flow_id: flowIdSchema,
    state: openEnum(batchStates),
    enrolled: z.number().int(),
    already_in_flow: z.number().int(),
    not_found: z.number().int(),
    runs: z.number().int(),
    created_at: time,
  })
  .openapi('EnrollmentBatch');

export type FlowSummary = z.infer<typeof flowSummarySchema>;

export type Flow = z.infer<typeof flowSchema>;

export type GraphProblem = z.infer<typeof graphProblemSchema>;

export type FlowVersion = z.infer<typeof flowVersionSchema>;

export type StepCounts = z.infer<typeof stepCountsSchema>;

export type FlowCounts = z.infer<typeof flowCountsSchema>;

export type Enrollment = z.infer<typeof enrollmentSchema>;

export type EnrollmentDetail = z.infer<typeof enrollmentDetailSchema>;
