import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { sql } from 'kysely';
import { scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
import type { AttemptState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { type Spend, writeSpends } from '../pricing/spent.ts';
import type { Money } from '../providers/provider.ts';

/** What a provider says that an attempt cost, all parts of the text together. */
export type ToldCost = { readonly attemptId: string; readonly cost: Money };

/** More than any text costs: what a provider writes beyond it is a mistake. */
const most = 1_000_000_000_000n;

/** What a provider says that something cost, where it can be reckoned with; null for anything else. */
export function plausibleCost(cost: Money | undefined): Money | null {
  if (cost === undefined || !/^[A-Z]{3}$/.test(cost.currency)) return null;
  return cost.microUnits >= 0n && cost.microUnits <= most ? cost : null;
}

/**
 * Of two things told of one attempt, the one that holds: the greater amount, in the workspace's currency, else in the first by its letters.
 * Whatever order they come in and however often, the same is left.
 *
 * @param home the workspace's currency.
 */
export function holdingCost(home: string, a: Money | null, b: Money | null): Money | null {
  if (a === null || b === null) return a ?? b;
  if (a.currency !== b.currency) {
    if (a.currency === home || b.currency === home) return a.currency === home ? a : b;
    return a.currency < b.currency ? a : b;
  }
  return a.microUnits >= b.microUnits ? a : b;
}

type Attempt = {
  readonly id: string;
  readonly account_id: string;
  readonly message_id: string;
  readonly provider_id: string | null;
  readonly state: AttemptState;
  readonly estimate: string | null;
  readonly cost: string | null;
  readonly cost_currency: string | null;
  readonly reckoned: string | null;
  readonly number: string;
  readonly flow_id: string | null;
  readonly currency: string;
};

/**
 * Brings attempts up to what is told of their costs, by stored receipts and by `told`, and appends to what is spent by how much that changes
 * what was reckoned. Each receipt of a part tells what that part cost, so they are added up, each part once. What is told in another
 * currency than the workspace's is written down and not reckoned with.
 *
 * Locks the attempts first: two that tell of one attempt at the same time see each other's.
 *
 * @param attemptIds whose receipts said something new.
 */
export async function bookCosts(
  work: Work,
  attemptIds: readonly string[],
  told: readonly ToldCost[] = [],
): Promise<void> {
  const { tx, workspaceId, now } = work;
  const ids = [...new Set([...attemptIds, ...told.map(({ attemptId }) => attemptId)])].sort();
  if (ids.length === 0) return;
  const { rows: attempts } = await sql<Attempt>`
    SELECT a.id, a.account_id, a.message_id, a.provider_id, a.state, a.estimate, a.cost, a.cost_currency, a.reckoned, m.number, m.flow_id, w.currency
    FROM message_attempts a
    JOIN messages m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
    JOIN workspaces w ON w.workspace_id = a.workspace_id
    WHERE a.workspace_id = ${workspaceId} AND a.id = ANY(${uuidArray(ids)}::uuid[])
    ORDER BY a.id FOR NO KEY UPDATE OF a`.execute(tx);
  const byReceipts = await costsByReceipts(work, attempts);
  const byAnswer = Map.groupBy(told, ({ attemptId }) => attemptId);
  const changed = attempts.flatMap((attempt) => {
    const before = known(attempt);
    const after = [
      ...(byReceipts.get(attempt.id) ?? []),
      ...(byAnswer.get(attempt.id) ?? []).map(({ cost }) => cost),
    ].reduce((held, cost) => holdingCost(attempt.currency, held, cost), before);
    if (after === null || (before?.currency === after.currency && before.microUnits === after.microUnits)) return [];
    const counted = countedBefore(attempt, before);
    const counts = after.currency === attempt.currency;
    return [{ attempt, before, after, counted, reckoned: counts ? Number(after.microUnits) : counted, counts }];
  });
  if (changed.length === 0) return;
  await sql`
    UPDATE message_attempts a SET cost = x.cost, cost_currency = x.currency, reckoned = x.reckoned, cost_due_at = NULL
    FROM unnest(
      ${uuidArray(changed.map(({ attempt }) => attempt.id))}::uuid[], ${scalarArray(changed.map(({ after }) => Number(after.microUnits)))}::bigint[],
      ${textArray(changed.map(({ after }) => after.currency))}::text[], ${scalarArray(changed.map(({ reckoned }) => reckoned))}::bigint[]
    ) AS x(id, cost, currency, reckoned)
    WHERE a.workspace_id = ${workspaceId} AND a.id = x.id`.execute(tx);
  await writeSpends(
    work,
    changed.flatMap(({ attempt, before, counted, reckoned, counts }): Spend[] => {
      if (!counts || reckoned === null) return [];
      const change = reckoned - (counted ?? 0);
      return [
        {
          accountId: attempt.account_id,
          flowId: attempt.flow_id,
          country: placeOfNumber(attempt.number).country,
          messages: counted === null ? 1 : 0,
          microUnits: change,
          corrected: counted === null ? 0 : change,
          priced: before?.currency === attempt.currency ? 0 : 1,
        },
      ];
    }),
    now,
  );
}

const known = ({ cost, cost_currency }: Attempt): Money | null =>
  cost === null || cost_currency === null ? null : { microUnits: BigInt(cost), currency: cost_currency };

/** What is in the deltas for an attempt; null where it is not in them. */
function countedBefore({ reckoned, state, estimate, currency }: Attempt, cost: Money | null): number | null {
  if (reckoned !== null) return Number(reckoned);
  if (state === 'refused') return null;
  if (cost !== null && cost.currency === currency) return Number(cost.microUnits);
  return estimate === null ? null : Number(estimate);
}

/** What receipts say that attempts cost, one sum a currency: of a part that is told of twice, the greater counts. */
async function costsByReceipts(
  { tx, workspaceId }: Work,
  attempts: readonly Attempt[],
): Promise<ReadonlyMap<string, readonly Money[]>> {
  const { rows } = await sql<{ id: string; currency: string; cost: string }>`
    SELECT id, currency, sum(cost) AS cost FROM (
      SELECT x.id, r.provider_id, r.cost_currency AS currency, max(r.cost) AS cost FROM unnest(
        ${uuidArray(attempts.map(({ id }) => id))}::uuid[], ${uuidArray(attempts.map(({ message_id }) => message_id))}::uuid[],
        ${uuidArray(attempts.map(({ account_id }) => account_id))}::uuid[], ${textArray(attempts.map(({ provider_id }) => provider_id))}::text[]
      ) AS x(id, message_id, account_id, provider_id)
      JOIN message_receipts r ON r.workspace_id = ${workspaceId} AND r.message_id = x.message_id AND r.cost IS NOT NULL
        AND (r.attempt_id = x.id OR (r.account_id = x.account_id AND r.provider_id = x.provider_id))
      GROUP BY 1, 2, 3
    ) AS parts GROUP BY 1, 2`.execute(tx);
  return new Map(
    [...Map.groupBy(rows, ({ id }) => id)].map(([id, costs]) => [
      id,
      costs.map(({ currency, cost }) => ({ microUnits: BigInt(cost), currency })),
    ]),
  );
}
