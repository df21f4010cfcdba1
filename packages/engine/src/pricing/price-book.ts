/** What a segment costs, by provider and the beginning of the number. */
export type PriceRow = { readonly provider: string; readonly prefix: string; readonly microUnits: number };

/** The prices of a workspace, in millionths of its currency. */
export type PriceBook = {
  /** What a segment to a number costs through a provider: by the longest beginning that fits; null where none does. */
  readonly segment: (provider: string, number: string) => number | null;
};

export function createPriceBook(rows: readonly PriceRow[]): PriceBook {
  const prices = new Map(rows.map(({ provider, prefix, microUnits }) => [`${provider} ${prefix}`, microUnits]));
  return {
    segment(provider, number) {
      if (prices.size === 0) return null;
      for (let length = number.length; length >= 1; length -= 1) {
        const price = prices.get(`${provider} ${number.slice(0, length)}`);
        if (price !== undefined) return price;
      }
      return null;
    },
  };
}
