/**
 * p-values of several comparisons, each raised so that a wrong one among all of them is as rare as it says: S. Holm (1979), "A simple
 * sequentially rejective multiple test procedure". In the order in which they were given. Of p-values that hold at any look, the raised ones
 * do too.
 */
export function holm(ps: readonly number[]): number[] {
  for (const p of ps) if (!(p >= 0 && p <= 1)) throw new RangeError(`${p} is no p-value`);
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const raised = ps.map(() => 1);
  let highest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (ps.length - rank)));
    raised[index] = highest;
  }
  return raised;
}
