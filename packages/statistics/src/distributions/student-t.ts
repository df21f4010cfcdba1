import { betaShares } from '../numeric/incomplete.ts';
import { rootOf } from '../numeric/root.ts';
import { betaTerm } from '../numeric/stirling.ts';
import { type Distribution, mustBePositive, mustBeShare } from './distribution.ts';

/** Student's t distribution. The degrees need not be whole. */
export function studentT(degrees: number): Distribution {
  mustBePositive('Degrees of freedom', degrees);
  // 1 / (√ν B(½, ν/2)), from the beta distribution's term where t is 1.
  const atOne = betaTerm(0.5, degrees / 2, 1 / (degrees + 1), degrees / (degrees + 1));
  const peak = atOne * Math.sqrt((degrees + 1) / degrees) * Math.exp((degrees / 2) * Math.log1p(1 / degrees));
  const density = (t: number): number => peak * Math.exp((-(degrees + 1) / 2) * Math.log1p((t * t) / degrees));
  // |t| is below a place as often as a beta variable is below t²/(ν + t²) (Abramowitz and Stegun 26.5.27).
  const shares = (t: number) => betaShares(0.5, degrees / 2, 1 / (1 + degrees / (t * t)), 1 / (1 + (t * t) / degrees));
  const above = (t: number): number => (t >= 0 ? shares(t).above / 2 : 0.5 + shares(t).below / 2);

  /** The place above which q ≤ ½ lies: near the middle by what lies between, further out by the tail. */
  const upper = (q: number): number => {
    if (q === 0.5) return 0;
    if (q === 0) return Number.POSITIVE_INFINITY;
    const middle = q > 0.25;
    const sought = middle ? 1 - 2 * q : 2 * q;
    return Math.exp(
      rootOf((at) => {
        const t = Math.exp(at);
        const { below, above } = shares(t);
        const share = middle ? below : above;
        const value = Math.log(share / sought);
        return { value: middle ? value : -value, slope: (2 * density(t) * t) / share };
      }, 0),
    );
  };
  return {
    density,
    below: (t) => above(-t),
    above,
    quantile(p) {
      mustBeShare(p);
      return p <= 0.5 ? -upper(p) : upper(1 - p);
    },
    quantileAbove(q) {
      mustBeShare(q);
      return q <= 0.5 ? upper(q) : -upper(1 - q);
    },
  };
}
