import { z } from '@hono/zod-openapi';
import { attributeName } from '@signalbox/nodes/define/attribute-name';
import { flowGraphSchema as libraryGraphSchema } from '@signalbox/nodes/flow/graph';
import { jsonSchemaOf } from '../http/json-schema-of.ts';
import { exampleFlow } from './example-flow.ts';

/**
 * The wire shapes of /api/v1: the one statement that routes, OpenAPI and the editor's types come from.
 * snake_case; times RFC 3339 in UTC; ids `<prefix>_<base32>`; enums are open: clients must tolerate new values.
 */

const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`))
    .openapi({ example: `${prefix}_01jd4w7h8zqv3m5k2n9x6r0t4c` });
/** The library's own schema, documented by its JSON Schema: step configs are any JSON here and checked by validation. */
const flowGraphSchema = z
  .object(libraryGraphSchema.shape)
  .openapi('FlowGraph', { type: 'object', ...jsonSchemaOf(libraryGraphSchema) });

/** An instant. */
export const time = z.iso.datetime().openapi({ example: '2026-11-22T17:35:00.000Z' });

export const flowIdSchema = id('flw');
export const contactIdSchema = id('con');
export const messageIdSchema = id('msg');
export const enrollmentIdSchema = id('enr');
export const batchIdSchema = id('bat');
export const accountIdSchema = id('acc');

/** A page of a list. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** Text that a column can hold. */
const searchSchema = z
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
    current: z.unknown().optional(),
  })
  .openapi('Problem');

export const scalarSchema = z.union([z.string().max(640), z.number(), z.boolean(), z.null()]);

// Flows

export const flowStateSchema = z.enum(['draft', 'live', 'paused', 'stopped']);
/** `drawn` in the editor, `code` by the typed builder (a graph, read-only), `workflow` a plain Temporal workflow (declared steps, no lines). */
export const flowKindSchema = z.enum(['drawn', 'code', 'workflow']);

export const sourceProblemSchema = z
  .object({
    /** `source_gone` or `source_broken`. */
    code: z.string(),
    title: z.string(),
    action: z.string(),
  })
  .openapi('SourceProblem');

export const flowSummarySchema = z
  .object({
    id: flowIdSchema,
    name: z.string(),
    description: z.string(),
    kind: flowKindSchema,
    state: flowStateSchema,
    /** One line per trigger, for lists: "Keyword JOIN". */
    triggers: z.array(z.object({ kind: z.string(), value: z.string() })),
    live_version: z.object({ number: z.number().int(), published_at: time }).nullable(),
    has_unpublished_changes: z.boolean(),
    /** Only where the flow is written in code and its file is gone or broken. */
    source_problem: sourceProblemSchema.optional(),
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
    severity: z.enum(['error', 'warning']),
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
  state: flowStateSchema.optional(),
  /** `true` lists the archived flows in place of the others. */
  archived: z.enum(['true', 'false']).optional(),
});
export const createFlowSchema = z
  .object({
    name: z.string().trim().min(1).max(80),
    description: z.string().max(500).default(''),
    graph: flowGraphSchema.optional(),
  })
  .openapi('CreateFlow', { example: exampleFlow });
export const updateFlowSchema = z
  .object({
    name: z.string().trim().min(1).max(80).optional(),
    description: z.string().max(500).optional(),
    graph: flowGraphSchema.optional(),
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
export const flowCountsSchema = z
  .object({
    flow_id: flowIdSchema,
    steps: z.record(z.string(), stepCountsSchema),
    /** People who left by each outlet: step id → outlet id → count. */
    outlets: z.record(z.string(), z.record(z.string(), z.number().int())),
  })
  .openapi('FlowCounts');

// Enrollments

export const reasonSchema = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** The reason as a sentence. */
  text: z.string(),
});

export const enrollmentStateSchema = z.enum(['moving', 'waiting', 'sending', 'held', 'finished', 'failed', 'stopped']);

export const enrollmentSchema = z
  .object({
    id: enrollmentIdSchema,
    flow_id: flowIdSchema,
    flow_name: z.string(),
    version: z.number().int(),
    contact: z.object({ id: contactIdSchema, phone: z.string(), name: z.string() }),
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
  /** null on the step where the passage ended or failed. */
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
  contact_id: contactIdSchema.optional(),
});

// Contacts

export const contactSchema = z
  .object({
    id: contactIdSchema,
    phone: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    email: z.string().nullable(),
    time_zone: z.string().nullable(),
    attributes: z.record(z.string(), scalarSchema),
    engagement_score: z.number().nullable(),
    consent: z.record(z.string(), z.enum(['granted', 'revoked', 'none'])),
    /** Set where this number may not be texted at all. */
    suppressed: z.object({ reason: z.string(), at: time }).nullable(),
    /** A text of theirs waits for a person to look at it. */
    unhandled: z.boolean(),
    is_sample: z.boolean(),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('Contact');
export const contactListSchema = page(contactSchema).extend({ total: z.number().int() }).openapi('ContactList');
export const contactListQuerySchema = pageQuerySchema.extend({ search: searchSchema.optional() });

const contactFields = {
  first_name: z.string().trim().max(80).nullable().optional(),
  last_name: z.string().trim().max(80).nullable().optional(),
  email: z.email().max(200).nullable().optional(),
  /** IANA name. */
  time_zone: z.string().max(64).nullable().optional(),
  /** At most 100 of 32 KB together, with those that stay. */
  attributes: z.record(z.string().regex(attributeName), scalarSchema).optional(),
};
export const createContactSchema = z
  .object({ phone: z.string().min(3).max(32).openapi({ example: '+12025550143' }), ...contactFields })
  .openapi('CreateContact', {
    example: { phone: '+12025550143', first_name: 'Ada', time_zone: 'America/New_York', attributes: { plan: 'basic' } },
  });
export const updateContactSchema = z
  .object(contactFields)
  .openapi('UpdateContact', { example: { first_name: 'Grace', attributes: { plan: 'premium' } } });

/** CSV rows refused, by row (the header is row 1), at most 1,000 told one by one; the others are stored. */
export const importResultSchema = z
  .object({
    created: z.number().int(),
    updated: z.number().int(),
    failed: z.number().int(),
    /** The file's columns in order, each with the field it filled; null for one that was left out. */
    columns: z.array(z.object({ header: z.string(), field: z.string().nullable() })),
    errors: z.array(
      z.object({ row: z.number().int(), field: z.string(), code: z.string(), message: z.string(), value: z.string() }),
    ),
  })
  .openapi('ImportResult');

export const consentEventSchema = z
  .object({
    purpose: z.string(),
    action: z.enum(['granted', 'revoked']),
    method: z.string(),
    wording: z.string().nullable(),
    source_message_id: messageIdSchema.nullable(),
    source_text: z.string().nullable(),
    flow_id: flowIdSchema.nullable(),
    at: time,
  })
  .openapi('ConsentEvent');
export const consentHistorySchema = page(consentEventSchema).openapi('ConsentHistory');

// Messages and conversations

export const messageStateSchema = z.enum([
  'queued',
  'dispatching',
  'unknown',
  'accepted',
  'delivered',
  'undelivered',
  'failed',
  'expired',
  'refused',
  'canceled',
  'received',
]);

export const messageSchema = z
  .object({
    id: messageIdSchema,
    contact_id: contactIdSchema,
    direction: z.enum(['in', 'out']),
    text: z.string(),
    from: z.string(),
    to: z.string(),
    state: messageStateSchema,
    reason: reasonSchema.nullable(),
    segments: z.number().int(),
    encoding: z.enum(['GSM-7', 'UCS-2']),
    /** Inbound only: what became of it: `compliance`, `reply`, `keyword`, `unhandled`. */
    handled_by: z.string().nullable(),
    flow_id: flowIdSchema.nullable(),
    flow_name: z.string().nullable(),
    created_at: time,
    accepted_at: time.nullable(),
    delivered_at: time.nullable(),
  })
  .openapi('Message');
export const messageListSchema = page(messageSchema).openapi('MessageList');

export const messageSearchQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
});

export const conversationSchema = z
  .object({
    contact: z.object({ id: contactIdSchema, phone: z.string(), name: z.string(), suppressed: z.boolean() }),
    last_message: messageSchema,
    unhandled: z.boolean(),
  })
  .openapi('Conversation');
export const conversationListSchema = page(conversationSchema).openapi('ConversationList');
export const conversationListQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
  unhandled: z.enum(['true', 'false']).optional(),
});

// Session and stream

export const sessionSchema = z
  .object({
    workspace: z.object({ id: z.string(), name: z.string(), time_zone: z.string() }),
    scope: z.string(),
    expires_at: time,
    demo: z
      .object({
        /** Business numbers of the demo carrier. */
        numbers: z.array(z.string()),
        /** A number for the on-screen phone that no seed contains. */
        suggested_phone: z.string(),
        has_sample_data: z.boolean(),
      })
      .nullable(),
  })
  .openapi('Session');

/**
 * Server-sent events at GET /api/v1/stream (one per browser). `id:` is an opaque cursor; resume with Last-Event-ID.
 * `snapshot`: every flow's counts; `counts`: absolute counts of the flows that changed; `changed`: ids whose documents changed,
 * to be read again (`flows`, `contacts` = conversations or profiles that changed; `topics`, whatever changed by topic; `all` where
 * too many changed to name).
 */
export const streamEventSchema = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('snapshot'), data: z.object({ counts: z.array(flowCountsSchema) }) }),
    z.object({ event: z.literal('counts'), data: z.object({ counts: z.array(flowCountsSchema) }) }),
    z.object({
      event: z.literal('changed'),
      data: z.object({
        flows: z.array(flowIdSchema),
        contacts: z.array(contactIdSchema),
        /** The same and everything else, by topic: `flows`, `contacts`, `accounts`, … */
        topics: z.array(z.object({ topic: z.string(), ids: z.array(z.string()) })),
        all: z.boolean(),
      }),
    }),
  ])
  .openapi('StreamEvent');

export type Problem = z.infer<typeof problemSchema>;
export type FlowSummary = z.infer<typeof flowSummarySchema>;
export type Flow = z.infer<typeof flowSchema>;
export type GraphProblem = z.infer<typeof graphProblemSchema>;
export type FlowVersion = z.infer<typeof flowVersionSchema>;
export type StepCounts = z.infer<typeof stepCountsSchema>;
export type FlowCounts = z.infer<typeof flowCountsSchema>;
export type Enrollment = z.infer<typeof enrollmentSchema>;
export type EnrollmentDetail = z.infer<typeof enrollmentDetailSchema>;
export type Contact = z.infer<typeof contactSchema>;
export type ImportResult = z.infer<typeof importResultSchema>;
export type ConsentEvent = z.infer<typeof consentEventSchema>;
export type Message = z.infer<typeof messageSchema>;
export type Conversation = z.infer<typeof conversationSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type StreamEvent = z.infer<typeof streamEventSchema>;
export type CreateContact = z.input<typeof createContactSchema>;
export type UpdateContact = z.input<typeof updateContactSchema>;
