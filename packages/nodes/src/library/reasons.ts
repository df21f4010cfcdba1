import type { Reason } from '../define/decision.ts';
import { describeReasonOf, reasonText } from '../define/reasons.ts';
import { catalogue } from './catalogue.gen.ts';

/** A reason as an English sentence; null for a code that is not the library's. */
export function describeReason(reason: Reason): string | null {
  return describeReasonOf(reason, catalogue);
}

/** True for a code that a node of the library gives, or several do. */
export function isLibraryReason(code: string): boolean {
  return reasonText(code, catalogue) !== null;
}
