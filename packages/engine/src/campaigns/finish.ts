import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import type { Pace } from './contract.ts';
import { ratePerHour } from './schedule.ts';

/** Segments a second that some senders may send together: each by its own rate, within that of its account. Null where one of them has none. */
export async function rateOfSenders({ tx, workspaceId }: Scope, senders: ReadonlySet<string>): Promise<number | null> {
  const { rows } = await sql<{ account_id: string; own: number | null; of_account: number | null }>`
    SELECT s.account_id, s.per_second AS own, a.per_second AS of_account FROM senders s
    JOIN accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
    WHERE s.workspace_id = ${workspaceId} AND s.address = ANY(${[...senders]}::text[])`.execute(tx);
  const byAccount = [...Map.groupBy(rows, (row) => row.account_id).values()].map((own) => {
    const rates = own.map((row) => row.own);
    const together = rates.some((rate) => rate === null)
      ? null
      : rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
    const account = own[0]?.of_account ?? null;
    if (together === null || account === null) return together ?? account;
    return Math.min(together, account);
  });
  if (byAccount.length === 0 || byAccount.some((rate) => rate === null)) return null;
  return byAccount.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
}

const hourMs = 3_600_000;

/** When the last message is out: by what lasts longer, the pace or the senders' rates. Null where neither says anything. */
export function finishTime(asked: {
  readonly at: Date;
  readonly people: number;
  readonly expected: number;
  readonly segments: number;
  readonly perSecond: number | null;
  readonly pace: Pace;
}): string | null {
  const { at, people, expected, segments, perSecond, pace } = asked;
  const rate = ratePerHour(pace, expected);
  const byPace = rate === null ? null : (people / rate) * hourMs;
  const bySenders = perSecond === null ? null : (segments / perSecond) * 1_000;
  if (byPace === null && bySenders === null) return null;
  return new Date(at.getTime() + Math.max(byPace ?? 0, bySenders ?? 0)).toISOString();
}
