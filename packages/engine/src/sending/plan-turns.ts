import { createFairShares, type FairShares, type Member } from './fair-shares.ts';
import { type Backlog, lastUrgentLane } from './turns.ts';

/** So many messages are to be claimed from a backlog. */
export type Take = { readonly backlog: Backlog; readonly places: number };

export type Places = {
  /** All that are free. */
  readonly all: number;
  /** Those of them that what nobody waits for may have: the rest is kept for what somebody does wait for. */
  readonly slow: number;
  /** Lanes that are claimed from by this plan. Others take part in it, for the shares of those, but get their turns from plans of their own. */
  readonly claims: { readonly from: number; readonly upTo: number };
  /** Segments that a backlog's account and sender may begin now; each belongs to what limits it, null where nothing does. */
  readonly limits: (backlog: Backlog) => ReadonlyArray<{ readonly of: object; readonly free: number }>;
};

/** Divides places between backlogs, and remembers who had what. In memory: a dispatcher that takes over begins anew. */
export type TurnPlanner = {
  /** In the order in which they are to be claimed. */
  readonly plan: (backlogs: readonly Backlog[], places: Places) => Take[];
  /** What was found of what a plan meant to take, and how many segments that is. */
  readonly taken: (take: Take, found: number, segments: number) => void;
};

/** Ageing: of what goes to lanes before it, a lane that waits is owed this part. So the last one still moves. */
const owedParts: ReadonlyMap<number, number> = new Map([
  [2, 0.1],
  [3, 0.05],
  [4, 0.05],
  [5, 0.03],
  [6, 0.02],
]);
const mostOwed = 8;
/** More backlogs than this are not remembered: then they are asked as if for the first time. */
const mostRemembered = 20_000;
/** Turns are this long where there are more backlogs than places, so that claims do not become one message each. */
const longTurn = 16;

type Leaf = Member & { readonly backlog: Backlog; left: number; places: number };
type FlowGroup = Member & { readonly leaves: Map<string, Leaf> };
type WorkspaceGroup = Member & { readonly flows: Map<string, FlowGroup> };
type LaneGroup = { readonly lane: number; readonly workspaces: Map<string, WorkspaceGroup> };

const leafKey = ({ accountId, lane, sender, flowId }: Backlog): string =>
  `${accountId}/${lane}/${sender}/${flowId ?? ''}`;

/**
 * Lanes in their order, but that one which waits is owed a part of what goes before it. Within a lane workspaces share by their weight, within
 * a workspace flows by theirs, within a flow its senders. Who has waited for nothing so far begins with one place, so that nobody's
 * first message stands behind long turns of others.
 */
export function createTurnPlanner(): TurnPlanner {
  const shares = createFairShares();
  let owed: ReadonlyMap<number, number> = new Map();
  /** What a backlog that gave less than it was asked for may be asked for next: the rest of it is behind something. */
  const mostAsked = new Map<string, number>();
  /** Segments of a message, as the last claim from a backlog found them. */
  const sizes = new Map<string, number>();

  const chargeAll = (of: FairShares, backlog: Backlog, amount: number): void => {
    const { lane, workspaceId, flowId, workspaceWeight, weight } = backlog;
    of.charge(`${lane}`, { key: workspaceId, weight: workspaceWeight }, amount);
    of.charge(`${lane} ${workspaceId}`, { key: flowId ?? '', weight }, amount);
    of.charge(`${lane} ${workspaceId} ${flowId ?? ''}`, { key: leafKey(backlog), weight: 1 }, amount);
  };

  return {
    plan(backlogs, places) {
      const supposed = shares.supposing();
      const budgets = new Map<object, number>();
      const limitsOf = new Map<Leaf, readonly object[]>();
      const lanes = new Map<number, LaneGroup>();
      for (const backlog of backlogs) {
        const limits = places.limits(backlog);
        for (const { of, free } of limits) budgets.set(of, Math.min(free, budgets.get(of) ?? free));
        const key = leafKey(backlog);
        const leaf: Leaf = { key, weight: 1, backlog, left: mostAsked.get(key) ?? Number.POSITIVE_INFINITY, places: 0 };
        limitsOf.set(
          leaf,
          limits.map(({ of }) => of),
        );
        addLeaf(lanes, leaf);
      }
      const { from, upTo } = places.claims;
      const isClaimed = (lane: number): boolean => lane >= from && lane <= upTo;
      const present = new Set(lanes.keys());
      const owing = new Map([...owed].filter(([lane]) => present.has(lane)));

      const order = new Set<Leaf>();
      const room = { all: places.all, slow: places.slow };
      const short = backlogs.length > places.all ? longTurn : Math.max(1, Math.floor(places.all / backlogs.length / 2));
      while (room.all > 0) {
        const next = nextLane(lanes, owing, room.slow > 0);
        if (next === undefined) break;
        const { group, due } = next;
        const { lane } = group;
        const workspace = supposed.next(`${lane}`, group.workspaces.values());
        const flow = supposed.next(`${lane} ${workspace.key}`, workspace.flows.values());
        const leaf = supposed.next(`${lane} ${workspace.key} ${flow.key}`, flow.leaves.values());
        const limits = limitsOf.get(leaf) ?? [];
        const turn =
          supposed.isNew(`${lane}`, workspace) || supposed.isNew(`${lane} ${workspace.key}`, flow) ? 1 : short;
        const most = lane > lastUrgentLane ? room.slow : room.all;
        const size = sizes.get(leaf.key);
        const given = Math.min(turn, due, most, leaf.left, ...limits.map((of) => fitting(budgets.get(of) ?? 0, size)));
        if (given > 0) {
          leaf.places += given;
          leaf.left -= given;
          room.all -= given;
          if (lane > lastUrgentLane) room.slow -= given;
          for (const of of limits) budgets.set(of, (budgets.get(of) ?? 0) - given * (size ?? 1));
          order.add(leaf);
          chargeAll(supposed, leaf.backlog, given);
          age(owing, lanes.keys(), lane, given);
        }
        const unknown = limits.length > 0 && size === undefined;
        if (given === 0 || leaf.left === 0 || unknown) removeLeaf(lanes, group, workspace, flow, leaf);
      }
      const others = [...owed].filter(([lane]) => !isClaimed(lane));
      owed = new Map([...others, ...[...owing].filter(([lane]) => isClaimed(lane))]);
      return [...order].flatMap(({ backlog, places: n }) => (isClaimed(backlog.lane) ? [{ backlog, places: n }] : []));
    },
    taken({ backlog, places }, found, segments) {
      // A turn that found nothing was a turn: else whoever is behind something would be asked first for ever.
      chargeAll(shares, backlog, Math.max(1, found));
      const key = leafKey(backlog);
      if (found < places) mostAsked.set(key, Math.max(1, 2 * found));
      else if (mostAsked.has(key)) {
        const more = 2 * places;
        if (more > 1_000) mostAsked.delete(key);
        else mostAsked.set(key, Math.max(more, mostAsked.get(key) ?? 0));
      }
      if (found > 0) sizes.set(key, segments / found);
      if (mostAsked.size > mostRemembered) mostAsked.clear();
      if (sizes.size > mostRemembered) sizes.clear();
    },
  };
}

/** Messages that fit into so many segments: one where there is any room, since its bucket lets it begin only when it may. */
function fitting(free: number, size: number | undefined): number {
  if (free < 1) return 0;
  return size === undefined ? 1 : Math.max(1, Math.floor(free / size));
}

function addLeaf(lanes: Map<number, LaneGroup>, leaf: Leaf): void {
  const { lane, workspaceId, flowId, workspaceWeight, weight } = leaf.backlog;
  const group = lanes.get(lane) ?? { lane, workspaces: new Map<string, WorkspaceGroup>() };
  lanes.set(lane, group);
  const workspace = group.workspaces.get(workspaceId) ?? {
    key: workspaceId,
    weight: workspaceWeight,
    flows: new Map<string, FlowGroup>(),
  };
  group.workspaces.set(workspaceId, workspace);
  const flow = workspace.flows.get(flowId ?? '') ?? { key: flowId ?? '', weight, leaves: new Map<string, Leaf>() };
  workspace.flows.set(flow.key, flow);
  flow.leaves.set(leaf.key, leaf);
}

/** Nothing more of this backlog in this plan. */
function removeLeaf(
  lanes: Map<number, LaneGroup>,
  group: LaneGroup,
  workspace: WorkspaceGroup,
  flow: FlowGroup,
  leaf: Leaf,
): void {
  flow.leaves.delete(leaf.key);
  if (flow.leaves.size === 0) workspace.flows.delete(flow.key);
  if (workspace.flows.size === 0) group.workspaces.delete(workspace.key);
  if (group.workspaces.size === 0) lanes.delete(group.lane);
}

/** The lane that is owed something, with how much, else the first one; lanes that nobody waits for only where there are places for them. */
function nextLane(
  lanes: ReadonlyMap<number, LaneGroup>,
  owed: ReadonlyMap<number, number>,
  slow: boolean,
): { readonly group: LaneGroup; readonly due: number } | undefined {
  const open = [...lanes.values()].filter(({ lane }) => slow || lane <= lastUrgentLane).sort((a, b) => a.lane - b.lane);
  const late = open.find(({ lane }) => (owed.get(lane) ?? 0) >= 1);
  if (late !== undefined) return { group: late, due: Math.floor(owed.get(late.lane) ?? 0) };
  const [first] = open;
  return first === undefined ? undefined : { group: first, due: Number.POSITIVE_INFINITY };
}

/** What waits in later lanes is owed a part of what this one was given. */
function age(owed: Map<number, number>, waiting: Iterable<number>, served: number, given: number): void {
  owed.set(served, Math.max(0, (owed.get(served) ?? 0) - given));
  for (const lane of waiting)
    if (lane > served) owed.set(lane, Math.min(mostOwed, (owed.get(lane) ?? 0) + given * (owedParts.get(lane) ?? 0)));
}
