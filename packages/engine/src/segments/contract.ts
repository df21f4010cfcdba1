import { z } from '@hono/zod-openapi';
import { segmentStates } from '../db/states.ts';
import { contactIdSchema, openEnum, page, segmentIdSchema, time } from '../http/contract.ts';
import { personal } from '../http/personal.ts';

export const segmentSchema = z
  .object({
    id: segmentIdSchema,
    name: z.string(),
    /** As it was given. */
    condition: z.unknown(),
    /** The condition as a sentence. */
    sentence: z.string(),
    /** `building` until everybody was asked. */
    state: openEnum(segmentStates),
    /** How many people are in it. */
    size: z.number().int(),
    /** When everybody was asked last, and how many were found not to stand where they should. */
    recounted_at: time,
    mended: z.number().int(),
    revision: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .openapi('Segment');
export const segmentListSchema = page(segmentSchema).openapi('Segments');

const segmentName = z.string().trim().min(1).max(80);
const conditionGiven = z
  .unknown()
  .describe('A condition over people; `field` of a reply or an event is not known here.');
const example = {
  all: [
    { field: 'consent.marketing', op: 'is', value: 'granted' },
    { field: 'messages.received', op: 'happened', within_days: 30 },
  ],
};
export const createSegmentSchema = z
  .strictObject({ name: segmentName, condition: conditionGiven })
  .openapi('CreateSegment', { example: { name: 'Talked to us lately', condition: example } });
export const updateSegmentSchema = z
  .strictObject({ name: segmentName.optional(), condition: conditionGiven.optional() })
  .openapi('UpdateSegment', { example: { name: 'Talked to us this month' } });
export const previewSegmentSchema = z
  .strictObject({
    condition: conditionGiven,
    /** The segment that is being changed: it may not ask for itself. */
    segment_id: z.string().max(40).optional(),
  })
  .openapi('PreviewSegment', { example: { condition: example } });

/** Who of some people can be written to. */
export const reachSchema = z
  .object({
    /** Opted out or blocked. */
    blocked: z.number().int(),
    /** Whose number no message can be sent to. */
    unreachable: z.number().int(),
    consenting: z.array(z.object({ purpose: z.string(), people: z.number().int() })),
  })
  .openapi('Reach');

const personShape = {
  contact_id: contactIdSchema,
  first_name: personal('name', z.string().nullable()),
  last_name: personal('name', z.string().nullable()),
  phone: personal('phone', z.string()),
};
export const segmentPreviewSchema = z
  .object({
    sentence: z.string(),
    size: z.number().int(),
    reach: reachSchema,
    /** The ten who were added last. */
    samples: z.array(z.object(personShape)),
  })
  .openapi('SegmentPreview');
export const segmentMembersSchema = page(z.object({ ...personShape, since: time })).openapi('SegmentMembers');

export type Segment = z.infer<typeof segmentSchema>;

export type SegmentPreview = z.infer<typeof segmentPreviewSchema>;

export type SegmentMember = z.infer<typeof segmentMembersSchema>['data'][number];

export type Reach = z.infer<typeof reachSchema>;
