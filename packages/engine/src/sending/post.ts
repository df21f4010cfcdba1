import { cleanText } from '@signalbox/nodes/text/clean-text';
import { type Account, ProviderMissingError } from '../accounts/store.ts';
import { retryableClasses, type SendOutcome } from '../providers/provider.ts';
import type { AttemptResult } from './attempt-result.ts';
import type { Claimed } from './claim.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import { referenceFor } from './references.ts';

/** A claimed message that waits for its request. */
export type Waiting = {
  readonly claimed: Claimed;
  /** On the monotonic clock. */
  readonly claimedAt: number;
};

/** Makes the one request of an attempt. Whatever goes wrong on our side after it may have left is ambiguous. Never throws. */
export async function post(deps: DispatchDeps, waiting: Waiting): Promise<AttemptResult> {
  let outcome: SendOutcome;
  try {
    outcome = await postOnce(deps, waiting);
  } catch (error) {
    deps.log.error({ err: error }, 'a post failed unexpectedly');
    outcome = { kind: 'ambiguous', code: 'internal' };
  }
  return resultOf(deps, waiting.claimed, storable(outcome));
}

/** What a provider calls it, as it can be stored: one that cannot would hold up whatever is stored with it. */
function storable(outcome: SendOutcome): SendOutcome {
  return outcome.kind === 'accepted'
    ? { ...outcome, providerId: cleanText(outcome.providerId) }
    : { ...outcome, code: cleanText(outcome.code) };
}

async function postOnce(deps: DispatchDeps, { claimed, claimedAt }: Waiting): Promise<SendOutcome> {
  const { settings, clock } = deps;
  let account: Account;
  try {
    account = await deps.accounts.get(claimed.workspaceId, claimed.accountId);
  } catch (error) {
    // Nothing has left yet: provably not sent.
    deps.log.error({ err: error, account: claimed.accountId }, 'an account could not be opened');
    return error instanceof ProviderMissingError
      ? { kind: 'refused', errorClass: 'sender', code: 'no_provider', retryAfterMs: null }
      : { kind: 'refused', errorClass: 'transient', code: 'account_unavailable', retryAfterMs: null };
  }
  if (clock.monotonic() - claimedAt > settings.leaseMs - settings.httpTimeoutMs)
    return { kind: 'refused', errorClass: 'transient', code: 'lease_over', retryAfterMs: 0 };
  await deps.failPoints.reach('post.before');
  const outcome = await account.connection.send(
    {
      from: claimed.sender,
      to: claimed.number,
      body: claimed.body,
      media: claimed.media.map((file) => deps.outgoingMedia(claimed.workspaceId, file)),
      reference: referenceFor(claimed.attemptId, account.provider.limits.reference),
      callbackUrl: deps.callbackUrl(account, claimed.attemptId),
    },
    settings.httpTimeoutMs,
  );
  await deps.failPoints.reach('post.after');
  return outcome;
}

/** The result of a message that was claimed and never posted: it goes back into the queue. */
export function notBegun(deps: DispatchDeps, { claimed }: Waiting): AttemptResult {
  return resultOf(deps, claimed, { kind: 'refused', errorClass: 'transient', code: 'not_begun', retryAfterMs: 0 });
}

function resultOf(deps: DispatchDeps, claimed: Claimed, outcome: SendOutcome): AttemptResult {
  const now = deps.clock.now().getTime();
  const again = outcome.kind === 'refused' && retryableClasses.has(outcome.errorClass);
  return {
    attemptId: claimed.attemptId,
    messageId: claimed.messageId,
    accountId: claimed.accountId,
    sender: claimed.sender,
    number: claimed.number,
    flowId: claimed.flowId,
    country: claimed.country,
    outcome,
    retry: again ? { notBefore: new Date(now + (outcome.retryAfterMs ?? backOffMs(claimed))) } : null,
    lookupAt: new Date(now + deps.settings.lookupEveryMs),
  };
}

/** Doubles from 1 s to 5 minutes, and up to as much again by the attempt's id, so that what failed together does not return together. */
function backOffMs({ attemptId, attempt }: Claimed): number {
  const base = Math.min(300_000, 1_000 * 2 ** Math.min(attempt - 1, 9));
  return base + (Number.parseInt(attemptId.slice(-4), 16) / 0xffff) * base;
}
