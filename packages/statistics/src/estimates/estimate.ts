/** What is known of a figure: both ends of an interval. */
export type Interval = { readonly low: number; readonly high: number };

/** A difference of an arm to the control, with an interval, and the p-value against there being none. */
export type Difference = Interval & { readonly estimate: number; readonly p: number };

/** Refuses a share of wrong answers that is none. */
export function mustBeLevel(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must lie between 0 and 1, and is ${alpha}`);
}
