/**
 * Countries in which one phone is written in two ways that are both in use, so that one person would be two contacts. `now` is how the
 * number is written today, `others` the further ways.
 */
type Variants = {
  readonly matches: RegExp;
  /** From the digits that the ways have in common. */
  readonly ways: (...parts: readonly string[]) => readonly [now: string, ...others: string[]];
};

const variants: readonly Variants[] = [
  // Mexico: mobiles had a 1 after the country code until 2020.
  { matches: /^\+521?(\d{10})$/, ways: (rest) => [`+52${rest}`, `+521${rest}`] },
  // Argentina: a mobile has a 9 in international form and none in national form.
  { matches: /^\+549?((?:11|[23]\d)\d{8})$/, ways: (rest) => [`+549${rest}`, `+54${rest}`] },
  // Brazil: mobiles had eight digits, and got a ninth in front.
  { matches: /^\+55([1-9]\d)9?([6-9]\d{7})$/, ways: (area, rest) => [`+55${area}9${rest}`, `+55${area}${rest}`] },
];

/** Every way to write an E.164 number, the canonical one first: one phone, one person. Most numbers have one way. */
export function numberSpellings(e164: string): readonly [string, ...string[]] {
  for (const { matches, ways } of variants) {
    const found = matches.exec(e164);
    if (found !== null) return ways(...found.slice(1));
  }
  return [e164];
}

/** The one way in which a number is stored, whoever wrote it. */
export function canonicalNumber(e164: string): string {
  return numberSpellings(e164)[0];
}
