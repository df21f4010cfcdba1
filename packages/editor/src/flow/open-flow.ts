import type { Flow } from '@signalbox/engine/flows/contract';
import { sealed } from '../flow-model/document.ts';
import type { FlowStore, FlowStorePorts, Unsaved } from '../flow-model/flow-state.ts';
import { createFlowStore } from '../flow-model/flow-store.ts';
import { readHistory, writeHistory } from '../flow-model/kept-history.ts';
import { ApiError, request } from '../lib/api.ts';
import { keepEdits, keepEditsSoon, keptEdits, tabName } from '../lib/kept-edits.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';

const historyKey = (id: string): string => `signalbox.history.${id}`;

function isFlow(value: unknown): value is Flow {
  return typeof value === 'object' && value !== null && 'revision' in value && 'graph' in value;
}

function readUnsaved(text: string | null): Unsaved | null {
  try {
    const value: Unsaved | null = JSON.parse(text ?? 'null');
    if (value === null || typeof value.revision !== 'number' || typeof value.document?.steps !== 'object') return null;
    return { revision: value.revision, base: sealed(value.base), document: sealed(value.document) };
  } catch {
    return null;
  }
}

/** What this tab kept of a flow that the server does not have yet. */
export async function readKept(flow: Flow): Promise<{ readonly tab: string; readonly unsaved: Unsaved | null }> {
  const tab = await tabName();
  return { tab, unsaved: flow.kind === 'drawn' ? readUnsaved(await keptEdits(flow.id, tab)) : null };
}

/** Opens a flow for editing, with edits that an earlier visit could not save. */
export function openFlow(
  flow: Flow,
  { tab, unsaved }: { readonly tab: string; readonly unsaved: Unsaved | null },
): FlowStore {
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
    keep(edits) {
      if (edits === null) keepEdits(flow.id, tab, null);
      else keepEditsSoon(flow.id, tab, () => JSON.stringify(edits));
    },
    keepHistory(history) {
      sessionStorage.setItem(historyKey(flow.id), writeHistory(history));
    },
    label: (key) => t(`edit.${key}`),
  };
  return createFlowStore(flow, ports, unsaved, readHistory(sessionStorage.getItem(historyKey(flow.id))));
}
