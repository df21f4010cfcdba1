import { continuedFraction } from './continued-fraction.ts';
import { betaTerm, poissonTerm } from './stirling.ts';

/** What lies below a point and above it: of the smaller, each digit counts. */
export type Shares = { readonly below: number; readonly above: number };

const all: Shares = { below: 1, above: 0 };
const none: Shares = { below: 0, above: 1 };
const fromBelow = (below: number): Shares => ({ below, above: Math.max(0, 1 - below) });
const fromAbove = (above: number): Shares => ({ below: Math.max(0, 1 - above), above });

/** The regularised incomplete gamma functions P(a, x) and Q(a, x): a series below a + 1 (DLMF 8.11.4), the even part of a fraction above it (8.9.2). */
export function gammaShares(a: number, x: number): Shares {
  if (x <= 0) return none;
  if (x === Number.POSITIVE_INFINITY) return all;
  const weight = poissonTerm(a, x);
  if (x < a + 1) {
    let [term, sum] = [1, 1];
    for (let k = 1; term > sum * 1e-17; k += 1) {
      term *= x / (a + k);
      sum += term;
    }
    return fromBelow(Math.min(1, weight * sum));
  }
  const fraction = continuedFraction(x + 1 - a, (k) => [k * (a - k), x + 1 - a + 2 * k]);
  return fromAbove(Math.min(1, (weight * a) / fraction));
}

/**
 * The regularised incomplete beta functions I_x(a, b) and 1 − I_x(a, b), where y = 1 − x, from whichever side the fraction settles quickly on.
 */
export function betaShares(a: number, b: number, x: number, y: number): Shares {
  if (x <= 0) return none;
  if (y <= 0) return all;
  const weight = betaTerm(a, b, x, y);
  return a * y >= b * x
    ? fromBelow(Math.min(1, weight / betaFraction(a, b, x, y)))
    : fromAbove(Math.min(1, weight / betaFraction(b, a, y, x)));
}

/**
 * A. DiDonato and A. Morris (1992), "Algorithm 708: significant digit computation of the incomplete beta function ratios": where one parameter is far above the other, the parts of the better known fraction
 * (DLMF 8.17.22) cancel, and those of this one do not.
 */
function betaFraction(a: number, b: number, x: number, y: number): number {
  const ahead = a * y - b * x + 1;
  return continuedFraction((a * ahead) / (a + 1), (m) => {
    const before = a + 2 * m - 1;
    const numerator = ((a + m - 1) / before) * ((a + b + m - 1) / before) * m * (b - m) * x * x;
    return [numerator, m + (m * (b - m) * x) / before + ((a + m) * (ahead + m * (2 - x))) / (a + 2 * m + 1)];
  });
}
