import type { z } from 'zod';
import type { Reason } from '../define/decision.ts';
import type { ConsentState, Purpose } from '../define/ports.ts';
import { alwaysOpen, type OpeningHours } from '../time/opening-hours.ts';
import type { NumberPlace } from './number-place.ts';

/** What is known of a sender's registration with carriers or an authority. */
export const registrationStates = ['unknown', 'unregistered', 'pending', 'registered', 'rejected'] as const;
export type RegistrationState = (typeof registrationStates)[number];

/** The sender of a message, as rules see it. */
export type SenderFacts = {
  /** `long_code`, `toll_free`, `short_code`, `alphanumeric`, or what another version wrote. */
  readonly kind: string;
  readonly registration: RegistrationState;
};

/** A spending limit that a message falls under, as it stands in this period. */
export type LimitFacts = {
  /** What may still be spent, in millionths of the workspace's currency; whoever reserves takes from it. */
  left: number;
  readonly period: 'hour' | 'day' | 'month';
  readonly at_limit: 'hold' | 'refuse';
  /** When the period ends. */
  readonly until: Date;
};

/** The daily cap of the brand that a message's sender is registered for. */
export type BrandFacts = {
  readonly name: string;
  /** Segments a day. */
  readonly cap: number;
  /** Segments that may still go out today; whoever reserves takes from it. */
  left: number;
  /** When the day ends. */
  readonly until: Date;
};

/** A file that goes out with a message. */
export type SentMedia = {
  readonly id: string;
  /** Such as `image/jpeg`. */
  readonly type: string;
  readonly bytes: number;
};

/** What the sender's provider takes of files with one message. */
export type MediaLimits = {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
  /** The kinds of files, such as `image/jpeg`, with the bytes of one at most. */
  readonly types: Readonly<Record<string, number>>;
  /** Where they go (ISO 3166-1 alpha-2); null where nobody says that they do not go everywhere. */
  readonly countries: readonly string[] | null;
};

/** What the gate decides from, about one message to one person: plain values, read in one place (the engine's `gate/facts.ts`). */
export type GateFacts = {
  readonly purpose: Purpose;
  readonly now: Date;
  /** Why the number may not be texted, as it was stored; null where it may. */
  readonly suppressedReason: string | null;
  /** The contact's consent for the purpose. */
  readonly consent: ConsentState;
  /** Whether the workspace has a number to send from. */
  readonly hasSender: boolean;
  /** The sender that the message would come from; null where that is not known. */
  readonly sender: SenderFacts | null;
  /** The number, as it is stored. */
  readonly number: string;
  /** Where the number may be. */
  readonly place: NumberPlace;
  /** The contact's own time zone; null where none is known. */
  readonly zone: string | null;
  readonly workspaceZone: string;
  /** The workspace's own country, ISO 3166-1 alpha-2. */
  readonly homeCountry: string;
  /** When somebody of the workspace is there, on its own clocks; always, where it set nothing or no rule asks. */
  readonly opening: OpeningHours;
  /** The message answers what the person texted within the last minutes. */
  readonly isAnswer: boolean;
  /** What would be sent. */
  readonly text: string;
  /** When messages of the same purpose went to the person, or were queued for them, in the time that caps are about; newest first. */
  readonly earlier: readonly Date[];
  readonly segments: number;
  /** The files that go with it; null in place of one that is gone. */
  readonly media: ReadonlyArray<SentMedia | null>;
  /** What the sender's provider takes of them; null where it takes none, or there is no sender. */
  readonly mediaLimits: MediaLimits | null;
  /** What a segment costs, in millionths of the workspace's currency; null where nobody knows. */
  readonly segmentPrice: number | null;
  /** The spending limits that it falls under. */
  readonly limits: readonly LimitFacts[];
  /** The cap that it falls under; null where there is none. */
  readonly brand: BrandFacts | null;
  /** Uniform in [0, 1), the same for a person whenever it is asked. */
  readonly draw: number;
  /** What the workspace set for its rules, by the rule's name: as it is stored. */
  readonly settings: GateSettings;
};

/** Settings of rules by their names, as they are stored. A rule reads its own, with what it has by default. */
export type GateSettings = Readonly<Record<string, unknown>>;

/** What rules mind least in a message, but for how the workspace is set up: a rule that refuses this refuses everybody. */
export const mildest: Omit<GateFacts, 'now' | 'hasSender'> = {
  purpose: 'transactional',
  suppressedReason: null,
  consent: 'granted',
  sender: null,
  number: '+12025550123',
  place: { country: 'US', kind: 'ordinary', states: [], zones: ['America/New_York'] },
  zone: null,
  workspaceZone: 'America/New_York',
  homeCountry: 'US',
  opening: alwaysOpen,
  isAnswer: true,
  text: '',
  earlier: [],
  segments: 1,
  media: [],
  mediaLimits: null,
  segmentPrice: null,
  limits: [],
  brand: null,
  draw: 0,
  settings: {},
};

/**
 * What a rule says. `refuse` is final for this message. `later` leaves it in the queue until then, when the gate is asked again; its
 * reason is shown meanwhile.
 */
export type Verdict =
  | { readonly kind: 'send' }
  | { readonly kind: 'refuse'; readonly reason: Reason }
  | { readonly kind: 'later'; readonly until: Date; readonly reason: Reason };

/**
 * Messages that a rule may let pass although it would refuse them, by name: nothing goes around the gate.
 * `compliance_answer`: the one confirmation of a STOP, START or HELP that the law asks for.
 */
export type Exemption = 'compliance_answer';

/** What a rule is, but for what it does with its settings. */
type RuleWords = {
  /** Equal to the file's name. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** One sentence for people: what the rule sees to. */
  readonly says: string;
  /** Messages that this rule does not ask about. */
  readonly exempts?: readonly Exemption[];
  /** Texts of the reasons that the rule gives, by code; `{name}` stands for a value. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What to do about a reason that refuses everybody, by code: whoever starts a flow reads it before. */
  readonly remedies?: Readonly<Record<string, string>>;
};

export type GateRule = RuleWords & {
  /** What a workspace may set: an object with hints for its form, each field with what holds by default. Null where there is nothing to set. */
  readonly settings: z.ZodObject | null;
  readonly decide: (facts: GateFacts) => Verdict;
};

export const send: Verdict = { kind: 'send' };

export function refuse(code: string, values?: Reason['values']): Verdict {
  return { kind: 'refuse', reason: values === undefined ? { code } : { code, values } };
}

export function later(until: Date, code: string, values?: Reason['values']): Verdict {
  return { kind: 'later', until, reason: values === undefined ? { code } : { code, values } };
}

type PlainRule = RuleWords & { readonly settings?: undefined; readonly decide: (facts: GateFacts) => Verdict };

type SettableRule<Schema extends z.ZodObject> = RuleWords & {
  readonly settings: Schema;
  readonly decide: (facts: GateFacts, settings: z.infer<Schema>) => Verdict;
};

const isPlain = (rule: PlainRule | { readonly settings: z.ZodObject }): rule is PlainRule =>
  rule.settings === undefined;

export function defineRule(rule: PlainRule): GateRule;
export function defineRule<Schema extends z.ZodObject>(rule: SettableRule<Schema>): GateRule;
/**
 * Defines a rule: one file, pure; `pnpm catalogue` adds it to the gate. Settings are read once for all messages that are asked about
 * together.
 *
 * @throws ZodError by its `decide`, where what is stored does not fit: settings are written through the same schema.
 */
export function defineRule<Schema extends z.ZodObject>(rule: PlainRule | SettableRule<Schema>): GateRule {
  if (isPlain(rule)) return { ...rule, settings: null };
  const read = new WeakMap<GateSettings, z.infer<Schema>>();
  return {
    ...rule,
    decide(facts) {
      let settings = read.get(facts.settings);
      if (settings === undefined) {
        settings = rule.settings.parse(facts.settings[rule.name] ?? {});
        read.set(facts.settings, settings);
      }
      return rule.decide(facts, settings);
    },
  };
}
