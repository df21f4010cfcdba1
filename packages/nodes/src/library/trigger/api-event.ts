import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { reportedEventSchema } from '../../define/event-names.ts';
import { formatMessage } from '../../text/format-message.ts';

const config = z.object({
  event: reportedEventSchema.meta({
    ui: {
      label: 'Event name',
      help: 'The name under which your system reports the event, such as order.placed.',
      placeholder: 'order.placed',
      control: 'text',
    },
  }),
  description: z
    .string()
    .max(200)
    .optional()
    .meta({ ui: { label: 'What it means', help: 'For your colleagues; shown on the card.', control: 'text' } }),
});

/**
 * Starts the flow for the person that an event from another system is about.
 *
 * @example { event: 'order.placed', description: 'Someone bought in the shop' }
 */
export const apiEvent = defineNode({
  type: 'api-event',
  version: 1,
  title: 'API event',
  group: 'trigger',
  icon: 'webhook',
  docs: 'Starts the flow when another system reports an event for a person. Its payload can be used in messages and branches.',
  effect: 'none',
  config,
  summary: ({ event, description }) =>
    description === undefined || description === ''
      ? formatMessage('When {event} is reported', { event })
      : description,
  outlets: () => [{ id: 'next', label: 'Next' }],
  trigger: ({ event }) => ({
    kind: 'api',
    keys: [{ key: event, path: ['event'] }],
    entered: (arrived) => (arrived === null ? null : { code: 'event_reported', values: { event } }),
  }),
  reasons: { event_reported: 'Event {event} came in' },
  run: ({ config: { event } }) => next('next', { code: 'event_reported', values: { event } }),
});
