import type { StepCounts } from '@signalbox/engine/flows/contract';
import { useCallback, useSyncExternalStore } from 'react';
import { counts } from './counts-store.ts';

/** People at one step; undefined before the first numbers came. */
export function useStepCounts(flowId: string, stepId: string): StepCounts | undefined {
  const subscribe = useCallback(
    (listener: () => void) => counts.subscribe(`${flowId}/${stepId}`, listener),
    [flowId, stepId],
  );
  return useSyncExternalStore(subscribe, () => counts.step(flowId, stepId));
}

/** People who left a step by one outlet. */
export function useOutletCount(flowId: string, stepId: string, outlet: string): number {
  const subscribe = useCallback(
    (listener: () => void) => counts.subscribe(`${flowId}/${stepId}/${outlet}`, listener),
    [flowId, stepId, outlet],
  );
  return useSyncExternalStore(subscribe, () => counts.outlet(flowId, stepId, outlet));
}
