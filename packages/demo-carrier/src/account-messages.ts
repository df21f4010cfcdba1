import type { Account } from './accounts.ts';
import type { Ledger, LedgerMessage } from './ledger.ts';

/** Whether a message was sent by an account or came to it. */
export function isOf({ dialect, sid }: Account, message: LedgerMessage): boolean {
  return message.dialect === dialect && message.accountSid === sid;
}

/** Everything that an account sent and that came to it, in its order. */
export function messagesOf(account: Account, ledger: Ledger): LedgerMessage[] {
  return ledger.messages.filter((message) => isOf(account, message));
}

/** One of them, by its id. */
export function messageOf(account: Account, ledger: Ledger, id: string): LedgerMessage | undefined {
  const message = ledger.get(id);
  return message !== undefined && isOf(account, message) ? message : undefined;
}
