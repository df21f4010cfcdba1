/** What an agreement is made of. */
export type Agreed = {
  readonly brand: string;
  readonly frequency: string;
  readonly terms_url: string;
  readonly privacy_url: string;
};

/** The sentence that people agree to: who texts them, how often and what it costs, that they need not, and how to stop. */
export function agreementOf({ brand, frequency }: Pick<Agreed, 'brand' | 'frequency'>): string {
  const often = /[.!?]$/.test(frequency) ? frequency : `${frequency}.`;
  return `I agree to get recurring marketing texts from ${brand}, sent automatically to this number. ${often} Message and data rates may apply. Consent is not a condition of any purchase. Reply STOP to stop, HELP for help.`;
}

/** The same with where its links lead, as it is kept. */
export function wordingOf(agreed: Agreed): string {
  return `${agreementOf(agreed)}\nTerms: ${agreed.terms_url}\nPrivacy policy: ${agreed.privacy_url}`;
}
