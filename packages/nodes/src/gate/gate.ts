import type { Reason } from '../define/decision.ts';
import { rules } from './catalogue.gen.ts';
import { type Exemption, type GateFacts, type GateRule, mildest, send, type Verdict } from './define-rule.ts';

/**
 * The one gate. Every path asks it when a message is queued, and again in the transaction that claims it.
 * A refusal wins over everything, then the rule that asks to wait longest.
 *
 * @param asked the rules; those of the folder unless a test hands in others.
 */
export function askGate(facts: GateFacts, exemption: Exemption | null, asked: readonly GateRule[] = rules): Verdict {
  let verdict: Verdict = send;
  for (const rule of asked) {
    if (exemption !== null && rule.exempts?.includes(exemption) === true) continue;
    const said = rule.decide(facts);
    if (said.kind === 'refuse') return said;
    if (said.kind === 'later' && (verdict.kind === 'send' || (verdict.kind === 'later' && said.until > verdict.until)))
      verdict = said;
  }
  return verdict;
}

/**
 * Why the gate would refuse a message whoever it is for, because of how the workspace is set up; null where somebody may get one. A flow
 * is asked this before it goes live.
 */
export function refusesEveryone(
  workspace: Pick<GateFacts, 'hasSender' | 'now'>,
  asked: readonly GateRule[] = rules,
): Reason | null {
  const verdict = askGate({ ...mildest, ...workspace }, null, asked);
  return verdict.kind === 'refuse' ? verdict.reason : null;
}

/** The texts of every rule's reasons, by code. */
export const gateReasons: Readonly<Record<string, string>> = Object.assign({}, ...rules.map((rule) => rule.reasons));

/** What to do about reasons that refuse everybody, by code. */
export const gateRemedies: Readonly<Record<string, string>> = Object.assign({}, ...rules.map((rule) => rule.remedies));
