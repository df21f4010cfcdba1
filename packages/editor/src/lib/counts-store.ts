import type { FlowCounts, StepCounts } from '@signalbox/engine/flows/contract';

/**
 * Live numbers, kept outside React's tree: a card subscribes to its own step and nothing else renders when numbers move.
 * Keys are `flow/step` for people at a step and `flow/step/outlet` for people who left by an outlet.
 */
export function createCountsStore() {
  const steps = new Map<string, StepCounts>();
  const outlets = new Map<string, number>();
  const listeners = new Map<string, Set<() => void>>();

  const notify = (key: string) => {
    for (const listener of listeners.get(key) ?? []) listener();
  };

  return {
    /** Takes absolute counts of some flows; only what differs is announced. */
    apply(counts: readonly FlowCounts[]): void {
      for (const flow of counts) {
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
