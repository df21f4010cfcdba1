import { namesOfAccounts } from '../accounts/stored-accounts.ts';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { shown } from '../http/ids.ts';
import { providerDown } from '../notices/provider-down.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import type { DispatchDeps } from './dispatch-settings.ts';

/** Writes down that an account takes messages or does not, and tells whoever should know. */
export async function tellOfHealth(
  deps: Pick<DispatchDeps, 'db' | 'clock' | 'ids'>,
  workspaceId: string,
  accountId: string,
  health: { readonly isDown: boolean; readonly reason: string },
): Promise<void> {
  await inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now: deps.clock.now() };
    const state = health.isDown ? 'down' : 'up';
    const changed = await tx
      .updateTable('accounts')
      .set({ health: state, health_since: work.now, health_reason: health.isDown ? health.reason : null })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', accountId)
      .where('health', '<>', state)
      .returning('id')
      .execute();
    if (changed.length === 0) return;
    const subject = shown('account', accountId);
    const account = (await namesOfAccounts(work, [accountId])).get(accountId) ?? '';
    if (health.isDown)
      await raiseNotices(deps, work, providerDown, [{ subject, values: { account, reason: health.reason } }]);
    else await resolveNotices(work, providerDown, [subject]);
    await writeTopic(work, { topic: 'accounts', ids: [subject] });
  });
}
