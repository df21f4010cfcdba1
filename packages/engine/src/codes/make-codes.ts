/** Letters and digits that nobody takes for another: no 0 and O, no 1, I and L, no U and V. */
const letters = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const bits = Math.log2(letters.length);
/** What a place by chance is written as. */
const place = /#/g;
/** Somebody who guesses hits one in so many tries at most, whatever the pool holds. */
const guesses = 20;
/** Bytes from here on would make the first letters likelier. */
const even = 256 - (256 % letters.length);

/** How many places by chance codes need, so that nobody guesses one of so many. */
export const placesFor = (codes: number): number => Math.ceil((Math.log2(Math.max(1, codes)) + guesses) / bits);

/** How many places by chance a pattern has. */
export const placesOf = (pattern: string): number => pattern.match(place)?.length ?? 0;

/** Makes codes of a pattern, none of them twice: `SPRING-########` becomes `SPRING-7K2QX9AB`. @throws RangeError where it has hardly so many. */
export function makeCodes(pattern: string, count: number, randomBytes: (bytes: number) => Uint8Array): string[] {
  const made = new Set<string>();
  let bytes = new Uint8Array();
  let at = 0;
  const letter = (): string => {
    for (;;) {
      if (at === bytes.length) {
        bytes = Uint8Array.from(randomBytes(4_096));
        at = 0;
      }
      const byte = bytes[at] ?? even;
      at += 1;
      if (byte < even) return letters.charAt(byte % letters.length);
    }
  };
  for (let tries = 0; made.size < count; tries += 1) {
    if (tries > 2 * count + 1_000) throw new RangeError(`${pattern} has no ${count} codes`);
    made.add(pattern.replace(place, letter));
  }
  return [...made];
}
