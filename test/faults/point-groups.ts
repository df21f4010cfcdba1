import type { FailPointName } from '@signalbox/engine/runtime/fail-points';

/** Crash points that a group of people passes who come in, are asked, reply or time out, and get an answer. */
export const ordinaryPoints = [
  'start.before',
  'start.after',
  'step.after_ledger',
  'step.between_read_and_write',
  'step.before_commit',
  'step.after_commit',
  'claim.before_read',
  'claim.before_commit',
  'claim.after_commit',
  'post.before',
  'post.after',
  'settle.before_commit',
  'settle.after_commit',
  'move_settled.before_commit',
  'move_settled.after_commit',
  'inbound.before_read',
  'inbound.before_commit',
  'inbound.after_commit',
  'receipt.before_commit',
  'receipt.after_commit',
  'due.before_commit',
  'due.after_commit',
  'batch.before_commit',
  'batch.after_commit',
] as const satisfies readonly FailPointName[];

/** The others: each needs a situation of its own. */
export type SpecialPoint = Exclude<FailPointName, (typeof ordinaryPoints)[number]>;
