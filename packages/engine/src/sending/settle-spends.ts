import type { Work } from '../db/work.ts';
import { writeSpends } from '../pricing/spent.ts';
import type { AttemptResult } from './attempt-result.ts';
import { bookCosts, plausibleCost, type ToldCost } from './real-costs.ts';

/**
 * Sets right what was reckoned when messages were claimed: what a provider refused costs nothing, and what it says a message cost takes
 * the place of the estimate where it is in the workspace's currency. Where nothing was reckoned and nothing is told it asks nothing.
 *
 * @param results all of them: what an answer says of an attempt that a receipt settled before counts as well.
 * @param estimates by attempt, in millionths of the workspace's currency, of those that these results settle.
 */
export async function settleSpends(
  work: Work,
  results: readonly AttemptResult[],
  estimates: ReadonlyMap<string, number | null>,
): Promise<void> {
  const refunds = results.flatMap(({ attemptId, accountId, flowId, country, outcome }) => {
    const estimate = estimates.get(attemptId) ?? null;
    return outcome.kind === 'refused' && estimate !== null
      ? [{ accountId, flowId, country, messages: -1, microUnits: -estimate }]
      : [];
  });
  await writeSpends(work, refunds, work.now);
  await bookCosts(work, [], costsTold(results));
}

/** What answers of providers say that messages cost. */
export function costsTold(results: readonly AttemptResult[]): ToldCost[] {
  return results.flatMap(({ attemptId, outcome }) => {
    const cost = outcome.kind === 'accepted' ? plausibleCost(outcome.cost) : null;
    return cost === null ? [] : [{ attemptId, cost }];
  });
}
