import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';

/** A number or name of the workspace that messages go out from, and the account that sends them. */
export type SenderRow = { readonly accountId: string; readonly address: string };

/** The workspace's senders, oldest first. */
export async function listSenders({ tx, workspaceId }: Scope): Promise<SenderRow[]> {
  const rows = await sql<{ account_id: string; address: string }>`
    SELECT account_id, address FROM senders WHERE workspace_id = ${workspaceId} ORDER BY created_at, id`.execute(tx);
  return rows.rows.map((row) => ({ accountId: row.account_id, address: row.address }));
}

/**
 * What a message goes out from.
 *
 * @param preferred the sender that the person texted, or that was asked for; where it no longer exists the workspace's first takes its place.
 * @returns null where the workspace has none.
 */
export function chooseSender(senders: readonly SenderRow[], preferred: string | null): SenderRow | null {
  return senders.find(({ address }) => address === preferred) ?? senders[0] ?? null;
}
