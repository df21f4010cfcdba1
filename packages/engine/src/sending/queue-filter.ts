import type { Scope } from '../db/work.ts';
import { readShown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';
import type { CancelFilter } from './cancel-queued.ts';
import type { HoldSubject } from './holds.ts';
import { laneRank } from './queue.ts';

/** What somebody names of the queue, as the API takes it. */
export type Subject = {
  readonly account_id?: string | undefined;
  readonly sender?: string | undefined;
  readonly flow_id?: string | undefined;
  readonly lane?: keyof typeof laneRank | undefined;
};

/** @throws ProblemError at what the workspace does not have, and where nothing is named. */
export async function requireSubject(scope: Scope, given: Subject): Promise<HoldSubject> {
  const subject = await readSubject(scope, given);
  if (Object.values(subject).every((part) => part === null))
    throw fieldProblem([], 'subject_missing', fieldTexts.subject_missing);
  return subject;
}

/** @throws ProblemError at what the workspace does not have. */
export async function readSubject({ tx, workspaceId }: Scope, given: Subject): Promise<HoldSubject> {
  const { sender = null, lane } = given;
  const accountId = given.account_id === undefined ? null : readShown('account', given.account_id);
  const flowId = given.flow_id === undefined ? null : readShown('flow', given.flow_id);
  const missing = async (table: 'accounts' | 'flows', id: string): Promise<boolean> =>
    (await tx
      .selectFrom(table)
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst()) === undefined;
  if (accountId !== null && (await missing('accounts', accountId)))
    throw fieldProblem(['account_id'], 'account_unknown', fieldTexts.account_unknown);
  if (flowId !== null && (await missing('flows', flowId)))
    throw fieldProblem(['flow_id'], 'flow_unknown', fieldTexts.flow_unknown);
  if (sender !== null) {
    const known = await tx
      .selectFrom('senders')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('address', '=', sender)
      .executeTakeFirst();
    if (known === undefined) throw fieldProblem(['sender'], 'sender_unknown', fieldTexts.sender_unknown);
  }
  return { accountId, sender, flowId, lane: lane === undefined ? null : laneRank[lane] };
}

type Filter = {
  readonly waiting?: CancelFilter['waiting'] | undefined;
  readonly queued_before?: string | undefined;
  readonly code?: string | undefined;
};

/** The filter of a request, of what it names. */
export function filterOf(subject: HoldSubject, given: Filter): CancelFilter {
  return {
    ...subject,
    waiting: given.waiting ?? null,
    code: given.code ?? null,
    queuedBefore: given.queued_before === undefined ? null : new Date(given.queued_before),
  };
}
