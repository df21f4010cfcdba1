import type { Reason } from '../define/decision.ts';
import type { ConsentState, Purpose } from '../define/ports.ts';

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
};

/** What rules mind least in a message, but for how the workspace is set up: a rule that refuses this refuses everybody. */
export const mildest: Omit<GateFacts, 'now' | 'hasSender'> = {
  purpose: 'transactional',
  suppressedReason: null,
  consent: 'granted',
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

export type GateRule = {
  /** Equal to the file's name. */
  readonly name: string;
  /** One sentence for people: what the rule sees to. */
  readonly says: string;
  /** Messages that this rule does not ask about. */
  readonly exempts?: readonly Exemption[];
  /** Texts of the reasons that the rule gives, by code; `{name}` stands for a value. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What to do about a reason that refuses everybody, by code: whoever starts a flow reads it before. */
  readonly remedies?: Readonly<Record<string, string>>;
  readonly decide: (facts: GateFacts) => Verdict;
};

export const send: Verdict = { kind: 'send' };

export function refuse(code: string, values?: Reason['values']): Verdict {
  return { kind: 'refuse', reason: values === undefined ? { code } : { code, values } };
}

export function later(until: Date, code: string, values?: Reason['values']): Verdict {
  return { kind: 'later', until, reason: values === undefined ? { code } : { code, values } };
}

/** Defines a rule: one file, pure; `pnpm catalogue` adds it to the gate. */
export function defineRule(rule: GateRule): GateRule {
  return rule;
}
