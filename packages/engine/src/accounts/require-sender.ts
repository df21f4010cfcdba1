import { formatMessage } from '@signalbox/nodes/text/format-message';
import { parseSenderNumber } from '@signalbox/nodes/text/phone-number';
import { fieldProblem } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import type { Provider, SenderKind } from '../providers/provider.ts';

/** 1 to 11 letters, digits and blanks that every phone shows, not all of them digits. */
const senderName = /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?$/;

/** A number or name to send from. */
export type Sender = { readonly address: string; readonly kind: SenderKind };

/** The sender as it is stored. @throws ProblemError at its field where the provider offers no such kind, or its address is none. */
export function requireSender(
  { address, kind }: Sender,
  path: ReadonlyArray<string | number>,
  { title, senders }: Provider,
): Sender {
  if (!senders.includes(kind)) {
    const kinds = senders.join(', ');
    const message = formatMessage(fieldTexts.sender_kind_unfit, { provider: title, kinds });
    throw fieldProblem([...path, 'kind'], 'sender_kind_unfit', message);
  }
  const refuse = (code: FieldCode) => fieldProblem([...path, 'address'], code, fieldTexts[code]);
  if (kind === 'alphanumeric') {
    if (senderName.test(address)) return { address, kind };
    throw refuse('sender_name_invalid');
  }
  if (kind === 'short_code') {
    if (/^\d{3,8}$/.test(address)) return { address, kind };
    throw refuse('sender_invalid');
  }
  const parsed = parseSenderNumber(address);
  if (!parsed.ok) throw refuse('sender_invalid');
  return { address: parsed.e164, kind };
}
