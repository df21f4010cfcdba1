// Generated from the files beside by `pnpm catalogue`. Do not edit.
import { balances } from './balances.ts';
import { batches } from './batches.ts';
import { campaignSchedules } from './campaign-schedules.ts';
import { campaigns } from './campaigns.ts';
import { closedRuns } from './closed-runs.ts';
import { codes } from './codes.ts';
import { counts } from './counts.ts';
import type { Sweep } from './define-sweep.ts';
import { dispatchers } from './dispatchers.ts';
import { due } from './due.ts';
import { erasures } from './erasures.ts';
import { expiredOptIns } from './expired-opt-ins.ts';
import { expired } from './expired.ts';
import { failover } from './failover.ts';
import { goals } from './goals.ts';
import { laterCosts } from './later-costs.ts';
import { lifecycles } from './lifecycles.ts';
import { lost } from './lost.ts';
import { mediaRemovals } from './media-removals.ts';
import { media } from './media.ts';
import { noticeMails } from './notice-mails.ts';
import { openedCountries } from './opened-countries.ts';
import { outgoingWebhooks } from './outgoing-webhooks.ts';
import { polls } from './polls.ts';
import { queueCounts } from './queue-counts.ts';
import { queueHolds } from './queue-holds.ts';
import { queueRetries } from './queue-retries.ts';
import { registrations } from './registrations.ts';
import { returnedTexts } from './returned-texts.ts';
import { segments } from './segments.ts';
import { settled } from './settled.ts';
import { spends } from './spends.ts';
import { suppressionDigests } from './suppression-digests.ts';
import { tests } from './tests.ts';
import { textParts } from './text-parts.ts';
import { unknown } from './unknown.ts';
import { unstarted } from './unstarted.ts';

/** Every sweep of the folder. */
export const sweeps: readonly Sweep[] = [
  balances,
  batches,
  campaignSchedules,
  campaigns,
  closedRuns,
  codes,
  counts,
  dispatchers,
  due,
  erasures,
  expiredOptIns,
  expired,
  failover,
  goals,
  laterCosts,
  lifecycles,
  lost,
  mediaRemovals,
  media,
  noticeMails,
  openedCountries,
  outgoingWebhooks,
  polls,
  queueCounts,
  queueHolds,
  queueRetries,
  registrations,
  returnedTexts,
  segments,
  settled,
  spends,
  suppressionDigests,
  tests,
  textParts,
  unknown,
  unstarted,
];
