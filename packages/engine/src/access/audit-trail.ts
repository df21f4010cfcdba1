import { sql } from 'kysely';
import { toldLater } from '../db/connection.ts';
import type { Scope } from '../db/work.ts';
import type { Services } from '../http/env.ts';
import { tokenId } from '../http/security-events.ts';
import type { Ids } from '../runtime/ids.ts';

/** Appends changes to the trail of their workspace. */
export function createAuditTrail(ids: Ids): Services['recordChange'] {
  return async ({ tx, workspaceId, now }, { actor, resource, verb, action, subject, fields, detail, requestId }) => {
    await sql`${toldLater}
      INSERT INTO audit_trail (workspace_id, id, at, actor_kind, actor, resource, verb, action, subject, fields, detail, request_id)
      VALUES (${workspaceId}, ${ids.uuid()}, ${now}, ${actor.via}, ${tokenId(actor.tokenHash)}, ${resource}, ${verb}, ${action}, ${subject},
        ${[...fields]}::text[], ${JSON.stringify(detail)}::jsonb, ${requestId})`.execute(tx);
  };
}

/** Rows of the trail, the newest first. */
export function listChanges(
  { tx, workspaceId }: Scope,
  query: {
    readonly resource: string | undefined;
    readonly action: string | undefined;
    readonly subject: string | undefined;
    readonly before: string | null;
    readonly limit: number;
  },
) {
  const { resource, action, subject, before, limit } = query;
  let rows = tx
    .selectFrom('audit_trail')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (resource !== undefined) rows = rows.where('resource', '=', resource);
  if (action !== undefined) rows = rows.where('action', '=', action);
  if (subject !== undefined) rows = rows.where('subject', '=', subject);
  if (before !== null) rows = rows.where('id', '<', before);
  return rows.execute();
}
