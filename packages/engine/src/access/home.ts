import type { Scope } from '../db/work.ts';

/** What holds in a workspace wherever nothing nearer says otherwise. */
export type Home = {
  /** ISO 3166-1 alpha-2: numbers without a country code are read as numbers of it. */
  readonly country: string;
  /** By its IANA name. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  /** BCP 47. */
  readonly language: string;
  /** Whom people are told that a message is from; null until somebody says so. */
  readonly brand: string | null;
  /** The host of short links; null until there is one. */
  readonly linkDomain: string | null;
};

/** The home of the workspace: one statement, for whoever needs something of it once. */
export async function readHome({ tx, workspaceId }: Scope): Promise<Home> {
  return tx
    .selectFrom('workspaces')
    .select([
      'home_country as country',
      'time_zone as timeZone',
      'currency',
      'language',
      'brand',
      'link_domain as linkDomain',
    ])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
}

/** Makes whoever else changes what holds for the whole workspace wait, so that the second sees what the first did. */
export async function lockWorkspace({ tx, workspaceId }: Scope): Promise<void> {
  await tx
    .selectFrom('workspaces')
    .select('workspace_id')
    .where('workspace_id', '=', workspaceId)
    .forNoKeyUpdate()
    .execute();
}
