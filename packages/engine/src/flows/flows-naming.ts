import { sql } from 'kysely';
import { containing } from '../db/like.ts';
import type { FlowState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';

/** A flow with what is drawn and what is live of it, as they are stored. */
export type FlowGraphs = {
  readonly id: string;
  readonly name: string;
  readonly state: FlowState;
  readonly graph: unknown;
  readonly live_graph: unknown;
};

/** Flows in whose draft or live version something is written anywhere, by name, at most 200 of them. */
export async function flowsNaming({ tx, workspaceId }: Scope, written: string): Promise<FlowGraphs[]> {
  const pattern = containing(written);
  const { rows } = await sql<FlowGraphs>`
    SELECT f.id, f.name, f.state, f.graph, v.graph AS live_graph
    FROM flows f LEFT JOIN flow_versions v ON v.workspace_id = f.workspace_id AND v.id = f.live_version_id
    WHERE f.workspace_id = ${workspaceId} AND f.archived_at IS NULL AND (f.graph::text LIKE ${pattern} OR v.graph::text LIKE ${pattern})
    ORDER BY lower(f.name), f.id LIMIT 200`.execute(tx);
  return rows;
}
