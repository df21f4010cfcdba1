import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';

/** Goals of a workspace at most, archived ones too. */
export const mostGoals = 100;

/** What people are to do, as it is stored. */
export type GoalRow = {
  readonly id: string;
  readonly name: string;
  /** The type of the events that count. */
  readonly event_type: string;
  /** The field of an event's data that holds its value; null for a goal that only counts. */
  readonly value_field: string | null;
  readonly currency: string | null;
  /** Days after a click, and after a delivery, within which a conversion is put down to it unless whoever looks says otherwise. */
  readonly window_days: number;
  readonly delivery_days: number;
  readonly archived_at: Date | null;
  /** When events from before it had been counted; null until then. */
  readonly filled_at: Date | null;
  readonly is_sample: boolean;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Goals by name, those that are archived last; one alone where it is named. */
export async function listGoals({ tx, workspaceId }: Scope, id?: string): Promise<GoalRow[]> {
  const { rows } = await sql<GoalRow>`
    SELECT id, name, event_type, value_field, currency, window_days, delivery_days, archived_at, filled_at, is_sample, revision, created_at, updated_at
    FROM goals WHERE workspace_id = ${workspaceId} ${id === undefined ? sql`` : sql`AND id = ${id}::uuid`}
    ORDER BY archived_at IS NOT NULL, lower(name), id LIMIT ${mostGoals}`.execute(tx);
  return rows;
}

/** One goal; null where there is none. */
export async function readGoal(scope: Scope, id: string): Promise<GoalRow | null> {
  const [row] = await listGoals(scope, id);
  return row ?? null;
}

type NewGoal = Pick<
  GoalRow,
  'id' | 'name' | 'event_type' | 'value_field' | 'currency' | 'window_days' | 'delivery_days' | 'is_sample'
>;

/** Adds a goal; a sweep counts what was there before. */
export async function insertGoal({ tx, workspaceId, now }: Work, goal: NewGoal): Promise<void> {
  await tx
    .insertInto('goals')
    .values({ workspace_id: workspaceId, ...goal, created_at: now, updated_at: now })
    .execute();
}

type GoalChange = {
  readonly name?: string | undefined;
  readonly windowDays?: number | undefined;
  readonly deliveryDays?: number | undefined;
  readonly archived?: boolean | undefined;
};

/** Renames, archives or brings back a goal. Of one that comes back what happened in between is counted again. */
export async function updateGoal(
  { tx, workspaceId, now }: Work,
  present: GoalRow,
  { name, windowDays, deliveryDays, archived }: GoalChange,
): Promise<void> {
  const comesBack = archived === false && present.archived_at !== null;
  await tx
    .updateTable('goals')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(windowDays === undefined ? {} : { window_days: windowDays }),
      ...(deliveryDays === undefined ? {} : { delivery_days: deliveryDays }),
      ...(archived === undefined ? {} : { archived_at: archived ? (present.archived_at ?? now) : null }),
      ...(archived === true ? { filled_at: present.filled_at ?? now } : {}),
      ...(comesBack ? { fill_xid: null, fill_at: null, fill_event_id: null, filled_at: null } : {}),
      is_sample: false,
      revision: present.revision + 1,
      updated_at: now,
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', present.id)
    .execute();
}
