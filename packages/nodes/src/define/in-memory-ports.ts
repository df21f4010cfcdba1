import { alwaysOpen, type OpeningHours, opensAt } from '../time/opening-hours.ts';
import type { TestAssignment, TestStanding } from './arms.ts';
import { type AttributeValue, contactOf } from './contact-fields.ts';
import { attributeKey, type CustomField, typedText } from './custom-fields.ts';
import type { Reason } from './decision.ts';
import type {
  ConsentState,
  ContactView,
  FoundText,
  MessageDraft,
  Ports,
  Purpose,
  RandomSource,
  SoughtText,
} from './ports.ts';

/** The state of the world before a step, as tables of cases give it. */
export type PortsState = {
  /** Purposes that are not named have state `none`. */
  readonly consent?: Readonly<Partial<Record<Purpose, ConsentState>>>;
  /** The gate's reason for refusing messages; without it, it agrees. */
  readonly refuse?: Reason;
  /** What happened with the contact before. */
  readonly events?: ReadonlyArray<{ readonly type: string; readonly occurred_at: Date }>;
  /** Fields that the workspace made up. */
  readonly fields?: readonly CustomField[];
  /** When the workspace is open, on clocks of UTC; always without. */
  readonly opening?: OpeningHours;
  /** Finds texts of templates and snippets; without, there is none. */
  readonly findText?: (sought: SoughtText, language: string | null) => FoundText | null;
  /** How a test stands; without, it has begun and nobody was given anything. */
  readonly test?: Partial<TestStanding>;
  /** The contact's codes, by pool; of others there are none left. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly now: Date;
  /** Makes the id of the nth message, from 1. */
  readonly messageId?: (count: number) => string;
};

/** What a step wrote, in order. */
export type CollectedWrites = {
  readonly consent: Array<{ readonly purpose: Purpose; readonly wording: string }>;
  readonly messages: Array<MessageDraft & { readonly id: string }>;
  readonly profile: Array<{ readonly field: string; readonly value: AttributeValue }>;
  readonly tests: TestAssignment[];
};

const dayMs = 86_400_000;

/** Ports over plain data, for tables of cases and anything else that runs a node without a database. Reads see the state as given, not the writes. */
export function inMemoryPorts(state: PortsState): { readonly ports: Ports; readonly writes: CollectedWrites } {
  const writes: CollectedWrites = { consent: [], messages: [], profile: [], tests: [] };
  const messageId = state.messageId ?? ((count) => `message-${count}`);
  const ports: Ports = {
    consent: {
      state: async (purpose) => state.consent?.[purpose] ?? 'none',
      record: (grant) => {
        writes.consent.push(grant);
      },
    },
    messages: {
      queue: async (draft) => {
        if (state.refuse !== undefined) return { refused: state.refuse };
        const id = messageId(writes.messages.length + 1);
        writes.messages.push({ ...draft, id });
        return { queued: id };
      },
    },
    profile: {
      set: (field, value) => {
        writes.profile.push({ field, value });
      },
      typed: async (field, text) =>
        typedText(
          state.fields?.find(({ key }) => key === attributeKey(field)),
          text,
        ),
    },
    events: {
      decayedSum: async ({ weights, halfLifeDays }) =>
        (state.events ?? [])
          .filter((event) => event.occurred_at <= state.now)
          .reduce((sum, { type, occurred_at }) => {
            const weight = Object.hasOwn(weights, type) ? (weights[type] ?? 0) : 0;
            return sum + weight * 0.5 ** ((state.now.getTime() - occurred_at.getTime()) / dayMs / halfLifeDays);
          }, 0),
    },
    templates: {
      find: async (sought, language) => state.findText?.(sought, language) ?? null,
    },
    tests: {
      standing: async () => ({ id: 'test', given: null, over: null, ...state.test }),
      give: (assignment) => {
        writes.tests.push(assignment);
      },
    },
    codes: {
      give: async (pools) => Object.fromEntries(pools.map((key) => [key, state.codes?.[key] ?? null])),
    },
    hours: {
      opensAt: async (from) => opensAt(state.opening ?? alwaysOpen, { zone: 'UTC', country: 'US' }, from),
    },
  };
  return { ports, writes };
}

/** A random source that always draws the same numbers in [0, 1). */
export function fixedRandom(perVisit = 0, perContact = perVisit): RandomSource {
  return { perVisit: () => perVisit, perContact: () => perContact };
}

/** Someone to run cases for. */
export const sampleContact: ContactView = {
  id: 'con_sample',
  ...contactOf((field) => (field.always ? field.sample : null)),
  first_name: 'Sam',
  time_zone: 'America/New_York',
  attributes: {},
};
