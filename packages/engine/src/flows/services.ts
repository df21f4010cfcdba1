import type { AnyNode } from '@signalbox/nodes/define/define-node';
import type { ArrivalDeps, Arrived } from '../cohorts/arrivals.ts';
import type { RouteDeps } from '../http/env.ts';
import type { VersionCache } from '../versions/version-cache.ts';

/** What the routes of flows, and of what makes people move in them, need beside what every route has. */
export type FlowServices = {
  readonly nodes: ReadonlyMap<string, AnyNode>;
  readonly versions: VersionCache;
  readonly arrivalDeps: ArrivalDeps;
  /** Called after a commit that let people in or moved them. */
  readonly onArrived: (workspaceId: string, arrived: Arrived) => void;
  readonly maintenance: {
    /** There is something for a sweep to do: it is looked at without waiting for its next turn. */
    readonly nudge: () => void;
  };
};

export type FlowDeps = RouteDeps<FlowServices>;
