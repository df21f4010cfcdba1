import type { Flow } from '@signalbox/engine/flows/contract';
import { createStore } from 'zustand/vanilla';
import { execute } from './commands.ts';
import { type FlowDocument, toDocument } from './document.ts';
import type { FlowState, FlowStore, FlowStorePorts, Unsaved } from './flow-state.ts';
import { emptyHistory, type History, record, redo, undo } from './history.ts';
import { mergeDocuments } from './merge.ts';
import { createSaving, type Saving } from './saving.ts';

/** The state of one open flow: document, undo list, selection and autosave. */
export function createFlowStore(
  flow: Flow,
  ports: FlowStorePorts,
  unsaved: Unsaved | null = null,
  history: History = emptyHistory,
): FlowStore {
  const stored = toDocument(flow);
  const store = createStore<FlowState>()((set, get) => ({
    flowId: flow.id,
    readOnly: flow.kind !== 'drawn',
    document: stored,
    saved: stored,
    revision: flow.revision,
    history,
    save: { kind: 'saved' },
    overwritten: [],
    selection: [],
    select: (selection) => set({ selection }),
    ...editing(
      get,
      (document, next) => {
        const selection = get().selection.filter((id) => document.steps[id] !== undefined);
        const same = selection.length === get().selection.length;
        set({ document, history: next, selection: same ? get().selection : selection });
        saving.afterEdit();
      },
      ports,
    ),
    ...meeting(set, get, () => saving),
  }));
  const saving = createSaving(store, ports);
  store.subscribe((state, before) => state.history !== before.history && ports.keepHistory(state.history));
  if (unsaved !== null && !store.getState().readOnly) saving.resume(unsaved, stored, flow.revision);
  return store;
}

type Get = () => FlowState;
type Set = (next: Partial<FlowState>) => void;

/** Edits and their undo list; `changed` takes what each comes to. */
function editing(
  get: Get,
  changed: (document: FlowDocument, history: History) => void,
  ports: FlowStorePorts,
): Pick<FlowState, 'dispatch' | 'undo' | 'redo'> {
  const move = (step: typeof undo): string | null => {
    const moved = step(get().document, get().history);
    if (moved === null) return null;
    changed(moved.document, moved.history);
    return moved.label;
  };
  return {
    dispatch(command, { label, mergeKey }) {
      if (get().readOnly) return;
      const change = execute(get().document, command);
      if (change.changes.length === 0) return;
      changed(change.document, record(get().history, change.changes, { label, mergeKey, at: ports.now() }));
    },
    undo: () => move(undo),
    redo: () => move(redo),
  };
}

/** What comes of saving and of others who save as well. */
function meeting(
  set: Set,
  get: Get,
  saving: () => Saving,
): Pick<FlowState, 'receive' | 'flush' | 'reapply' | 'takeOther' | 'settleOverwritten'> {
  return {
    receive: (next) => saving().receive(next),
    flush: () => saving().flush(),
    reapply() {
      const { save, saved, document } = get();
      if (save.kind !== 'conflict') return;
      const merged = mergeDocuments(saved, document, save.theirs).document;
      saving().replace(merged, save.theirs, save.revision, 'reapplied');
    },
    takeOther() {
      const { save } = get();
      if (save.kind === 'conflict') saving().replace(save.theirs, save.theirs, save.revision, 'other_taken');
    },
    settleOverwritten(label) {
      const { overwritten, document, dispatch } = get();
      set({ overwritten: [] });
      const mine = overwritten.filter(({ mine: step }) => document.steps[step.id] !== undefined);
      if (label === null || mine.length === 0) return;
      const steps = { ...document.steps };
      for (const { mine: step } of mine) steps[step.id] = step;
      dispatch({ type: 'replace', document: { ...document, steps } }, { label });
    },
  };
}
