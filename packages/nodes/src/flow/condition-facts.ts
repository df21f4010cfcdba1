import type { AttributeValue } from '../define/contact-fields.ts';
import { type ConsentState, type Purpose, purposes } from '../define/ports.ts';

/** Something that happened to somebody. */
export type Happening = {
  readonly at: Date;
  /** The flow that was at work, by its id in the API. */
  readonly flow: string | null;
  readonly data: Readonly<Record<string, AttributeValue>>;
};

/** What is known of somebody beside their profile, as far as a condition asks for it. Ids are those of the API. */
export type ConditionFacts = {
  /** Whether their number may not be texted. */
  readonly blocked: boolean;
  readonly consent: Readonly<Partial<Record<Purpose, ConsentState>>>;
  /** By field: the lists, tags, segments and flows that they are in. */
  readonly sets: Readonly<Record<string, ReadonlySet<string>>>;
  /** By field: what happened, in any order. */
  readonly happened: Readonly<Record<string, readonly Happening[]>>;
};

/** What consent to a purpose can be. */
export const consentOptions = ['granted', 'revoked', 'pending', 'none'] as const satisfies readonly ConsentState[];
export const consentPrefix = 'consent.';
export const blockedField = 'contact.blocked';

/** The purpose that a field has the consent to; null for any other field. */
export function consentPurpose(field: string): Purpose | null {
  return purposes.find((purpose) => field === consentPrefix + purpose) ?? null;
}

/** The value of a field that stands beside the contact; undefined for any other field. */
export function readFact(facts: ConditionFacts | undefined, field: string): AttributeValue | undefined {
  if (field === blockedField) return facts?.blocked ?? null;
  const purpose = consentPurpose(field);
  return purpose === null ? undefined : (facts?.consent[purpose] ?? 'none');
}
