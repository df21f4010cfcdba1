import type { Scope } from '@signalbox/engine/db/work';
import { chooseSender, listSenders, type SenderRow } from '@signalbox/engine/sending/senders';

/** The workspace's sender of an address; its first without one. @throws Error where it has none. */
export async function senderOf(scope: Scope, address: string | null = null): Promise<SenderRow> {
  const sender = chooseSender(await listSenders(scope), address);
  if (sender === null) throw new Error('The workspace has no sender.');
  return sender;
}
