/** Ways in which consent is given or taken back, as the consent ledger stores them. */
export const consentMethods = ['flow', 'keyword_start', 'keyword_stop', 'text_stop', 'carrier'] as const;

/** How a consent came about. */
export type ConsentMethod = (typeof consentMethods)[number];

/** Why a number may not be texted: what its owner did, or what the carrier told us. Each is a method of taking consent back too. */
export const suppressionReasons = ['keyword_stop', 'text_stop', 'carrier'] as const satisfies readonly ConsentMethod[];

/** Why a number is suppressed. */
export type SuppressionReason = (typeof suppressionReasons)[number];

/** True for a reason of this list; rows may hold one that an earlier or later version wrote. */
export function isSuppressionReason(code: unknown): code is SuppressionReason {
  return suppressionReasons.some((known) => known === code);
}
