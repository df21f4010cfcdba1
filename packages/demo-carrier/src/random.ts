/** Numbers in [0, 1), the same ones for the same seed. */
export type Random = () => number;

/** A small seeded generator (mulberry32): good for choosing faults, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Makes 32 hexadecimal digits, unique for a prefix that is new at every start. */
export function hexMaker(prefix16: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix16}${count.toString(16).padStart(16, '0')}`;
  };
}
