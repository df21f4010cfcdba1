import type { KeywordMatch } from '../text/keywords.ts';
import type { WeekHours } from '../time/week-hours.ts';
import type { Reason } from './decision.ts';
import type { EventView } from './ports.ts';

/** What arrives and lets people in, by kind. Triggers share them: what arrives is matched by kind and key, whatever the type of the step. */
export const triggerKinds = {
  /** A text from the person; a key is a word or phrase of it. One live flow of a workspace has a key at a sender. */
  keyword: { show: (key: string) => key.toUpperCase(), twice: 'keyword_duplicate', taken: 'keyword_taken' },
  /** A text that nothing before took; a key says when. One live flow of a workspace has a key at a sender. */
  text: { show: (key: string) => key, twice: 'auto_response_duplicate', taken: 'auto_response_taken' },
  /** An event that another system reports; a key is its name. Every flow that has the key lets the person in. */
  api: { show: (key: string) => key, twice: 'event_duplicate', taken: null },
  /** That somebody came into a segment or left it; a key says which. Every flow that has the key lets the person in. */
  segment: { show: (key: string) => key, twice: 'segment_duplicate', taken: null },
  /** That the flow's campaign begins, or that somebody comes to be in its audience. There is one key, and each campaign has a flow of its own. */
  campaign: { show: (key: string) => key, twice: 'campaign_duplicate', taken: null },
} as const satisfies Record<string, TriggerKindText>;

type TriggerKindText = {
  /** A key as people write it. */
  readonly show: (key: string) => string;
  /** The problem of two triggers of one flow with the same key. */
  readonly twice: string;
  /** The problem of a key that another live flow has; null where flows may share one. */
  readonly taken: string | null;
};

export type TriggerKind = keyof typeof triggerKinds;

/** How a trigger step lets people in. */
export type Trigger<ReasonCode extends string = string> = {
  readonly kind: TriggerKind;
  /** What it listens for, each with its place in the config. */
  readonly keys: ReadonlyArray<{ readonly key: string; readonly path: ReadonlyArray<string | number> }>;
  /** How keys of the kind `keyword` are compared with a text. */
  readonly match?: KeywordMatch;
  /** Of our senders those at which it hears texts; all of them without. */
  readonly senders?: readonly string[];
  /** When it hears texts, on the workspace's clocks; always without. */
  readonly hours?: readonly WeekHours[];
  /** Of the kind `text`: whoever came in by it within a day comes in no more. */
  readonly onceADay?: boolean;
  /** Of the kind `text`: the keyword that the person probably meant is looked for, and is `event.data.keyword`. */
  readonly didYouMean?: boolean;
  /** Why somebody came in with what arrived; null where there is nothing to tell, such as for people let in without it. */
  readonly entered: (event: EntryEvent | null) => Reason<ReasonCode> | null;
};

/** Where a trigger hears: at each of its senders, or at any, which is the empty one. */
export function sendersOf({ senders = [] }: Pick<Trigger, 'senders'>): readonly string[] {
  return senders.length === 0 ? [''] : senders;
}

/** What arrived and let somebody in, as far as it is kept. */
export type EntryEvent = Pick<EventView, 'type' | 'text'>;

/** A key as people write it, where this build knows its kind. */
export function showKey(kind: string, key: string): string {
  return isTriggerKind(kind) ? triggerKinds[kind].show(key) : key;
}

function isTriggerKind(kind: string): kind is TriggerKind {
  return Object.hasOwn(triggerKinds, kind);
}
