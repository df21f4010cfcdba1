import type { Updateable } from 'kysely';
import { writeTopic } from '../db/feed.ts';
import type { WebhookEndpointsTable } from '../db/schema.ts';
import type { Work } from '../db/work.ts';
import { changedDocument, type Effect } from '../http/effect.ts';
import { shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { requireMatch } from '../http/revisions.ts';
import type { Webhook } from './contract.ts';
import { type EndpointRow, readEndpoints } from './store.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** An endpoint as the API shows it. */
export function showEndpoint(row: EndpointRow): Webhook {
  return {
    id: shown('webhook', row.id),
    url: row.url,
    description: row.description,
    types: row.types,
    enabled: row.enabled,
    disabled_reason: row.disabled_reason,
    disabled_at: row.disabled_at?.toISOString() ?? null,
    failing_since: row.failing_since?.toISOString() ?? null,
    previous_secret_until: row.previous_until?.toISOString() ?? null,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
  };
}

/** @throws ProblemError `not_found`. */
export async function requireEndpoint(work: Parameters<typeof readEndpoints>[0], id: string): Promise<EndpointRow> {
  const [row] = await readEndpoints(work, { id, limit: 1 });
  if (row === undefined) throw new ProblemError('not_found');
  return row;
}

/** Locks an endpoint: of two who change it at once, the second waits and then sees what the first did. @throws ProblemError `not_found`. */
export async function lockEndpoint(work: Work, id: string): Promise<EndpointRow> {
  const { tx, workspaceId } = work;
  await tx
    .selectFrom('webhook_endpoints')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute();
  return requireEndpoint(work, id);
}

/** Stores values of an endpoint under a new revision. */
export async function storeEndpoint(
  { tx, workspaceId }: Work,
  id: string,
  values: Updateable<WebhookEndpointsTable>,
): Promise<void> {
  await tx
    .updateTable('webhook_endpoints')
    .set((eb) => ({ ...values, revision: eb('revision', '+', 1) }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** Locks an endpoint, checks the revision, lets `change` have it, and tells of it as it is then. */
export async function changingEndpoint(
  deps: WebhookDeps,
  work: Work,
  id: string,
  ifMatch: string | undefined,
  change: (row: EndpointRow) => Promise<void>,
): Promise<Effect<Webhook>> {
  const row = await lockEndpoint(work, id);
  requireMatch(ifMatch, row.revision, () => showEndpoint(row));
  await change(row);
  const changed = showEndpoint(await requireEndpoint(work, id));
  await writeTopic(work, { topic: 'webhooks', ids: [changed.id] });
  return changedDocument(deps, work, changed);
}
