import type { LimitFacts } from '@signalbox/nodes/gate/define-rule';
import type { SpendingLimit } from '@signalbox/nodes/gate/spending';
import { instantOf, wallTime } from '@signalbox/nodes/time/zoned-time';
import { sql } from 'kysely';
import { textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import type { Scope } from '../db/work.ts';
import { readShown } from '../http/ids.ts';

/** The period of a limit that a moment falls into, on the workspace's clocks. */
export function periodOf(period: SpendingLimit['period'], now: Date, zone: string): { since: Date; until: Date } {
  const { year, month, day } = wallTime(now, zone);
  const at = (wall: number) => new Date(instantOf(wall, zone));
  switch (period) {
    case 'hour': {
      const since = Math.floor(now.getTime() / 3_600_000) * 3_600_000;
      return { since: new Date(since), until: new Date(since + 3_600_000) };
    }
    case 'day':
      return { since: at(Date.UTC(year, month - 1, day)), until: at(Date.UTC(year, month - 1, day + 1)) };
    case 'month':
      return { since: at(Date.UTC(year, month - 1, 1)), until: at(Date.UTC(year, month, 1)) };
  }
}

/** A limit with what is left of it, and what it is of: null for whatever. */
export type Limited = LimitFacts & {
  readonly since: Date;
  readonly accountId: string | null;
  readonly flowId: string | null;
  readonly country: string | null;
  readonly spent: number;
  readonly amount: number;
};

/** Stands for no id, which nothing has. */
export const noId = '00000000-0000-0000-0000-000000000000';

/**
 * What is left of each limit in its period: one statement. An hour that a period begins in the middle of counts as a whole.
 *
 * @returns in order.
 */
export async function readLimits(
  { tx, workspaceId }: Scope,
  limits: readonly SpendingLimit[],
  now: Date,
  zone: string,
): Promise<Limited[]> {
  if (limits.length === 0) return [];
  const rows = limits.map(({ scope, subject, period, amount, at_limit }) => ({
    ...periodOf(period, now, zone),
    period,
    amount,
    at_limit,
    accountId: scope === 'account' ? (readShown('account', subject) ?? noId) : null,
    flowId: scope === 'flow' ? (readShown('flow', subject) ?? noId) : null,
    country: scope === 'country' ? subject : null,
  }));
  const spent = await sql<{ place: string; spent: string }>`
    SELECT l.place, coalesce((
        SELECT sum(h.micro_units) FROM spend_hours h WHERE h.workspace_id = ${workspaceId} AND h.hour > l.since - interval '1 hour'
          AND (l.account_id IS NULL OR h.account_id = l.account_id) AND (l.flow_id IS NULL OR h.flow_id = l.flow_id) AND (l.country IS NULL OR h.country = l.country)
      ), 0) + coalesce((
        SELECT sum(d.micro_units) FROM spend_deltas d WHERE d.workspace_id = ${workspaceId} AND d.at >= l.since
          AND (l.account_id IS NULL OR d.account_id = l.account_id) AND (l.flow_id IS NULL OR d.flow_id = l.flow_id) AND (l.country IS NULL OR d.country = l.country)
      ), 0) AS spent
    FROM unnest(
      ${timeArray(rows.map(({ since }) => since))}::timestamptz[], ${uuidArray(rows.map(({ accountId }) => accountId))}::uuid[],
      ${uuidArray(rows.map(({ flowId }) => flowId))}::uuid[], ${textArray(rows.map(({ country }) => country))}::text[]
    ) WITH ORDINALITY AS l(since, account_id, flow_id, country, place)`.execute(tx);
  const known = new Map(spent.rows.map((row) => [Number(row.place), Number(row.spent)]));
  return rows.map((row, index) => {
    const used = known.get(index + 1) ?? 0;
    return { ...row, spent: used, left: row.amount - used };
  });
}

/**
 * Makes whoever reserves in this workspace at the same time wait until this transaction is over, so that each sees what the others took.
 * Taken only where there are limits.
 */
export async function lockSpending({ tx, workspaceId }: Scope): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(7210006, hashtext(${workspaceId}))`.execute(tx);
}

/** What messages are reckoned to cost, or what that has to be set right by. */
export type Spend = {
  readonly accountId: string;
  readonly flowId: string | null;
  readonly country: string | null;
  readonly messages: number;
  readonly microUnits: number;
  /** How much of it sets right an estimate, once the real price is known. */
  readonly corrected?: number;
  /** Of how many messages a real price came to be known. */
  readonly priced?: number;
};

/** Adds them up by what limits can be of: a batch becomes few rows. */
export function spendRows(spends: readonly Spend[]): Spend[] {
  const rows = new Map<string, Spend>();
  for (const spend of spends) {
    const key = `${spend.accountId} ${spend.flowId} ${spend.country}`;
    const before = rows.get(key);
    rows.set(key, {
      ...spend,
      messages: spend.messages + (before?.messages ?? 0),
      microUnits: spend.microUnits + (before?.microUnits ?? 0),
      corrected: (spend.corrected ?? 0) + (before?.corrected ?? 0),
      priced: (spend.priced ?? 0) + (before?.priced ?? 0),
    });
  }
  return [...rows.values()];
}

/** Appends them. */
export async function writeSpends({ tx, workspaceId }: Scope, spends: readonly Spend[], at: Date): Promise<void> {
  const rows = spendRows(spends).filter(
    ({ messages, microUnits, priced }) => messages !== 0 || microUnits !== 0 || (priced ?? 0) !== 0,
  );
  if (rows.length === 0) return;
  await tx
    .insertInto('spend_deltas')
    .values(
      rows.map(({ accountId, flowId, country, messages, microUnits, corrected = 0, priced = 0 }) => ({
        workspace_id: workspaceId,
        account_id: accountId,
        flow_id: flowId,
        country,
        messages,
        micro_units: microUnits,
        corrected,
        priced,
        at,
      })),
    )
    .execute();
}

/** Moves deltas into the hours that they belong to; those that are being added meanwhile stay for the next time. */
export async function rollUpSpends({ tx, workspaceId }: Scope, limit = 5_000): Promise<number> {
  const rows = await sql<{ n: string }>`
    WITH taken AS (
      DELETE FROM spend_deltas d USING (
        SELECT id FROM spend_deltas WHERE workspace_id = ${workspaceId} ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ) t WHERE d.workspace_id = ${workspaceId} AND d.id = t.id RETURNING d.*
    ), added AS (
      INSERT INTO spend_hours AS h (workspace_id, hour, account_id, flow_id, country, messages, micro_units, corrected, priced)
      SELECT workspace_id, date_trunc('hour', at, 'UTC'), account_id, coalesce(flow_id, ${noId}::uuid), coalesce(country, ''), sum(messages), sum(micro_units), sum(corrected), sum(priced)
      FROM taken GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3, 4, 5
      ON CONFLICT (workspace_id, hour, account_id, flow_id, country) DO UPDATE
        SET messages = h.messages + excluded.messages, micro_units = h.micro_units + excluded.micro_units,
          corrected = h.corrected + excluded.corrected, priced = h.priced + excluded.priced
    )
    SELECT count(*) AS n FROM taken`.execute(tx);
  return Number(rows.rows[0]?.n ?? 0);
}
