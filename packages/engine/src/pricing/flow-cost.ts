import { sql } from 'kysely';
import { readHome } from '../access/home.ts';
import type { Scope } from '../db/work.ts';

/** What a flow's messages cost since a moment, in the workspace's currency: as it was reckoned, or as it was charged where that is known. */
export async function costOfFlow(
  scope: Scope,
  flowId: string,
  since: Date,
): Promise<{ readonly currency: string; readonly microUnits: bigint; readonly messages: number }> {
  const { tx, workspaceId } = scope;
  const { currency } = await readHome(scope);
  const { rows } = await sql<{ micro_units: string; messages: number }>`
    SELECT coalesce(sum(micro_units), 0)::text AS micro_units, coalesce(sum(messages), 0)::int AS messages FROM (
      SELECT micro_units, messages FROM spend_hours WHERE workspace_id = ${workspaceId} AND hour >= ${since} AND flow_id = ${flowId}::uuid
      UNION ALL
      SELECT micro_units, messages FROM spend_deltas WHERE workspace_id = ${workspaceId} AND at >= ${since} AND flow_id = ${flowId}::uuid
    ) AS s`.execute(tx);
  return { currency, microUnits: BigInt(rows[0]?.micro_units ?? 0), messages: rows[0]?.messages ?? 0 };
}
