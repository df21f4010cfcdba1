import { z } from 'zod';

/** First parts of the names of events that Signalbox records itself, such as `message.received`. */
const ownNouns: ReadonlySet<string> = new Set(['consent', 'contact', 'enrollment', 'flow', 'message']);

/** The name of an event, ours or one that is reported: `order.placed`. */
export const eventNameSchema = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/, {
    error: 'Small letters, digits and underscores, in parts joined by dots, such as order.placed',
  });

/** The name of an event that another system reports: any but those that Signalbox records itself. */
export const reportedEventSchema = eventNameSchema.refine((name) => !isOwnEvent(name), {
  error: `Names that begin with ${[...ownNouns].map((noun) => `“${noun}.”`).join(', ')} are Signalbox’s own`,
});

/** Whether only Signalbox itself records events of this name. */
export function isOwnEvent(name: string): boolean {
  return name.includes('.') && ownNouns.has(name.split('.')[0] ?? '');
}
