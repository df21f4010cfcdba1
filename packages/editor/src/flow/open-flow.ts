import type { Flow } from '@signalbox/engine/api/contract';
import { createFlowStore, type FlowStore, type FlowStorePorts, type Unsaved } from '../flow-model/flow-store.ts';
import { ApiError, request } from '../lib/api.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';

const keyOf = (id: string): string => `signalbox.unsaved.${id}`;

function isFlow(value: unknown): value is Flow {
  return typeof value === 'object' && value !== null && 'revision' in value && 'graph' in value;
}

function readUnsaved(id: string): Unsaved | null {
  const text = localStorage.getItem(keyOf(id));
  if (text === null) return null;
  try {
    const value: Unsaved = JSON.parse(text);
    return typeof value.revision === 'number' && typeof value.document?.steps === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Opens a flow for editing, with edits that an earlier visit could not save. */
export function openFlow(flow: Flow): FlowStore {
  let keeping: ReturnType<typeof setTimeout> | undefined;
  const ports: FlowStorePorts = {
    async save(body, revision) {
      try {
        const saved = await request<Flow>('PATCH', `/flows/${flow.id}`, { body, revision });
        queryClient.setQueryData(flowQuery(flow.id).queryKey, saved);
        return { kind: 'saved', flow: saved };
      } catch (error) {
        if (!(error instanceof ApiError)) return { kind: 'offline' };
        const { problem } = error;
        if (problem.status === 412 && isFlow(problem.current)) return { kind: 'stale', flow: problem.current };
        if (problem.status === 0 || problem.status === 429 || problem.status >= 500) return { kind: 'offline' };
        return { kind: 'refused', problem };
      }
    },
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => Date.now(),
    keep(unsaved) {
      clearTimeout(keeping);
      if (unsaved === null) localStorage.removeItem(keyOf(flow.id));
      else keeping = setTimeout(() => localStorage.setItem(keyOf(flow.id), JSON.stringify(unsaved)), 250);
    },
    label: (key) => t(`edit.${key}`),
  };
  return createFlowStore(flow, ports, flow.kind === 'drawn' ? readUnsaved(flow.id) : null);
}
