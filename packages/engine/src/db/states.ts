/*
 * Every state that a row can be in, by name: what a column holds is read and written with these (states.test.ts looks for others).
 * Numbers stand in SQL as `${sql.lit(runState.closed)}`, so that partial indexes still match. A new one needs a migration where the
 * column has a check.
 */

/** `flows.state`. */
export const flowStates = ['draft', 'live', 'paused', 'stopped'] as const;
export type FlowState = (typeof flowStates)[number];

/** `runs.state`: written down, known to Temporal, ended. */
export const runState = { unstarted: 1, started: 2, closed: 3 } as const;
export type RunState = (typeof runState)[keyof typeof runState];

/** `enrollments.state`: waiting for a step call, asleep inside a run, waiting for an event, a time or a message, set aside. */
export const positionState = { ready: 1, asleep: 2, parked: 3, held: 4 } as const;
export type PositionState = (typeof positionState)[keyof typeof positionState];

/** `enrollment_history.outcome`. */
export const outcomes = ['finished', 'failed', 'stopped'] as const;
export type Outcome = (typeof outcomes)[number];

/** `enrollment_batches.state`. */
export const batchStates = ['running', 'done', 'stopped'] as const;
export type BatchState = (typeof batchStates)[number];

/** `messages.state`; `received` is one from a person. What is with a dispatcher is `queued` here: the queue says more. */
export const messageStates = [
  'queued',
  'unknown',
  'accepted',
  'delivered',
  'undelivered',
  'failed',
  'expired',
  'refused',
  'canceled',
  'received',
] as const;
export type MessageState = (typeof messageStates)[number];

/** `message_queue.state`: to be claimed, with a dispatcher, with an outcome that nobody knows. */
export const queueState = { ready: 1, dispatching: 2, unknown: 3 } as const;
export type QueueState = (typeof queueState)[keyof typeof queueState];

/** `message_attempts.state`: the outcome of one request to a provider. */
export const attemptStates = ['dispatching', 'accepted', 'refused', 'unknown', 'gave_up'] as const;
export type AttemptState = (typeof attemptStates)[number];

/** `webhook_deliveries.state`. */
export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** `webhook_endpoints.disabled_reason`. */
export const webhookDisabledReasons = ['by_hand', 'gone', 'failing'] as const;
export type WebhookDisabledReason = (typeof webhookDisabledReasons)[number];

/** `link_clicks.device`. */
export const linkDevices = ['phone', 'tablet', 'desktop', 'unknown'] as const;
export type LinkDevice = (typeof linkDevices)[number];

/** `media.state`: to be fetched; there; fetched and not kept; not to be had. */
export const mediaStates = ['waiting', 'stored', 'refused', 'lost'] as const;
export type MediaState = (typeof mediaStates)[number];

/** `consents.state`; `pending` is one that was asked for and not confirmed yet. */
export const consentStates = ['granted', 'revoked', 'pending'] as const;
export type ConsentRowState = (typeof consentStates)[number];

/** `consent_ledger.action`. */
export const consentActions = ['granted', 'revoked', 'requested', 'confirmed', 'expired'] as const;
export type ConsentAction = (typeof consentActions)[number];

/** `queue_holds.mode`. */
export const holdModes = ['pause', 'drain', 'cancel'] as const;
export type HoldMode = (typeof holdModes)[number];

/** `queue_holds.waiting`: how messages wait that a cancel takes: for their turn, until a moment, or to be tried again. */
export const heldWaitings = ['due', 'put_off', 'retrying'] as const;
export type HeldWaiting = (typeof heldWaitings)[number];

/** `segments.state`; `building` until everybody was asked. */
export const segmentStates = ['building', 'ready'] as const;
export type SegmentState = (typeof segmentStates)[number];

/** `tests.state`. */
export const testStates = ['running', 'decided', 'stopped'] as const;
export type TestState = (typeof testStates)[number];

/** `tests.outcome`: what a decision rests on. */
export const testOutcomes = ['winner', 'no_difference'] as const;
export type TestOutcome = (typeof testOutcomes)[number];

/** `tests.ended_by`: a verdict, somebody, or a version without the step or with another test at it. */
export const testEnds = ['verdict', 'hand', 'version'] as const;
export type TestEnd = (typeof testEnds)[number];
/** `campaigns.state`; one whose flow is paused is shown as paused. */
export const campaignStates = ['draft', 'scheduled', 'running', 'done', 'canceled'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** `campaign_occurrences.state`: its people come in until `finishing`, and are through at `done`. */
export const occurrenceStates = ['planned', 'letting_in', 'finishing', 'done', 'canceled'] as const;
export type OccurrenceState = (typeof occurrenceStates)[number];
