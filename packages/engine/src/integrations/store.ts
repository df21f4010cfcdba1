import type { Selectable } from 'kysely';
import type { SealedTable } from '../accounts/rewrap.ts';
import type { SecretBox } from '../accounts/secret-box.ts';
import type { WebhookEndpointsTable } from '../db/schema.ts';
import type { Scope } from '../db/work.ts';

/** An endpoint as it is stored. */
export type EndpointRow = Selectable<WebhookEndpointsTable>;

/** What an endpoint's secrets are sealed for. */
export const secretPlace = (endpointId: string): string => `webhook_endpoints/${endpointId}`;

/** The secrets of endpoints, for when the key that seals is changed. */
export const sealedEndpoints: SealedTable = {
  table: 'webhook_endpoints',
  columns: { secret: secretPlace, previous_secret: secretPlace },
};

/** The endpoint's secrets at a moment: the one that signs, and what it replaced a little while ago. */
export function openSecrets(
  box: SecretBox,
  row: Pick<EndpointRow, 'workspace_id' | 'id' | 'secret' | 'previous_secret' | 'previous_until'>,
  now: Date,
): { readonly secret: string; readonly previous: { readonly secret: string; readonly until: Date } | null } {
  const open = (sealed: Buffer): string => box.open(row.workspace_id, secretPlace(row.id), sealed);
  const { previous_secret: previous, previous_until: until } = row;
  return {
    secret: open(row.secret),
    previous: previous === null || until === null || until <= now ? null : { secret: open(previous), until },
  };
}

/** Endpoints, the newest first: one of them, or a page. */
export function readEndpoints(
  { tx, workspaceId }: Scope,
  query: { readonly id?: string; readonly before?: string | null; readonly limit: number },
): Promise<EndpointRow[]> {
  let rows = tx
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(query.limit);
  if (query.id !== undefined) rows = rows.where('id', '=', query.id);
  if (query.before !== null && query.before !== undefined) rows = rows.where('id', '<', query.before);
  return rows.execute();
}
