import type { Interval } from './estimate.ts';
import { type Count, differenceOfProportions, wilson } from './proportions.ts';

/** What a group of people did, such as a segment, a country or a language; beside it those of the group who were left alone. */
export type Group = { readonly id: string; readonly reached: Count; readonly heldOut?: Count };
/** Of a group: its proportion, and how much more that is than of those left alone, where that is known. */
export type GroupResult = {
  readonly id: string;
  readonly share: number | null;
  readonly interval: Interval;
  readonly difference: (Interval & { readonly estimate: number }) | null;
};

/**
 * Groups beside each other, highest first. The intervals hold for all groups together (C. E. Bonferroni, alpha divided by their number):
 * whoever reads which group is best has looked at all of them.
 */
export function compareGroups(groups: readonly Group[], alpha: number): GroupResult[] {
  const each = alpha / Math.max(1, groups.length);
  return groups
    .map(({ id, reached, heldOut }) => {
      const found = heldOut === undefined ? null : differenceOfProportions(heldOut, reached, each);
      return {
        id,
        share: reached.people === 0 ? null : reached.converted / reached.people,
        interval: wilson(reached, each),
        difference: found === null ? null : { estimate: found.estimate, low: found.low, high: found.high },
      };
    })
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1));
}
