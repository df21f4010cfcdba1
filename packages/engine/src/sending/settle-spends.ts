import { sql } from 'kysely';
import { readHome } from '../access/home.ts';
import { scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
import type { Work } from '../db/work.ts';
import { type Spend, writeSpends } from '../pricing/spent.ts';
import type { AttemptResult } from './attempt-result.ts';

/**
 * Sets right what was reckoned when messages were claimed: what a provider refused costs nothing, and what it says a message cost takes
 * the place of the estimate where it is in the workspace's currency. Where nothing was reckoned and nothing is told it asks nothing.
 *
 * @param estimates by attempt, in millionths of the workspace's currency.
 */
export async function settleSpends(
  work: Work,
  results: readonly AttemptResult[],
  estimates: ReadonlyMap<string, number | null>,
): Promise<void> {
  const priced = results.flatMap((result) =>
    result.outcome.kind === 'accepted' && result.outcome.cost !== undefined
      ? [{ result, cost: result.outcome.cost }]
      : [],
  );
  const { tx, workspaceId } = work;
  if (priced.length > 0)
    await sql`
      UPDATE message_attempts a SET cost = x.cost, cost_currency = x.currency
      FROM unnest(
        ${uuidArray(priced.map(({ result }) => result.attemptId))}::uuid[], ${scalarArray(priced.map(({ cost }) => Number(cost.microUnits)))}::bigint[],
        ${textArray(priced.map(({ cost }) => cost.currency))}::text[]
      ) AS x(id, cost, currency)
      WHERE a.workspace_id = ${workspaceId} AND a.id = x.id`.execute(tx);
  const currency = priced.length > 0 ? (await readHome(work)).currency : null;
  const right = (result: AttemptResult, messages: number, microUnits: number): Spend => {
    const { accountId, flowId, country } = result;
    return { accountId, flowId, country, messages, microUnits };
  };
  const refunds = results.flatMap((result) => {
    const estimate = estimates.get(result.attemptId) ?? null;
    return result.outcome.kind === 'refused' && estimate !== null ? [right(result, -1, -estimate)] : [];
  });
  const told = priced.flatMap(({ result, cost }) => {
    if (cost.currency !== currency) return [];
    const estimate = estimates.get(result.attemptId) ?? null;
    return [right(result, estimate === null ? 1 : 0, Number(cost.microUnits) - (estimate ?? 0))];
  });
  await writeSpends(work, [...refunds, ...told], work.now);
}
