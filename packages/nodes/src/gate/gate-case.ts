import type { Exemption, GateFacts, GateRule, Verdict } from './define-rule.ts';
import { mildest, send } from './define-rule.ts';

/** What a rule says of one message. A table of these stands beside every rule. */
export type GateCase = {
  readonly name: string;
  /** What differs from `sampleFacts`. */
  readonly facts: Partial<GateFacts>;
  readonly exemption?: Exemption;
  readonly verdict: Verdict;
};

/** A message that every rule lets through. */
export const sampleFacts: GateFacts = {
  ...mildest,
  purpose: 'marketing',
  now: new Date('2026-03-02T15:00:00Z'),
  hasSender: true,
  isAnswer: false,
};

/** What the rule says in a case. */
export function runGateCase(rule: GateRule, { facts, exemption }: GateCase): Verdict {
  if (exemption !== undefined && rule.exempts?.includes(exemption) === true) return send;
  return rule.decide({ ...sampleFacts, ...facts });
}
