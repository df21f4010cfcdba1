import type { Reason } from '../define/decision.ts';
import type { ReasonText } from '../define/define-node.ts';
import { catalogue } from '../library/catalogue.gen.ts';
import { formatMessage } from '../text/format-message.ts';

/** What reasons say that several nodes give, by code. A node's own stand on the node, the gate's with its rules. */
export const generalReasons = {
  template_failed: 'The message could not be filled in. {message}',
} as const satisfies Record<string, ReasonText>;

export type GeneralReasonCode = keyof typeof generalReasons;

type WithReasons = { readonly reasons?: Readonly<Record<string, ReasonText>> };

/** A reason as an English sentence; null for a code that is not the library's. */
export function describeReason(
  { code, values = {} }: Reason,
  nodes: readonly WithReasons[] = catalogue,
): string | null {
  const text = reasonText(code, nodes);
  if (text === null) return null;
  return typeof text === 'string' ? formatMessage(text, values) : text(values);
}

/** True for a code that a node of the library gives, or several do. */
export function isLibraryReason(code: string): boolean {
  return reasonText(code, catalogue) !== null;
}

function reasonText(code: string, nodes: readonly WithReasons[]): ReasonText | null {
  const general: WithReasons = { reasons: generalReasons };
  for (const { reasons } of [general, ...nodes])
    if (reasons !== undefined && Object.hasOwn(reasons, code)) return reasons[code] ?? null;
  return null;
}
