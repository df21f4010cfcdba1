import type { QueueHold } from '@signalbox/engine/sending/contract';
import { formatPhone } from '../lib/format.ts';
import { t, tOpen } from '../lib/translate.ts';

/** What is held, as the API takes it; a name for each part that it has. */
export type Held = {
  readonly name: string;
  readonly subject: {
    readonly lane?: string;
    readonly account_id?: string;
    readonly sender?: string;
    readonly flow_id?: string;
  };
};

export const laneName = (lane: string): string => tOpen(`lane.${lane}`, lane);

/** What a hold or a retry is of: "Bulk", or "Bulk · Main account". */
export function holdName(
  hold: Pick<QueueHold, 'lane' | 'account_id' | 'account_name' | 'sender' | 'flow_id' | 'flow_name'>,
): string {
  const parts = [
    hold.lane === null ? null : laneName(hold.lane),
    hold.account_id === null ? null : (hold.account_name ?? t('queue.removed_account')),
    hold.sender === null ? null : formatPhone(hold.sender),
    hold.flow_id === null ? null : (hold.flow_name ?? t('queue.removed_flow')),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
