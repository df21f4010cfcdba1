/** The share of people in several arms from which on nothing is decided, and how many they must be; GrowthBook's limits. */
const mostShare = 0.01;
const fewest = 10;

/**
 * Whether people stayed in one arm. Who was in several belongs to none, and where they are many it is because of what an arm does or because
 * people are taken for others; neither is left out without a bias.
 */
export function exposures({ people, inSeveral }: { readonly people: number; readonly inSeveral: number }): {
  readonly share: number;
  readonly holds: boolean;
} {
  if (!(Number.isSafeInteger(people) && Number.isSafeInteger(inSeveral) && inSeveral >= 0 && inSeveral <= people))
    throw new RangeError(`${inSeveral} of ${people} people is no count`);
  const share = people === 0 ? 0 : inSeveral / people;
  return { share, holds: inSeveral < fewest || share <= mostShare };
}
