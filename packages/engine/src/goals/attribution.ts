/** How a conversion is divided among the messages that led to it. */
export const attributionModels = ['last_touch', 'linear', 'time_decay', 'position'] as const;
export type AttributionModel = (typeof attributionModels)[number];

/** After so long a message has half of the weight of one at the conversion itself. */
export const halfLifeMs = 2 * 86_400_000;
/** By position: the first and the last message have two fifths each, those between them share the rest. */
const atEnds = 4;
const between = 2;

/** The parts that a conversion has: what messages get of it are whole ones. */
export const wholeConversion = 1_000_000n;

/** A message that somebody got or followed before they did what is counted. */
export type Touch = { readonly at: Date };

/**
 * What weight each of some touches has, by a model. Touches are in the order in which they happened, none of them after the conversion.
 *
 * @returns numbers that mean something to each other alone; none below nought, and not all of them nought.
 */
export function weightsOf(model: AttributionModel, touches: readonly Touch[], convertedAt: Date): number[] {
  const last = touches.length - 1;
  switch (model) {
    case 'last_touch':
      return touches.map((_, index) => (index === last ? 1 : 0));
    case 'linear':
      return touches.map(() => 1);
    case 'time_decay': {
      // Reckoned from the last one, so that no weight vanishes where all are long ago.
      const latest = touches[last]?.at.getTime() ?? convertedAt.getTime();
      return touches.map(({ at }) => 2 ** ((at.getTime() - latest) / halfLifeMs));
    }
    case 'position': {
      if (touches.length <= 2) return touches.map(() => 1);
      return touches.map((_, index) => (index === 0 || index === last ? atEnds : between / (touches.length - 2)));
    }
  }
}

/**
 * Divides an amount by weights into whole parts that add up to it exactly: each gets its share rounded towards nought, and what is left over goes
 * one each to those who lost most, of equals the later ones.
 */
export function shareOut(amount: bigint, weights: readonly number[]): bigint[] {
  const most = Math.max(...weights);
  if (!(most > 0)) throw new RangeError('Nothing has a weight');
  // Weights as whole numbers: what is nought beside the largest stays nought.
  const whole = weights.map((weight) => BigInt(Math.round((weight / most) * 2 ** 52)));
  const all = whole.reduce((sum, weight) => sum + weight, 0n);
  const [sign, size] = amount < 0n ? [-1n, -amount] : [1n, amount];
  const shares = whole.map((weight) => (size * weight) / all);
  const lost = whole.map((weight) => (size * weight) % all);
  let left = size - shares.reduce((sum, share) => sum + share, 0n);
  const order = lost.map((_, index) => index).sort((a, b) => compare(lost[b], lost[a]) || b - a);
  for (const index of order) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares.map((share) => sign * share);
}

const compare = (a = 0n, b = 0n): number => (a < b ? -1 : a > b ? 1 : 0);
