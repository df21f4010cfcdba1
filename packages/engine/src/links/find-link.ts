import { sql } from 'kysely';
import { type Db, readWorkspace } from '../db/database.ts';

/** A short link that somebody asks for, and where it was asked for. */
export type AskedLink = {
  readonly code: string;
  /** The host that the request names. */
  readonly host: string;
  /** Asked for below `/l/`, where links of the engine's own address stand. */
  readonly below: boolean;
};

export type FoundLink = { readonly workspaceId: string; readonly target: string; readonly expiresAt: Date };

/** Stands for the workspace of a code that nobody made: it is looked for all the same, so that the time says nothing. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * The link behind a code, where it stands at this address: one with a domain at that domain alone, and one without at no domain that a
 * workspace has for its links, so that nobody's links wear somebody else's name.
 *
 * @returns the link or null, and whether the host is some workspace's own for links.
 */
export async function findLink(
  db: Db,
  { code, host, below }: AskedLink,
): Promise<{ readonly link: FoundLink | null; readonly isLinkDomain: boolean }> {
  const found = await sql<{ workspace_id: string | null; is_link_domain: boolean }>`
    SELECT (SELECT workspace_id FROM links WHERE code = ${code}) AS workspace_id,
      EXISTS (SELECT 1 FROM workspaces WHERE link_domain = ${host}) AS is_link_domain`.execute(db.router);
  const [{ workspace_id, is_link_domain: isLinkDomain } = { workspace_id: null, is_link_domain: false }] = found.rows;
  const workspaceId = workspace_id ?? nobody;
  const row = await readWorkspace(db, workspaceId, (tx) =>
    tx
      .selectFrom('links')
      .select(['host', 'target', 'expires_at'])
      .where('workspace_id', '=', workspaceId)
      .where('code', '=', code)
      .executeTakeFirst(),
  );
  if (row === undefined) return { link: null, isLinkDomain };
  const here = row.host === null ? below && !isLinkDomain : row.host === host;
  return { link: here ? { workspaceId, target: row.target, expiresAt: row.expires_at } : null, isLinkDomain };
}
