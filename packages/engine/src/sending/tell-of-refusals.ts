import { sql } from 'kysely';
import { namesOfAccounts } from '../accounts/stored-accounts.ts';
import { textArray } from '../db/array-literals.ts';
import type { Scope, Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { providerCredentialsRefused } from '../notices/provider-credentials-refused.ts';
import { senderRefused } from '../notices/sender-refused.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import type { Ids } from '../runtime/ids.ts';
import type { AttemptResult } from './attempt-result.ts';

/** Which notices about accounts and senders a workspace has open. */
export type Doubted = { readonly accounts: boolean; readonly senders: boolean };

/**
 * Raises a notice for each account that its provider does not know by its credentials any more, and for each sender that it does not send
 * from, and ends it where messages are taken again. Where nothing is wrong it asks nothing.
 */
export async function tellOfRefusals(
  deps: { readonly ids: Ids },
  work: Work,
  results: readonly AttemptResult[],
  doubted: Doubted,
): Promise<void> {
  const accounts = sort(results, 'auth', ({ accountId }) => accountId);
  if (accounts.refused.size > 0) {
    const names = await namesOfAccounts(work, [...accounts.refused.keys()]);
    const incidents = [...names].map(([id, account]) => ({
      subject: shown('account', id),
      values: { account, code: accounts.refused.get(id) ?? '' },
    }));
    await raiseNotices(deps, work, providerCredentialsRefused, incidents);
  }
  if (doubted.accounts && accounts.works.size > 0)
    await resolveNotices(
      work,
      providerCredentialsRefused,
      [...accounts.works].map((id) => shown('account', id)),
    );

  const senders = sort(results, 'sender', ({ sender }) => sender);
  if (senders.refused.size > 0) {
    const incidents = (await sendersAt(work, [...senders.refused.keys()])).map(({ id, address, account }) => ({
      subject: shown('sender', id),
      values: { sender: address, account, code: senders.refused.get(address) ?? '' },
    }));
    await raiseNotices(deps, work, senderRefused, incidents);
  }
  if (doubted.senders && senders.works.size > 0)
    await resolveNotices(
      work,
      senderRefused,
      (await sendersAt(work, [...senders.works])).map(({ id }) => shown('sender', id)),
    );
}

/** What messages were taken of, and what all were refused of, with the last code. */
function sort(
  results: readonly AttemptResult[],
  errorClass: 'auth' | 'sender',
  of: (result: AttemptResult) => string,
): { readonly works: ReadonlySet<string>; readonly refused: ReadonlyMap<string, string> } {
  const works = new Set(results.flatMap((result) => (result.outcome.kind === 'accepted' ? [of(result)] : [])));
  const refused = results.flatMap((result) =>
    result.outcome.kind === 'refused' && result.outcome.errorClass === errorClass && !works.has(of(result))
      ? [[of(result), result.outcome.code] as const]
      : [],
  );
  return { works, refused: new Map(refused) };
}

async function sendersAt(
  { tx, workspaceId }: Scope,
  addresses: readonly string[],
): Promise<ReadonlyArray<{ readonly id: string; readonly address: string; readonly account: string }>> {
  const rows = await sql<{ id: string; address: string; account: string }>`
    SELECT s.id, s.address, a.name AS account FROM senders s JOIN accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
    WHERE s.workspace_id = ${workspaceId} AND s.address = ANY(${textArray(addresses)}::text[])`.execute(tx);
  return rows.rows;
}
