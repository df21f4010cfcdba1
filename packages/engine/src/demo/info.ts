import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import type { DemoMode } from '../http/env.ts';

/** A number reserved for fiction that no seed contains: for the phone on the screen. */
export const suggestedPhone = '+12025550199';

/** What the editor needs to know in demo mode. */
export async function demoInfo(
  work: Scope,
  demo: DemoMode,
): Promise<{ numbers: string[]; suggested_phone: string; has_sample_data: boolean; carrier_url: string }> {
  const { tx, workspaceId } = work;
  const numbers = await sql<{ address: string }>`
    SELECT s.address FROM senders s JOIN accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
    WHERE s.workspace_id = ${workspaceId} AND a.base_url = ${demo.carrierUrl} AND s.kind <> 'alphanumeric'
    ORDER BY s.created_at, s.id`.execute(tx);
  const samples = await sql<{ any: boolean }>`
    SELECT EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND is_sample)
        OR EXISTS (SELECT 1 FROM flows WHERE workspace_id = ${workspaceId} AND is_sample) AS any`.execute(tx);
  return {
    numbers: numbers.rows.map((row) => row.address),
    suggested_phone: suggestedPhone,
    has_sample_data: samples.rows[0]?.any ?? false,
    carrier_url: demo.carrierUrl,
  };
}
