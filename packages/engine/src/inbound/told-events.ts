import { cleanText } from '@signalbox/nodes/text/clean-text';
import { readCorrespondent } from '@signalbox/nodes/text/phone-number';
import type { Account } from '../accounts/store.ts';
import { provesMore } from '../accounts/webhook-guard.ts';
import type { ProviderEvent } from '../providers/provider.ts';
import { plausibleCost } from '../sending/real-costs.ts';
import { type CommitEngine, createInboundCommit, createReceiptCommit } from './webhook-commits.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is one of our ids. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** Stores what a provider told of an account and acts on it, texts and receipts together with others that come; resolves after the commit. */
export type ToldEvents = (account: Account, events: readonly ProviderEvent[]) => Promise<void>;

/** What cannot be stored as sent is stored cleaned, here for every provider and however it told. */
export function createToldEvents(engine: CommitEngine): ToldEvents {
  const inbound = createInboundCommit(engine);
  const receipts = createReceiptCommit(engine);

  const take = async (account: Account, event: ProviderEvent): Promise<void> => {
    if (event.kind === 'text') {
      await inbound.add(account.workspaceId, {
        accountId: account.id,
        providerId: event.providerId === null ? null : cleanText(event.providerId),
        from: readCorrespondent(cleanText(event.from)).address,
        to: cleanText(event.to),
        body: cleanText(event.body),
        media: event.media.map(({ url, type }) => ({ url: cleanText(url), type: cleanText(type) })),
        carrierWord: event.carrierWord,
        part: event.part === undefined ? null : { ...event.part, reference: cleanText(event.part.reference) },
        trusted: account.webhookKey === null || provesMore(account.webhookGuard),
      });
    } else if (event.kind === 'receipt') {
      const { reference, status, errorCode, failure, cost } = event;
      await receipts.add(account.workspaceId, {
        accountId: account.id,
        attemptId: reference !== null && isUuid(reference) ? reference : null,
        providerId: cleanText(event.providerId),
        status,
        errorCode: errorCode === null ? null : cleanText(errorCode),
        failure,
        cost: plausibleCost(cost),
      });
    }
  };

  return async (account, events) => {
    await Promise.all(events.map((event) => take(account, event)));
  };
}
