import { listWorkspaces } from '../access/workspaces.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import type { SecretBox } from './secret-box.ts';
import { loginPlace } from './webhook-guard.ts';

/** What came of sealing everything anew. */
export type Rewrapped = { readonly changed: number; readonly current: number; readonly unreadable: readonly string[] };

const page = 100;

/**
 * Seals the credentials of every account with the key that seals now, page by page, while everything runs. What was done once is left
 * alone, so it may be stopped and begun again.
 *
 * @returns how many were sealed anew, how many were already, and the ids of accounts that none of the keys opens: they stay as they are.
 */
export async function rewrapSecrets(db: Db, box: SecretBox): Promise<Rewrapped> {
  let changed = 0;
  let current = 0;
  const unreadable: string[] = [];
  for (const workspaceId of await listWorkspaces(db)) {
    for (let after: string | null = ''; after !== null; ) {
      const from: string = after;
      after = await inWorkspace(db, workspaceId, async (tx) => {
        const rows = await tx
          .selectFrom('accounts')
          .select(['id', 'secret', 'previous_secret', 'webhook_login'])
          .where('workspace_id', '=', workspaceId)
          .$if(from !== '', (rest) => rest.where('id', '>', from))
          .orderBy('id')
          .limit(page)
          .forNoKeyUpdate()
          .execute();
        for (const { id, secret, previous_secret: previous, webhook_login: login } of rows) {
          if ([secret, previous, login].every((sealed) => sealed === null || box.isCurrent(sealed))) {
            current += 1;
            continue;
          }
          const anew = (sealed: Buffer, place = id): Buffer =>
            box.seal(workspaceId, place, box.open(workspaceId, place, sealed));
          try {
            await tx
              .updateTable('accounts')
              .set({
                secret: anew(secret),
                previous_secret: previous === null ? null : anew(previous),
                webhook_login: login === null ? null : anew(login, loginPlace(id)),
              })
              .where('workspace_id', '=', workspaceId)
              .where('id', '=', id)
              .execute();
            changed += 1;
          } catch {
            unreadable.push(id);
          }
        }
        return rows.length < page ? null : (rows.at(-1)?.id ?? null);
      });
    }
  }
  return { changed, current, unreadable };
}
