import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { FlowState, FlowStore } from '../flow-model/flow-state.ts';
import type { UiState, UiStore } from '../flow-model/ui-store.ts';

export type OpenFlow = { readonly store: FlowStore; readonly ui: UiStore };

const FlowContext = createContext<OpenFlow | null>(null);

export const FlowProvider = FlowContext.Provider;

/** The stores of the flow on screen. */
export function useOpenFlow(): OpenFlow {
  const open = use(FlowContext);
  if (open === null) throw new Error('Used outside of a flow');
  return open;
}

/** A part of the flow's state. */
export function useFlow<T>(select: (state: FlowState) => T): T {
  return useStore(useOpenFlow().store, select);
}

/** A part of what the screen shows of the flow. */
export function useFlowUi<T>(select: (state: UiState) => T): T {
  return useStore(useOpenFlow().ui, select);
}
