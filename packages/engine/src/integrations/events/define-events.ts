import type { z } from 'zod';
import type { Scope } from '../../db/work.ts';

/** What of an event is read once it is to be sent. */
export type EventSubject = {
  /** The person whom it is about, whose erasure empties it. */
  readonly contactId: string | null;
  /** What set it off, by its id as the API shows it; null where that is not known. */
  readonly cause: string | null;
  readonly data: unknown;
};

/** A type of event that can be sent to a webhook: `noun.past_tense`. */
export type EventType = {
  readonly type: `${string}.${string}`;
  /** Raised where the data would mean something else; fields are only ever added. */
  readonly version: number;
  /** What happened, as a sentence. */
  readonly title: string;
  readonly schema: z.ZodType;
  /** Of its data. */
  readonly example: unknown;
};

/** Types of events about one kind of thing, read together. */
export type EventGroup = {
  readonly types: readonly EventType[];
  /** What there is to say of things, by their ids; nothing of those that are gone. */
  readonly read: (scope: Scope, ids: readonly string[]) => Promise<ReadonlyMap<string, EventSubject>>;
};

/** Declares types of events whose data has one form: each with what happened, and an example where it differs from that of the group. */
export function defineEvents<S extends z.ZodType>(group: {
  readonly schema: S;
  readonly example: z.output<S>;
  readonly types: Readonly<
    Record<`${string}.${string}`, { readonly title: string; readonly example?: Partial<z.output<S>> }>
  >;
  readonly read: (
    scope: Scope,
    ids: readonly string[],
  ) => Promise<ReadonlyMap<string, Omit<EventSubject, 'data'> & { readonly data: z.output<S> }>>;
}): EventGroup {
  const types = Object.entries(group.types).map(([type, { title, example }]): EventType => {
    if (!isEventType(type)) throw new Error(`${type} is no type of event.`);
    const data = group.schema.parse({ ...(typeof group.example === 'object' ? group.example : {}), ...example });
    return { type, version: 1, title, schema: group.schema, example: data };
  });
  return { types, read: group.read };
}

function isEventType(text: string): text is EventType['type'] {
  return /^[a-z]+\.[a-z]+(_[a-z]+)*$/.test(text);
}
