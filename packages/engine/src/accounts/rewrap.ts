import { sql } from 'kysely';
import { listWorkspaces } from '../access/workspaces.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import { digestKeyPlace } from '../db/number-digests.ts';
import type { SecretBox } from './secret-box.ts';
import { loginPlace } from './webhook-guard.ts';

/** What came of sealing everything anew. */
export type Rewrapped = { readonly changed: number; readonly current: number; readonly unreadable: readonly string[] };

/** A table with sealed columns, and what each of a row's is sealed for. */
export type SealedTable = {
  readonly table: 'accounts' | 'webhook_endpoints' | 'suppression_keys' | 'media';
  readonly columns: Readonly<Record<string, (rowId: string) => string>>;
};

/** The credentials of accounts. */
export const sealedAccounts: SealedTable = {
  table: 'accounts',
  columns: { secret: (id) => id, previous_secret: (id) => id, webhook_login: loginPlace },
};

/** The keys by which suppressed numbers are known again. */
export const sealedDigestKeys: SealedTable = {
  table: 'suppression_keys',
  columns: { sealed: () => digestKeyPlace },
};

const page = 100;

/**
 * Seals what the tables hold sealed with the key that seals now, page by page, while everything runs. What was done once is left alone, so
 * it may be stopped and begun again.
 *
 * @returns how many rows were sealed anew, how many were already, and the ids of those that none of the keys opens: they stay as they are.
 */
export async function rewrapSecrets(db: Db, box: SecretBox, tables: readonly SealedTable[]): Promise<Rewrapped> {
  let changed = 0;
  let current = 0;
  const unreadable: string[] = [];
  const rewrapPage = (workspaceId: string, { table, columns }: SealedTable, from: string): Promise<string | null> =>
    inWorkspace(db, workspaceId, async (tx) => {
      const names = Object.keys(columns);
      const found = await sql<Record<string, unknown> & { id: string }>`
        SELECT id, ${sql.join(names.map((name) => sql.ref(name)))} FROM ${sql.table(table)}
        WHERE workspace_id = ${workspaceId} ${from === '' ? sql`` : sql`AND id > ${from}::uuid`}
        ORDER BY id LIMIT ${page} FOR NO KEY UPDATE`.execute(tx);
      for (const row of found.rows) {
        const sealed = Object.entries(columns).flatMap(([name, placeOf]) => {
          const value = row[name];
          return value instanceof Buffer ? [{ name, place: placeOf(row.id), value }] : [];
        });
        if (sealed.every(({ value }) => box.isCurrent(value))) {
          current += 1;
          continue;
        }
        try {
          const anew = sealed.map(({ name, place, value }) => {
            const opened = box.open(workspaceId, place, value);
            return sql`${sql.ref(name)} = ${box.seal(workspaceId, place, opened)}`;
          });
          await sql`
            UPDATE ${sql.table(table)} SET ${sql.join(anew)} WHERE workspace_id = ${workspaceId} AND id = ${row.id}`.execute(
            tx,
          );
          changed += 1;
        } catch {
          unreadable.push(row.id);
        }
      }
      return found.rows.length < page ? null : (found.rows.at(-1)?.id ?? null);
    });
  for (const workspaceId of await listWorkspaces(db))
    for (const table of tables)
      for (let after: string | null = ''; after !== null; ) after = await rewrapPage(workspaceId, table, after);
  return { changed, current, unreadable };
}
