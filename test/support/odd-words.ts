/** What nobody says who grew up with the language: each was read by somebody and found odd. */
const odd =
  /\bmeanwhile\b|\bstands? (?:here|for)\b|\bin circles\b|\bpassages?\b|\bdoes not answer\b|\bany more\b|\bleads nowhere\b|\bit was nothing\b|\bif it stays\b/i;

/** Every text in something that holds texts, however deep. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** The texts in these that people would not say. */
export function oddOf(...catalogues: readonly unknown[]): string[] {
  return textsOf(catalogues).filter((text) => odd.test(text));
}
