import { writeSync } from 'node:fs';

/** Every crash point of docs/architecture.md, by name. A fault test arms one; in production `reach` does nothing. */
export const failPointNames = [
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
  'campaign.before_commit',
  'campaign.after_commit',
  'event.before_commit',
  'event.after_commit',
  'route_returned.before_commit',
  'route_returned.after_commit',
  'join_parts.before_commit',
  'join_parts.after_commit',
  'opt_out.before_commit',
  'opt_out.after_commit',
  'dead_leases.before_commit',
  'dead_leases.after_commit',
  'resolve_unknown.before_commit',
  'resolve_unknown.after_commit',
  'rehome.before_commit',
  'rehome.after_commit',
  'fail_cohort.before_commit',
  'fail_cohort.after_commit',
  'end_run.before_commit',
  'end_run.after_commit',
  'end_returned.before_commit',
  'end_returned.after_commit',
  'release_held.before_commit',
  'release_held.after_commit',
  'end_flow.before_commit',
  'end_flow.after_commit',
  'webhook_spread.before_commit',
  'webhook_spread.after_commit',
  'webhook_claim.after_commit',
  'webhook_post.after',
  'webhook_settle.before_commit',
  'webhook_settle.after_commit',
  'media_claim.after_commit',
  'media_put.after',
  'test_look.before_commit',
  'test_look.after_commit',
  'move_tested.before_commit',
  'move_tested.after_commit',
] as const;

export type FailPointName = (typeof failPointNames)[number];

/** Reached at every crash point. An armed one throws, kills the process, or waits for the test to let it go on. */
export type FailPoints = { readonly reach: (name: FailPointName) => void | Promise<void> };

export const noFailPoints: FailPoints = { reach: () => undefined };

/**
 * Ends this process with SIGKILL at a crash point, after letting `skip` visits pass: nothing of it runs on, no `finally`, no retry.
 * Prints the name first, so that whoever watches knows that it was no other end.
 */
export function endingFailPoints(name: FailPointName, skip: number): FailPoints {
  let left = skip;
  return {
    reach(reached) {
      if (reached !== name) return;
      if (left > 0) {
        left -= 1;
        return;
      }
      writeSync(1, `${JSON.stringify({ ends_at: name })}\n`);
      process.kill(process.pid, 'SIGKILL');
      // The signal comes at once; nothing may go on while it does.
      for (;;);
    },
  };
}
