import { firstZone } from '../time/zoned-time.ts';
import type { Decision } from './decision.ts';
import type { AnyNode } from './define-node.ts';
import { type CollectedWrites, fixedRandom, inMemoryPorts, type PortsState, sampleContact } from './in-memory-ports.ts';
import type { ContactView, EventView } from './ports.ts';

/** What a node does with one config in one situation. A table of these stands beside every node. */
export type NodeCase = {
  readonly name: string;
  readonly config: unknown;
  readonly contact?: Partial<ContactView>;
  readonly event?: Partial<EventView>;
  /** RFC 3339; by default 2026-03-02T15:00:00Z, a Monday. */
  readonly now?: string;
  /** The workspace's zone, for people without one; by default UTC. */
  readonly workspaceZone?: string;
  readonly state?: Omit<PortsState, 'now'>;
  /** What is drawn, in [0, 1); by default 0. */
  readonly random?: { readonly perVisit?: number; readonly perContact?: number };
  readonly expect:
    | { readonly decision: Decision; readonly writes?: Partial<CollectedWrites>; readonly summary?: string }
    /** The config is refused, with an issue at this path. */
    | { readonly invalid: ReadonlyArray<string | number> }
    /** The config is readable but has these problems, by code. */
    | { readonly problems: readonly string[] };
};

/** The moment at which cases happen unless they say otherwise. */
export const caseNow = '2026-03-02T15:00:00Z';

/** True for a case that shows how the node refuses or fails. */
export function isFailingCase({ expect }: NodeCase): boolean {
  return !('decision' in expect) || expect.decision.kind === 'fail';
}

/** Runs a case's config against the node, and returns the decision with everything the node wrote. */
export async function runCase(
  node: AnyNode,
  nodeCase: NodeCase,
): Promise<{ readonly decision: Decision; readonly writes: CollectedWrites }> {
  const now = new Date(nodeCase.now ?? caseNow);
  const { ports, writes } = inMemoryPorts({ ...nodeCase.state, now });
  const contact = { ...sampleContact, ...nodeCase.contact };
  const decision = await node.bind(nodeCase.config).run({
    contact,
    zone: firstZone(contact.time_zone, nodeCase.workspaceZone ?? null),
    event: nodeCase.event === undefined ? null : { ...sampleEvent(now), ...nodeCase.event },
    now,
    random: fixedRandom(nodeCase.random?.perVisit, nodeCase.random?.perContact),
    ports,
  });
  return { decision, writes };
}

function sampleEvent(now: Date): EventView {
  return { id: 'evt_sample', type: 'message.received', occurred_at: now, text: null, data: {} };
}
