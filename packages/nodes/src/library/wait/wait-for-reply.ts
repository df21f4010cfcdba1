import { z } from 'zod';
import { waitFor } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { describeDuration, durationUpTo, toMilliseconds } from '../../text/duration.ts';
import { formatMessage } from '../../text/format-message.ts';

const config = z.object({
  timeout: durationUpTo({ amount: 30, unit: 'days' }).meta({
    ui: { label: 'Wait at most', help: 'From 1 minute to 30 days.', control: 'duration' },
  }),
});

/**
 * Holds people until they text back or the time is over. A reply that came while the message before was still on its way
 * counts.
 *
 * @example { timeout: { amount: 2, unit: 'days' } }
 */
export const waitForReply = defineNode({
  type: 'wait-for-reply',
  version: 1,
  title: 'Wait for a reply',
  group: 'wait',
  icon: 'message-circle-reply',
  docs: 'Waits until people text back, up to the time you set. A branch after it can read the reply.',
  effect: 'none',
  awaits: 'message.received',
  config,
  summary: ({ timeout }) => formatMessage('Wait up to {duration} for a reply', { duration: describeDuration(timeout) }),
  outlets: () => [
    { id: 'replied', label: 'Replied' },
    { id: 'timeout', label: 'No reply' },
  ],
  pausingOutlets: ['replied', 'timeout'],
  run: ({ config: { timeout }, now }) =>
    waitFor('message.received', new Date(now.getTime() + toMilliseconds(timeout)), {
      arrived: 'replied',
      timeout: 'timeout',
    }),
});
