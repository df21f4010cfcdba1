/** Codes that nobody made which an address may ask for at once. */
export const guessesAtOnce = 300;
/** How much is let at once, and how long until one more is. */
export type Allowance = { readonly atOnce: number; readonly oneMoreMs: number };
const guesses: Allowance = { atOnce: guessesAtOnce, oneMoreMs: 2_000 };
/** Addresses that are remembered: of more the ones that guessed longest ago are forgotten. */
const mostAddresses = 10_000;

/** Counts who asks for links that nobody made. */
export type GuessLimit = {
  /** How long an address has to wait before its next question is answered; 0 where it need not. */
  readonly waitMs: (address: string) => number;
  /** That it asked for one that nobody made. */
  readonly missed: (address: string) => void;
};

/**
 * Lets an address ask for so many links that nobody made, and then one each two seconds. Links that there are cost nothing, so people behind
 * one address of a phone company do not use it up for each other; somebody who guesses among them can, so there are more than anybody mistypes. In memory: each process counts for itself.
 *
 * @param now milliseconds of a clock that only goes forward.
 * @param allowance of something else that is counted by address: other amounts, for whoever counts something else.
 */
export function createGuessLimit(now: () => number, { atOnce, oneMoreMs }: Allowance = guesses): GuessLimit {
  /** When each address has all its guesses back, those that guessed last at the end. */
  const fullAt = new Map<string, number>();
  const waitMs = (address: string): number => {
    const owed = (fullAt.get(networkOf(address)) ?? 0) - now();
    return Math.max(0, owed - (atOnce - 1) * oneMoreMs);
  };
  return {
    waitMs,
    missed(address) {
      const network = networkOf(address);
      const at = Math.max(now(), fullAt.get(network) ?? 0) + oneMoreMs;
      fullAt.delete(network);
      fullAt.set(network, at);
      if (fullAt.size <= mostAddresses) return;
      const [oldest] = fullAt.keys();
      if (oldest !== undefined) fullAt.delete(oldest);
    },
  };
}

/** Whoever has one address of IPv6 has the other 2^64 of its network. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}
