import type { Scope } from '@signalbox/engine/db/work';
import type { SenderRow } from '@signalbox/engine/routing/choose-sender';
import { readRouting } from '@signalbox/engine/routing/store';

/** The workspace's sender of an address; its first without one. @throws Error where it has none. */
export async function senderOf(scope: Scope, address: string | null = null): Promise<SenderRow> {
  const { senders } = await readRouting(scope, new Date(0));
  const sender = senders.find((each) => each.address === address) ?? senders[0];
  if (sender === undefined) throw new Error('The workspace has no sender.');
  return sender;
}
