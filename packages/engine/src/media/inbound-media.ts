import { sql } from 'kysely';
import type { SealedTable } from '../accounts/rewrap.ts';
import type { SecretBox } from '../accounts/secret-box.ts';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { Work } from '../db/work.ts';
import type { InboundMedia } from '../providers/provider.ts';
import type { Ids } from '../runtime/ids.ts';
import { newFileKey } from './file-store.ts';

export type InboundMediaDeps = {
  readonly ids: Ids;
  readonly box: SecretBox;
  readonly randomBytes: (bytes: number) => Buffer;
};

/** A file as its message names it. */
export type NamedMedia = { readonly id: string; readonly type: string };

/** What a file's address is sealed for. */
export const sourcePlace = (id: string): string => `media|${id}`;

/** Gives the files that came with a text their ids. */
export function nameMedia({ ids }: Pick<InboundMediaDeps, 'ids'>, media: readonly InboundMedia[]): NamedMedia[] {
  return media.map(({ type }) => ({ id: ids.uuid(), type }));
}

/** Writes down what is to be fetched, in the transaction of its message. Nothing happens for a text without files. */
export async function storeInboundMedia(
  { box, randomBytes }: InboundMediaDeps,
  { tx, workspaceId, now }: Work,
  message: { readonly id: string; readonly accountId: string },
  media: readonly InboundMedia[],
  named: readonly NamedMedia[],
): Promise<void> {
  if (named.length === 0) return;
  const sealed = named.map(({ id }, index) => {
    const address = media[index]?.url ?? '';
    return `\\x${box.seal(workspaceId, sourcePlace(id), address).toString('hex')}`;
  });
  await sql`
    INSERT INTO media (workspace_id, id, direction, state, content_type, storage_key, source, message_id, account_id, next_at, created_at)
    SELECT ${workspaceId}::uuid, x.id, 'in', 'waiting', x.type, x.key, x.source::bytea, ${message.id}::uuid, ${message.accountId}::uuid, ${now}, ${now}
    FROM unnest(
      ${uuidArray(named.map(({ id }) => id))}::uuid[], ${textArray(named.map(({ type }) => type))}::text[],
      ${textArray(named.map(() => newFileKey(workspaceId, randomBytes)))}::text[], ${textArray(sealed)}::text[]
    ) AS x(id, type, key, source)`.execute(tx);
}

/** The addresses of files that are still to be fetched. */
export const sealedMedia: SealedTable = { table: 'media', columns: { source: sourcePlace } };
