/* How the order in which messages are served is judged, as Temporal judges its task queues: for tests. */

/** Inverted pairs among all pairs: how often something came before what should have gone before it. */
export function wrongOrderness(ranks: readonly number[]): number {
  let wrong = 0;
  for (const [index, rank] of ranks.entries()) for (const later of ranks.slice(index + 1)) if (rank > later) wrong += 1;
  return wrong / ((ranks.length * (ranks.length - 1)) / 2);
}

/** Sum of the places at which each key was first served, by the square of how many there are: 0.5 where each is served once before any is twice. */
export function unfairness(keys: readonly number[]): number {
  const firsts = new Map<number, number>();
  for (const [index, key] of keys.entries()) if (!firsts.has(key)) firsts.set(key, index);
  return [...firsts.values()].reduce((sum, first) => sum + first, 0) / firsts.size ** 2;
}

/** Messages of so many keys by Zipf's law, at least one each. */
export const zipf = (keys: number, messages: number): number[] => {
  const sum = Array.from({ length: keys }, (_, index) => 1 / (index + 1)).reduce((a, b) => a + b, 0);
  return Array.from({ length: keys }, (_, index) => Math.max(1, Math.round(messages / (index + 1) / sum)));
};
