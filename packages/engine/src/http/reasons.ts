import { isSuppressionReason } from '@signalbox/nodes/define/consent-codes';
import type { Reason } from '@signalbox/nodes/define/decision';
import { gateReasons } from '@signalbox/nodes/gate/gate';
import { describeReason } from '@signalbox/nodes/library/reasons';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { z } from 'zod';
import { reasonTexts, reasonWithCause, suppressionTexts } from './texts.ts';

const storedReasonSchema = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

/** Where a reason holds the code of the suppression behind it. */
const causes: Readonly<Record<string, string>> = { suppressed: 'reason', opted_out: 'method' };

export type ShownReason = { code: string; values?: Record<string, string | number | boolean | null>; text: string };

/** A stored reason as the API shows it; null for none and for what is no reason. */
export function showReason(stored: unknown): ShownReason | null {
  const parsed = storedReasonSchema.safeParse(stored);
  if (!parsed.success) return null;
  const { code, values } = parsed.data;
  const reason: Reason = values === undefined ? { code } : { code, values };
  return { code, ...(values === undefined ? {} : { values }), text: describeReason(reason) ?? engineText(reason) };
}

function engineText({ code, values = {} }: Reason): string {
  const known = knownText(code);
  if (known === undefined) return code;
  const text = formatMessage(known, values);
  const cause = values[causes[code] ?? ''];
  return isSuppressionReason(cause)
    ? formatMessage(reasonWithCause, { reason: text, cause: suppressionTexts[cause] })
    : text;
}

function knownText(code: string): string | undefined {
  if (isEngineCode(code)) return reasonTexts[code];
  return Object.hasOwn(gateReasons, code) ? gateReasons[code] : undefined;
}

function isEngineCode(code: string): code is keyof typeof reasonTexts {
  return Object.hasOwn(reasonTexts, code);
}
