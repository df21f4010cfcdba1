const tiny = 1e-300;
const enough = 2e-16;
const most = 1_000_000;

/**
 * b₀ + a₁/(b₁ + a₂/(b₂ + …)) by the method of Lentz, as Thompson and Barnett (1986) changed it. `term(k)` gives [aₖ, bₖ]. One that does not
 * settle throws: a figure that is nearly right would be taken for one that is.
 */
export function continuedFraction(first: number, term: (k: number) => readonly [a: number, b: number]): number {
  let value = first === 0 ? tiny : first;
  let c = value;
  let d = 0;
  for (let k = 1; k <= most; k += 1) {
    const [a, b] = term(k);
    d = b + a * d;
    c = b + a / c;
    d = 1 / (d === 0 ? tiny : d);
    c = c === 0 ? tiny : c;
    value *= c * d;
    if (Math.abs(c * d - 1) < enough) return value;
  }
  throw new RangeError('A continued fraction does not settle');
}
