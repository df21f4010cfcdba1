import { sql } from 'kysely';
import type { AccountStore } from '../accounts/store.ts';
import { uuidArray } from '../db/array-literals.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Money } from '../providers/provider.ts';
import type { Clock } from '../runtime/clock.ts';
import { bookCosts, plausibleCost } from './real-costs.ts';

/** How long after a request to a provider that tells prices later it is first asked for one. */
export const firstAskMs = 5 * 60_000;
/** A price that is not there by then will not come: the estimate stays. */
const giveUpMs = 3 * 86_400_000;
const page = 100;
const askMs = 8_000;
/** A turn asks no longer than this: the rest is due at the next. */
const turnMs = 20_000;

type AskDeps = { readonly db: Db; readonly clock: Clock; readonly accounts: AccountStore };
type Due = { readonly id: string; readonly provider_id: string | null };

/**
 * Asks an account's provider what messages cost whose price it tells later: one page, one after another, so that nobody else's requests to
 * it are throttled. Whoever asks takes the page first, by putting off when it is due: after each time by as long as it has waited, so that
 * a price that is late is asked for some ten times and no more. An error of the provider ends the turn.
 *
 * @returns how many prices were told.
 */
export async function askCosts(deps: AskDeps, workspaceId: string, accountId: string): Promise<number> {
  const { connection } = await deps.accounts.get(workspaceId, accountId);
  const { costOf } = connection;
  if (costOf === undefined) return 0;
  const beganAt = deps.clock.monotonic();
  const due = await takeDue(deps, workspaceId, accountId);
  const told: Array<{ attemptId: string; cost: Money }> = [];
  for (const { id, provider_id } of due) {
    if (provider_id === null) continue;
    if (deps.clock.monotonic() - beganAt > turnMs) break;
    try {
      const cost = plausibleCost((await costOf(provider_id, askMs)) ?? undefined);
      if (cost !== null) told.push({ attemptId: id, cost });
    } catch {
      break;
    }
  }
  if (told.length > 0)
    await inWorkspace(deps.db, workspaceId, (tx) => bookCosts({ tx, workspaceId, now: deps.clock.now() }, [], told));
  return told.length;
}

/** Takes what is due, the longest first. What was refused or is too old leaves for good. */
async function takeDue({ db, clock }: AskDeps, workspaceId: string, accountId: string): Promise<readonly Due[]> {
  const now = clock.now();
  return inWorkspace(db, workspaceId, async (tx) => {
    const { rows } = await sql<Due & { state: string; started_at: Date }>`
      SELECT id, provider_id, state, started_at FROM message_attempts
      WHERE workspace_id = ${workspaceId} AND account_id = ${accountId} AND cost_due_at <= ${now}
      ORDER BY cost_due_at LIMIT ${page} FOR NO KEY UPDATE SKIP LOCKED`.execute(tx);
    if (rows.length === 0) return [];
    await sql`
      UPDATE message_attempts SET cost_due_at = CASE
        WHEN state IN ('refused', 'gave_up') OR started_at <= ${new Date(now.getTime() - giveUpMs)} THEN NULL
        ELSE ${now}::timestamptz + greatest(${now}::timestamptz - started_at, ${firstAskMs} * interval '1 millisecond') END
      WHERE workspace_id = ${workspaceId} AND id = ANY(${uuidArray(rows.map(({ id }) => id))}::uuid[])`.execute(tx);
    return rows.filter(({ state }) => state === 'accepted');
  });
}
