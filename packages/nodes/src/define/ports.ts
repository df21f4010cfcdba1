import type { TestAssignment, TestStanding } from './arms.ts';
import type { AttributeValue, Scalar, StoredContact } from './contact-fields.ts';
import type { Reason } from './decision.ts';
import type { MessageText } from './message-text.ts';

/** The contact a node runs for, as its step call read it. */
export type ContactView = StoredContact & {
  readonly id: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
};

/** The event that last moved this enrollment: the triggering text, a reply, or an API event. */
export type EventView = {
  readonly id: string;
  readonly type: string;
  readonly occurred_at: Date;
  /** The text received, for `message.received`. */
  readonly text: string | null;
  /** Payload of an API event; of a text what was found out about it, such as the keyword that was probably meant. */
  readonly data: Readonly<Record<string, Scalar>>;
};

/** What a message is for: what consent is given for, and what rules of the gate go by. */
export const purposes = ['marketing', 'transactional', 'conversational', 'otp'] as const;
export type Purpose = (typeof purposes)[number];
/** `pending`: asked for and not confirmed yet. */
export type ConsentState = 'granted' | 'revoked' | 'pending' | 'none';
/** Priority classes of the queue, in the order in which they are served. */
export const lanes = ['otp', 'transactional', 'reply', 'journey', 'campaign', 'bulk'] as const;
export type Lane = (typeof lanes)[number];

/** A message to be queued for the contact. */
export type MessageDraft = {
  /** Rendered text, 1 to 1,600 characters. */
  readonly text: string;
  readonly purpose: Purpose;
  readonly lane: Lane;
  /** Every link in the text becomes a short one of the person's own, which says who followed it. */
  readonly shortenLinks?: boolean;
  /** Pictures that go with it, by the ids that the API has for them. */
  readonly media?: readonly string[];
  /** Of a text that a template has: its version, the language, and whether something that it names was not known of the person. */
  readonly template?: { readonly versionId: string; readonly language: string; readonly gaps: boolean };
};

/** A template, by the id that the API has for it: one version that stays, or null for whichever is the newest when somebody comes to the step. */
export type TemplateRef = { readonly id: string; readonly version: number | null };

/** A text before it is filled in, with its snippets in their places. `of` says which version of a template it is from, and in which language. */
export type FoundText = MessageText & { readonly of: { readonly versionId: string; readonly language: string } | null };

/** What to look up: a template's text in somebody's language, or a text that names snippets. */
export type SoughtText = { readonly template: TemplateRef } | { readonly written: MessageText };

/**
 * The world as a node sees it, bound to one contact of one step call.
 * Reads are batched over the cohort; writes are collected and become the step transaction's set-based statements.
 * Nothing is written unless the step commits, and then exactly once: the engine owns ids and idempotency.
 */
export type Ports = {
  readonly consent: {
    /** The contact's consent for `purpose`, as the projection stood when the step's rows were locked. */
    state(purpose: Purpose): Promise<ConsentState>;
    /** Appends a grant to the ledger. `wording` is the text the person was shown. */
    record(grant: { readonly purpose: Purpose; readonly wording: string }): void;
  };
  readonly messages: {
    /**
     * Asks the gate and, where it agrees, queues the message; the id is the engine's, one per (enrollment, hop).
     * `refused` names the gate's reason and queues nothing.
     */
    queue(draft: MessageDraft): Promise<{ readonly queued: string } | { readonly refused: Reason }>;
  };
  readonly profile: {
    /** Sets a built-in field or an attribute (`attributes.plan`) of the contact; the last write of a step wins. */
    set(field: string, value: AttributeValue): void;
    /** A text as the attribute (`attributes.plan`) holds it by its field's type; null where the text does not fit. */
    typed(field: string, text: string): Promise<{ readonly value: AttributeValue } | null>;
  };
  readonly events: {
    /** Sum over the contact's events of weight(type) × 0.5^(age / halfLifeDays), up to `now`. */
    decayedSum(query: {
      readonly weights: Readonly<Record<string, number>>;
      readonly halfLifeDays: number;
    }): Promise<number>;
  };
  readonly templates: {
    /** The text as it stands when the step is made; null where a template or a snippet of it is gone, or has no version yet. */
    find(sought: SoughtText, language: string | null): Promise<FoundText | null>;
  };
  readonly tests: {
    /** How the test at this step stands for the person. A decision of it waits for the step's transaction, and the step for a decision under way. */
    standing(): Promise<TestStanding>;
    /** Stores what the person is given, once a test: what is stored already stays. Only after `standing`. */
    give(assignment: TestAssignment): void;
  };
  readonly codes: {
    /**
     * The contact's code of each pool, by the pools' keys: the one that they were given before, or one that nobody has, which is theirs from
     * then on. Null where a pool has none left, or is not there.
     */
    give(pools: readonly string[]): Promise<Readonly<Record<string, string | null>>>;
  };
  readonly hours: {
    /** The first instant from `from` on at which the workspace is open, by its hours as they stand; null where that is not for two months. */
    opensAt(from: Date): Promise<Date | null>;
  };
};

/** Deterministic randomness: the same enrollment at the same hop always draws the same number. */
export type RandomSource = {
  /** Uniform in [0, 1), a hash of (enrollment, step, hop). */
  perVisit(): number;
  /** Uniform in [0, 1), a hash of (flow, contact, step): the same at every visit, and independent from flow to flow. */
  perContact(): number;
};
