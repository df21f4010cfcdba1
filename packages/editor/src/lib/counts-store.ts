import type { FlowCounts, StepCounts } from '@signalbox/engine/flows/contract';

/**
 * Live numbers, kept outside React's tree: a card subscribes to its own step and nothing else renders when numbers move.
 * Keys are `flow/step` for people at a step and `flow/step/outlet` for people who left by an outlet.
 */
export function createCountsStore() {
  const steps = new Map<string, StepCounts>();
  const outlets = new Map<string, number>();
  const listeners = new Map<string, Set<() => void>>();
  /** How often each flow's counts were taken. */
  const taken = new Map<string, number>();

  const notify = (key: string) => {
    for (const listener of listeners.get(key) ?? []) listener();
  };

  /** Takes absolute counts of some flows; only what differs is announced. */
  const apply = (counts: readonly FlowCounts[]): void => {
    for (const flow of counts) {
      taken.set(flow.flow_id, (taken.get(flow.flow_id) ?? 0) + 1);
      for (const [step, next] of Object.entries(flow.steps)) {
        const key = `${flow.flow_id}/${step}`;
        const old = steps.get(key);
        const same =
          old !== undefined &&
          old.entered === next.entered &&
          old.here === next.here &&
          old.left === next.left &&
          old.failed === next.failed;
        if (same) continue;
        steps.set(key, next);
        notify(key);
      }
      for (const [step, byOutlet] of Object.entries(flow.outlets)) {
        for (const [outlet, count] of Object.entries(byOutlet)) {
          const key = `${flow.flow_id}/${step}/${outlet}`;
          if (outlets.get(key) === count) continue;
          outlets.set(key, count);
          notify(key);
        }
      }
    }
  };

  return {
    apply,
    /**
     * Begins to read one flow's counts; what it returns takes the answer. An answer during which the stream told of the flow is left
     * out: it may be from before what was told, and nothing would put that right. If it is from after, the stream tells the same soon.
     */
    reading(flowId: string): (answer: FlowCounts) => void {
      const before = taken.get(flowId);
      return (answer) => {
        if (taken.get(flowId) === before) apply([answer]);
      };
    },
    step: (flowId: string, stepId: string): StepCounts | undefined => steps.get(`${flowId}/${stepId}`),
    outlet: (flowId: string, stepId: string, outlet: string): number =>
      outlets.get(`${flowId}/${stepId}/${outlet}`) ?? 0,
    /** Calls `listener` when the number under `key` changes; returns the way to stop. */
    subscribe(key: string, listener: () => void): () => void {
      const set = listeners.get(key) ?? new Set();
      set.add(listener);
      listeners.set(key, set);
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(key);
      };
    },
  };
}

export const counts = createCountsStore();
