import type { ComplianceKind } from '@signalbox/nodes/text/compliance-words';
import type { InboundSms } from './provider.ts';

/**
 * What a provider does by itself about a text that is one of these words, whole and in any case. It says nothing of it: its documents do, so
 * that the word is never a stated one.
 */
export function actingOn(
  words: Readonly<Partial<Record<ComplianceKind, readonly string[]>>>,
): (body: string) => InboundSms['carrierWord'] {
  const kinds = new Map<string, ComplianceKind>();
  for (const kind of ['stop', 'start', 'help'] as const) for (const word of words[kind] ?? []) kinds.set(word, kind);
  return (body) => {
    const kind = kinds.get(body.trim().toUpperCase());
    return kind === undefined ? null : { kind, stated: false };
  };
}
