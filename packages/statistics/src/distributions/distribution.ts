import { rootOf } from '../numeric/root.ts';

/** A continuous distribution. Both tails are given, because one less the other has none of the small one's digits. */
export type Distribution = {
  /** The density at a place. */
  readonly density: (x: number) => number;
  /** The chance of less than `x`. */
  readonly below: (x: number) => number;
  /** The chance of more than `x`. */
  readonly above: (x: number) => number;
  /** The place below which a share of `p` lies. */
  readonly quantile: (p: number) => number;
  /** The place above which a share of `q` lies. */
  readonly quantileAbove: (q: number) => number;
};

/** Refuses what is no share. */
export function mustBeShare(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`${p} is no share: it must lie between 0 and 1`);
}

/** Refuses what is no positive, finite number. */
export function mustBePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be above 0, and is ${value}`);
}

type Parts = Pick<Distribution, 'density' | 'below' | 'above'>;
/** A scale without ends on which to look for a place. `stretch` is the place's slope there. */
type Scale = { readonly place: (at: number) => number; readonly stretch: (place: number) => number };

/** The places of both tails of a distribution from `start` on: the logarithm of the smaller tail is what is looked for. */
export function quantilesOf(
  { density, below, above }: Parts,
  { place, stretch }: Scale,
  start: number,
): Pick<Distribution, 'quantile' | 'quantileAbove'> {
  const lower = (p: number): number =>
    place(
      rootOf((at) => {
        const x = place(at);
        const share = below(x);
        return { value: Math.log(share / p), slope: (density(x) * stretch(x)) / share };
      }, start),
    );
  const upper = (q: number): number =>
    place(
      rootOf((at) => {
        const x = place(at);
        const share = above(x);
        return { value: Math.log(q / share), slope: (density(x) * stretch(x)) / share };
      }, start),
    );
  const [least, most] = [place(Number.NEGATIVE_INFINITY), place(Number.POSITIVE_INFINITY)];
  const find = (p: number, q: number): number => (p === 0 ? least : q === 0 ? most : p <= 0.5 ? lower(p) : upper(q));
  return {
    quantile(p) {
      mustBeShare(p);
      return find(p, 1 - p);
    },
    quantileAbove(q) {
      mustBeShare(q);
      return q <= 0.5 ? (q === 0 ? most : upper(q)) : find(1 - q, q);
    },
  };
}
