/** Ways in which consent is given or taken back, as the consent ledger stores them. */
export const consentMethods = [
  'flow',
  'keyword_start',
  'keyword_stop',
  'text_stop',
  'carrier',
  'form',
  'file',
  'api',
  'paper',
  'voice',
  'double_opt_in',
  'import',
  'blocked',
] as const;

/** How a consent came about. */
export type ConsentMethod = (typeof consentMethods)[number];

/** Ways that whoever records a consent over the API can name: what the person did it by. */
export const recordedMethods = ['form', 'file', 'api', 'paper', 'voice'] as const satisfies readonly ConsentMethod[];

/**
 * Why a number may not be texted: what its owner did, what the carrier told us, an opt-out that was brought from elsewhere, or that the
 * workspace blocked it. Each is a method of taking consent back too.
 */
export const suppressionReasons = [
  'keyword_stop',
  'text_stop',
  'carrier',
  'import',
  'blocked',
] as const satisfies readonly ConsentMethod[];

/** Reasons that a workspace gives itself, and takes back: what somebody did themselves only they can undo. */
export const liftableReasons = ['import', 'blocked'] as const satisfies readonly SuppressionReason[];

/** Why a number is suppressed. */
export type SuppressionReason = (typeof suppressionReasons)[number];

/** True for a reason of this list; rows may hold one that an earlier or later version wrote. */
export function isSuppressionReason(code: unknown): code is SuppressionReason {
  return suppressionReasons.some((known) => known === code);
}
