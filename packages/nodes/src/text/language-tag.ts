/** A language tag (BCP 47) as it is written everywhere, `pt-BR` for `PT-br`; null for what is none. */
export function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
