import type { Goal } from '@signalbox/engine/goals/contract';
import { t } from '../lib/translate.ts';

/** What Signalbox records of people itself, by the types of its events. */
export const ownEvents = {
  'message.received': 'goals.event.received',
  'link.clicked': 'goals.event.clicked',
  'code.redeemed': 'goals.event.redeemed',
} as const;
type OwnEvent = keyof typeof ownEvents;

export const isOwnEvent = (event: string): event is OwnEvent => Object.hasOwn(ownEvents, event);

/** What people do, as it is called. */
export const eventName = (event: string): string => (isOwnEvent(event) ? t(ownEvents[event]) : event);

/** What counts for a goal, and what it is worth. */
export function describeGoal({ event, value_field: field, currency }: Goal): string {
  const what = eventName(event);
  return field === null || currency === null ? what : t('goals.worth', { event: what, field, currency });
}
