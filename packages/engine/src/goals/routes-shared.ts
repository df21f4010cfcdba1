import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import type { Goal } from './contract.ts';
import { dayMs, daysShown, type GoalTotals, readTotals } from './conversions.ts';
import { type GoalRow, readGoal } from './store.ts';

/** @throws ProblemError `not_found`. */
export async function requireGoal(scope: Scope, id: string): Promise<GoalRow> {
  const row = await readGoal(scope, id);
  if (row === null) throw new ProblemError('not_found');
  return row;
}

/** Goals as the API shows them, with what they came to lately. */
export async function showGoals(scope: Scope, rows: readonly GoalRow[], now: Date): Promise<Goal[]> {
  const totalsOf = await readTotals(
    scope,
    rows.map(({ id }) => id),
    new Date(now.getTime() - daysShown * dayMs),
  );
  return rows.map((row) => show(row, totalsOf(row.id)));
}

/** One of them. */
export async function showGoal(scope: Scope, row: GoalRow, now: Date): Promise<Goal> {
  const [goal] = await showGoals(scope, [row], now);
  if (goal === undefined) throw new Error('A goal that was handed in is not shown.');
  return goal;
}

function show(row: GoalRow, totals: GoalTotals): Goal {
  return {
    id: shown('goal', row.id),
    name: row.name,
    event: row.event_type,
    value_field: row.value_field,
    currency: row.currency,
    window_days: row.window_days,
    delivery_days: row.delivery_days,
    archived: row.archived_at !== null,
    state: row.filled_at === null ? 'filling' : 'ready',
    last_30_days: totals,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
