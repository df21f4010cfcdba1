import { sql } from 'kysely';
import type { WebhookDisabledReason } from '../db/states.ts';
import type { Work } from '../db/work.ts';

/**
 * Stops telling an endpoint of anything. What was on its way is given up: it can be replayed once the endpoint is enabled again.
 *
 * @returns false where it was disabled before.
 */
export async function disableEndpoint(work: Work, endpointId: string, reason: WebhookDisabledReason): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const disabled = await sql`
    UPDATE webhook_endpoints SET enabled = false, disabled_reason = ${reason}, disabled_at = ${now}, revision = revision + 1
    WHERE workspace_id = ${workspaceId} AND id = ${endpointId} AND enabled RETURNING 1`.execute(tx);
  if (disabled.rows.length === 0) return false;
  await sql`
    UPDATE webhook_deliveries SET state = 'failed', settled_at = ${now}
    WHERE workspace_id = ${workspaceId} AND endpoint_id = ${endpointId} AND state = 'waiting'`.execute(tx);
  return true;
}
