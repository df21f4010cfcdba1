import type { MessageDetail } from '@signalbox/engine/inbox/contract';
import { t, tOpen } from '../lib/translate.ts';
import type { SignalTone } from '../ui/signal.tsx';

/** One thing that happened to a message. */
export type Happening = {
  readonly key: string;
  readonly at: string;
  readonly tone: SignalTone;
  readonly title: string;
  /** A provider's id or code, to be read as it stands. */
  readonly code: string | null;
};

type Attempt = MessageDetail['attempts'][number];
type Receipt = MessageDetail['receipts'][number];

const attemptTones: Readonly<Record<Attempt['state'], SignalTone>> = {
  dispatching: 'calm',
  accepted: 'calm',
  refused: 'stop',
  unknown: 'wait',
  gave_up: 'stop',
};
const attemptTexts = {
  dispatching: 'message.story.dispatching',
  accepted: 'message.story.accepted',
  refused: 'message.story.refused',
  unknown: 'message.story.unknown',
  gave_up: 'message.story.gave_up',
} as const satisfies Readonly<Record<Attempt['state'], string>>;
const failed: ReadonlySet<string> = new Set(['undelivered', 'failed', 'expired']);

/** Everything that happened to a message, in order of time. */
export function timelineOf(message: MessageDetail): Happening[] {
  const began: Happening = {
    key: 'began',
    at: message.created_at,
    tone: message.state === 'refused' ? 'stop' : 'calm',
    title: t(
      message.direction === 'in' ? 'messages.in' : message.state === 'refused' ? 'message.refused' : 'message.queued',
    ),
    code: null,
  };
  const later = [...message.attempts.map(ofAttempt), ...message.receipts.map(ofReceipt)];
  return [began, ...later.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))];
}

function ofAttempt(attempt: Attempt): Happening {
  const account = attempt.account_name ?? t('message.story.removed_account');
  return {
    key: attempt.id,
    at: attempt.settled_at ?? attempt.started_at,
    tone: attemptTones[attempt.state],
    title: t(attemptTexts[attempt.state], { account }),
    code: attempt.error_code ?? attempt.provider_id,
  };
}

function ofReceipt(receipt: Receipt, index: number): Happening {
  return {
    key: `receipt-${index}`,
    at: receipt.received_at,
    tone: receipt.status === 'delivered' ? 'live' : failed.has(receipt.status) ? 'stop' : 'calm',
    title: tOpen(`receipt.${receipt.status}`, receipt.status),
    code: receipt.error_code,
  };
}
