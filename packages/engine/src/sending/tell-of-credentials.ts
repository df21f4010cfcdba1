import { namesOfAccounts } from '../accounts/stored-accounts.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { providerCredentialsRefused } from '../notices/provider-credentials-refused.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import type { Ids } from '../runtime/ids.ts';
import type { AttemptResult } from './attempt-result.ts';

/**
 * Raises a notice for each account that its provider does not know by its credentials any more, and ends it where it takes messages again.
 * Where nothing is wrong it asks nothing.
 *
 * @param doubted whether any account of the workspace has such a notice.
 */
export async function tellOfCredentials(
  deps: { readonly ids: Ids },
  work: Work,
  results: readonly AttemptResult[],
  doubted: boolean,
): Promise<void> {
  const known = new Set(results.flatMap(({ accountId, outcome }) => (outcome.kind === 'accepted' ? [accountId] : [])));
  const codes = new Map(
    results.flatMap(({ accountId, outcome }) =>
      outcome.kind === 'refused' && outcome.errorClass === 'auth' && !known.has(accountId)
        ? [[accountId, outcome.code] as const]
        : [],
    ),
  );
  if (codes.size > 0) {
    const names = await namesOfAccounts(work, [...codes.keys()]);
    const incidents = [...names].map(([id, account]) => ({
      subject: shown('account', id),
      values: { account, code: codes.get(id) ?? '' },
    }));
    await raiseNotices(deps, work, providerCredentialsRefused, incidents);
  }
  if (doubted && known.size > 0)
    await resolveNotices(
      work,
      providerCredentialsRefused,
      [...known].map((id) => shown('account', id)),
    );
}
