/**
 * Weighted fair queueing by start tags: of those that want something, whoever has had least for its weight is next. Who wanted nothing for
 * a while begins where the others stand: time that was not used is not saved up.
 */
export type FairShares = {
  /** Whoever is next among members of a group. */
  readonly next: <M extends Member>(group: string, members: Iterable<M>) => M;
  /** Whether a member has had nothing since it began to want something. */
  readonly isNew: (group: string, member: Member) => boolean;
  /** A member got so much. */
  readonly charge: (group: string, member: Member, amount: number) => void;
  /** The same, to be thought further without changing this. */
  readonly supposing: () => FairShares;
};

export type Member = { readonly key: string; readonly weight: number };

type Tags = { readonly get: (name: string) => number | undefined };

/** More than this many are not remembered: then everybody begins where the others stand. */
const mostRemembered = 20_000;

/** @param before tags that these go on from. */
export function createFairShares(before: { readonly ends: Tags; readonly clocks: Tags } | null = null): FairShares {
  const ends = new Map<string, number>();
  const clocks = new Map<string, number>();
  const clockOf = (group: string): number => clocks.get(group) ?? before?.clocks.get(group) ?? 0;
  const endOf = (group: string, { key }: Member): number | undefined => {
    const name = `${group} ${key}`;
    return ends.get(name) ?? before?.ends.get(name);
  };
  const startOf = (group: string, member: Member): number => Math.max(clockOf(group), endOf(group, member) ?? 0);

  return {
    next<M extends Member>(group: string, members: Iterable<M>): M {
      let best: { readonly member: M; readonly start: number } | null = null;
      for (const member of members) {
        const start = startOf(group, member);
        if (best === null || start < best.start) best = { member, start };
      }
      if (best === null) throw new Error('Nobody wants anything.');
      return best.member;
    },
    isNew: (group, member) => {
      const end = endOf(group, member);
      return end === undefined || end < clockOf(group);
    },
    charge(group, member, amount) {
      const start = startOf(group, member);
      if (ends.size > mostRemembered) ends.clear();
      clocks.set(group, start);
      ends.set(`${group} ${member.key}`, start + amount / member.weight);
    },
    supposing: () =>
      createFairShares({
        ends: { get: (name) => ends.get(name) ?? before?.ends.get(name) },
        clocks: { get: (name) => clocks.get(name) ?? before?.clocks.get(name) },
      }),
  };
}
