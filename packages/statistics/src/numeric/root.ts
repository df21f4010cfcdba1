/** A function's value and slope at a point. */
type Tangent = { readonly value: number; readonly slope: number };

const longestStep = 4;

/**
 * Where an increasing function is zero: Newton's steps, none longer than four, and halves of what the root is known to lie in where a step
 * leaves it. It is meant for logarithms, of shares by logarithms of places, which are nearly straight.
 */
export function rootOf(tangent: (at: number) => Tangent, start: number): number {
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let at = start;
  for (let turn = 0; turn < 500; turn += 1) {
    const { value, slope } = tangent(at);
    if (value === 0) return at;
    if (value > 0) high = at;
    else low = at;
    const step = Math.max(-longestStep, Math.min(longestStep, -value / slope));
    let next = at + step;
    if (!(next > low && next < high)) {
      const bracketed = Number.isFinite(low) && Number.isFinite(high);
      next = bracketed ? (low + high) / 2 : at + (value > 0 ? -longestStep : longestStep);
    }
    if (Math.abs(next - at) <= 4e-16 * Math.max(1, Math.abs(at))) return next;
    at = next;
  }
  return at;
}
