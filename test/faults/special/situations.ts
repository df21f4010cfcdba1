import type { SpecialPoint } from '../point-groups.ts';
import { apiEventTwice, partMissing, returnedText } from './arrivals.ts';
import { campaignLetsIn } from './campaigns.ts';
import { pictureFetched } from './pictures.ts';
import { codeFlowEnds, codeFlowReturns, failedCohort, heldAreReleased, lostRun, stoppedAreEnded } from './runs.ts';
import { carrierOptOut, deadLeases, unknownOutcomes } from './sends.ts';
import { testDecided } from './tests.ts';
import { toldOnce } from './webhooks.ts';
import type { Situation } from './world.ts';

/** What comes past each crash point that ordinary traffic does not reach. */
export const situations: Readonly<Record<SpecialPoint, Situation>> = {
  'campaign.before_commit': campaignLetsIn,
  'campaign.after_commit': campaignLetsIn,
  'event.before_commit': apiEventTwice,
  'event.after_commit': apiEventTwice,
  'route_returned.before_commit': returnedText,
  'route_returned.after_commit': returnedText,
  'join_parts.before_commit': partMissing,
  'join_parts.after_commit': partMissing,
  'opt_out.before_commit': carrierOptOut,
  'opt_out.after_commit': carrierOptOut,
  'dead_leases.before_commit': deadLeases,
  'dead_leases.after_commit': deadLeases,
  'resolve_unknown.before_commit': unknownOutcomes,
  'resolve_unknown.after_commit': unknownOutcomes,
  'rehome.before_commit': lostRun,
  'rehome.after_commit': lostRun,
  'fail_cohort.before_commit': failedCohort,
  'fail_cohort.after_commit': failedCohort,
  'end_run.before_commit': codeFlowEnds,
  'end_run.after_commit': codeFlowEnds,
  'end_returned.before_commit': codeFlowReturns,
  'end_returned.after_commit': codeFlowReturns,
  'release_held.before_commit': heldAreReleased,
  'release_held.after_commit': heldAreReleased,
  'end_flow.before_commit': stoppedAreEnded,
  'end_flow.after_commit': stoppedAreEnded,
  'webhook_spread.before_commit': toldOnce,
  'webhook_spread.after_commit': toldOnce,
  'webhook_claim.after_commit': toldOnce,
  'webhook_post.after': toldOnce,
  'webhook_settle.before_commit': toldOnce,
  'webhook_settle.after_commit': toldOnce,
  'media_claim.after_commit': pictureFetched,
  'media_put.after': pictureFetched,
  'test_look.before_commit': testDecided,
  'test_look.after_commit': testDecided,
  'move_tested.before_commit': testDecided,
  'move_tested.after_commit': testDecided,
};
