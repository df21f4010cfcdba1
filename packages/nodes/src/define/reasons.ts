import { formatMessage } from '../text/format-message.ts';
import type { Reason, ReasonText } from './decision.ts';

/** What reasons say that several nodes give, by code. A node's own stand on the node, the gate's with its rules. */
export const generalReasons = {
  template_failed: 'The message could not be filled in. {message}',
  template_gone: 'The template, or a snippet of it, is gone',
  value_missing: 'Nothing is known for “{variable}”, and the text says not to send it then',
} as const satisfies Record<string, ReasonText>;

export type GeneralReasonCode = keyof typeof generalReasons;

type WithReasons = { readonly reasons?: Readonly<Record<string, ReasonText>> };

/** A reason as an English sentence; null for a code that is neither general nor one of these nodes'. */
export function describeReasonOf({ code, values = {} }: Reason, nodes: readonly WithReasons[]): string | null {
  const text = reasonText(code, nodes);
  if (text === null) return null;
  return typeof text === 'string' ? formatMessage(text, values) : text(values);
}

/** What a reason says, before its values are filled in; null for a code that is neither general nor one of these nodes'. */
export function reasonText(code: string, nodes: readonly WithReasons[]): ReasonText | null {
  const general: WithReasons = { reasons: generalReasons };
  for (const { reasons } of [general, ...nodes])
    if (reasons !== undefined && Object.hasOwn(reasons, code)) return reasons[code] ?? null;
  return null;
}
