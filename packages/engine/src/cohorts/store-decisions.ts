import { fail } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { isAttributesLimit } from '../contacts/refusals.ts';
import { isDataError, sqlState } from '../db/database.ts';
import { type ApplyContext, applyPlan } from './apply.ts';
import { emptyResult } from './call-ledger.ts';
import { isCommon } from './common-failures.ts';
import type { Decided } from './decide.ts';
import type { Plan } from './plan-types.ts';
import type { StepCall, StepResult } from './run-contract.ts';
import { setAside } from './set-aside.ts';
import type { StepPorts } from './step-ports.ts';

/** So many people's data could not be stored that the step is at fault. */
export class TooManyFailures extends Error {
  override readonly name = 'TooManyFailures';
}

/**
 * Stores what was decided for people, all at once where that goes. A batch that the database refuses for its data is halved under
 * savepoints until the one who is to blame stands alone; they fail, and take nobody along (protocol 7).
 *
 * @param options.plan plans a part of the people.
 * @throws TooManyFailures, and whatever is no error of data; everything since the savepoint `step` is rolled back by the caller.
 */
export async function storeDecisions(options: {
  readonly context: ApplyContext;
  readonly call: StepCall;
  readonly decided: readonly Decided[];
  readonly ports: StepPorts;
  readonly plan: (part: readonly Decided[]) => Plan;
}): Promise<Plan[]> {
  const { context, call, decided, ports, plan } = options;
  const { tx } = context;
  let unstorable = 0;

  const failOne = async ({ row }: Decided, code: string, error: unknown, savepoint: string): Promise<Plan> => {
    unstorable += 1;
    if (isCommon(unstorable, decided.length)) throw new TooManyFailures();
    ports.discard([row]);
    const reason = isAttributesLimit(error)
      ? { code: 'attributes_limit' }
      : { code: 'data_error', values: { sqlstate: code } };
    const failed = plan([{ row, decision: fail(reason), thrown: true }]);
    try {
      await applyPlan(context, failed);
      return failed;
    } catch (again) {
      if (!isDataError(again)) throw again;
      await sql`ROLLBACK TO SAVEPOINT ${sql.raw(savepoint)}`.execute(tx);
      return { ...plan([]), result: await setAside(context, call, [row]) };
    }
  };

  const store = async (part: readonly Decided[], nested: boolean): Promise<Plan[]> => {
    const savepoint = nested ? 'part' : 'step';
    if (nested) await sql`SAVEPOINT part`.execute(tx);
    try {
      const planned = plan(part);
      await ports.write(part.map(({ row }) => row));
      await applyPlan(context, planned);
      return [planned];
    } catch (error) {
      const code = dataError(error);
      if (code === null) throw error;
      await sql`ROLLBACK TO SAVEPOINT ${sql.raw(savepoint)}`.execute(tx);
      const [only] = part;
      if (part.length === 1 && only !== undefined) return [await failOne(only, code, error, savepoint)];
      const middle = Math.ceil(part.length / 2);
      return [...(await store(part.slice(0, middle), true)), ...(await store(part.slice(middle), true))];
    }
  };

  return decided.length === 0 ? [plan([])] : store(decided, false);
}

/** The code of an error that the data of some person causes; null for every other. */
export function dataError(error: unknown): string | null {
  const state = sqlState(error);
  if (state !== null) return isDataError(error) ? state : null;
  return error instanceof Error && error.message.startsWith('Node ') ? 'node' : null;
}

/** One result of the parts of a call. */
export function mergeResults(results: readonly StepResult[]): StepResult {
  const first = results[0] ?? emptyResult;
  if (results.length <= 1) return first;
  const outlets = new Map<number, StepResult['outlets'][number]>();
  const sleeping = new Map<number, StepResult['sleeping'][number]>();
  const sums = { parked: 0, ended: 0, failed: 0, held: 0 };
  for (const result of results) {
    for (const entry of result.outlets)
      outlets.set(entry.cohort, { ...entry, size: entry.size + (outlets.get(entry.cohort)?.size ?? 0) });
    for (const entry of result.sleeping)
      sleeping.set(entry.cohort, { ...entry, size: entry.size + (sleeping.get(entry.cohort)?.size ?? 0) });
    sums.parked += result.parked;
    sums.ended += result.ended;
    sums.failed += result.failed;
    sums.held += result.held;
  }
  return { outlets: [...outlets.values()], sleeping: [...sleeping.values()], ...sums };
}
