import { consentEvents } from './events/consent.ts';
import { contactEvents } from './events/contacts.ts';
import type { EventGroup, EventType } from './events/define-events.ts';
import { enrollmentEvents } from './events/enrollments.ts';
import { flowEvents, versionEvents } from './events/flows.ts';
import { linkEvents } from './events/links.ts';
import { messageEvents } from './events/messages.ts';
import { segmentEvents } from './events/segments.ts';
import { testEvents } from './events/tests.ts';

const groups: readonly EventGroup[] = [
  messageEvents,
  linkEvents,
  consentEvents,
  contactEvents,
  segmentEvents,
  testEvents,
  versionEvents,
  flowEvents,
  enrollmentEvents,
];

/** Every type of event that a webhook can be told of. Migrations say when each happens: a type without a trigger is never told. */
export const eventTypes: readonly EventType[] = groups.flatMap(({ types }) => types);

const groupOf: ReadonlyMap<string, { readonly group: EventGroup; readonly type: EventType }> = new Map(
  groups.flatMap((group) => group.types.map((type) => [type.type, { group, type }] as const)),
);

/** A type by its name, with the group that reads what it is about; null for one that this build does not know. */
export function findEventType(name: string): { readonly group: EventGroup; readonly type: EventType } | null {
  return groupOf.get(name) ?? null;
}

/** What is sent where somebody asks for a test. */
export const testType = 'webhook.tested';
