import type { Purpose } from '@signalbox/nodes/define/ports';

/** A number or name of the workspace that messages go out from, and the account that sends them. */
export type SenderRow = { readonly accountId: string; readonly address: string };

/** A sender that a message could go out from. */
export type Candidate = SenderRow & {
  readonly id: string;
  /** Its account takes messages, as far as anybody knows, and nobody has it drained. */
  readonly isOpen: boolean;
  /** Whether it sends pictures to numbers of a country (ISO 3166-1 alpha-2), or of none. */
  readonly takesMedia: (country: string | null) => boolean;
  /** Its account is down, and nothing waits there by which that could be found to be over. */
  readonly wantsProbe: boolean;
};

/** Which senders texts go out from, by where they go and what they are for. */
export type Route = {
  readonly id: string;
  /** ISO 3166-1 alpha-2; none for everywhere. */
  readonly countries: readonly string[];
  /** None for every purpose. */
  readonly purposes: readonly string[];
  /** `order`: the first sender that can. `weight`: people are spread over the senders by their weights. */
  readonly mode: 'order' | 'weight';
  readonly senders: ReadonlyArray<{ readonly id: string; readonly weight: number }>;
};

/** What a message is, as far as its sender goes by it. */
export type Wanted = {
  /** Of the number; null for one of no country. */
  readonly country: string | null;
  readonly purpose: Purpose;
  /** The sender that the person texted, or that was asked for. */
  readonly preferred: string | null;
  /** The sender that the person last got something from. */
  readonly last: string | null;
  /** Uniform in [0, 1), the same for a person whenever it is asked. */
  readonly draw: number;
  /** It has pictures: senders that send none there are passed over, where there are others. */
  readonly hasMedia: boolean;
};

/** `preferred`: asked for, or texted by the person. `sticky`: what they last got something from. `route`: by a route. `oldest`: there is none. */
export type Why = 'preferred' | 'sticky' | 'route' | 'oldest';

export type Chosen = { readonly sender: Candidate; readonly routeId: string | null; readonly why: Why };

/**
 * What a message goes out from: what was asked for or texted, else by the first route that fits, else the oldest. Within a route somebody
 * keeps the sender that they know; who is new gets the first that is open, or one by weight. Where nothing that fits is open the message
 * waits for the one that it would have gone out from.
 *
 * @param all the senders, the oldest first.
 * @returns null where the workspace has no sender.
 */
export function chooseSender(
  all: readonly Candidate[],
  routes: readonly Route[],
  { country, purpose, preferred, last, draw, hasMedia }: Wanted,
): Chosen | null {
  const asked = preferred === null ? undefined : all.find(({ address }) => address === preferred);
  if (asked !== undefined) return { sender: asked, routeId: null, why: 'preferred' };
  const able = hasMedia ? all.filter(({ takesMedia }) => takesMedia(country)) : all;
  const senders = able.length === 0 ? all : able;
  const byId = new Map(senders.map((sender) => [sender.id, sender]));
  const fitting = routes
    .filter(
      (route) =>
        (route.countries.length === 0 || (country !== null && route.countries.includes(country))) &&
        (route.purposes.length === 0 || route.purposes.includes(purpose)),
    )
    .map((route) => ({
      route,
      members: route.senders.flatMap(({ id, weight }) => {
        const sender = byId.get(id);
        return sender === undefined ? [] : [{ sender, weight }];
      }),
    }))
    .filter(({ members }) => members.length > 0);
  const [first] = fitting;
  if (first === undefined) {
    const known = senders.find(({ address, isOpen }) => address === last && isOpen);
    if (known !== undefined) return { sender: known, routeId: null, why: 'sticky' };
    const oldest = senders.find(({ isOpen }) => isOpen) ?? senders[0];
    return oldest === undefined ? null : { sender: oldest, routeId: null, why: 'oldest' };
  }
  for (const { route, members } of fitting) {
    const open = members.filter(({ sender }) => sender.isOpen);
    const known = open.find(({ sender }) => sender.address === last);
    if (known !== undefined) return { sender: known.sender, routeId: route.id, why: 'sticky' };
    const chosen = route.mode === 'order' ? open[0] : byWeight(open, draw);
    if (chosen !== undefined) return { sender: chosen.sender, routeId: route.id, why: 'route' };
  }
  const waits = first.route.mode === 'order' ? first.members[0] : byWeight(first.members, draw);
  return waits === undefined ? null : { sender: waits.sender, routeId: first.route.id, why: 'route' };
}

function byWeight<Member extends { readonly weight: number }>(
  members: readonly Member[],
  draw: number,
): Member | undefined {
  let left = draw * members.reduce((sum, { weight }) => sum + weight, 0);
  for (const member of members) {
    left -= member.weight;
    if (left < 0) return member;
  }
  return members.at(-1);
}
