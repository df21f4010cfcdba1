import type { Flow } from '@signalbox/engine/flows/contract';
import type { Problem } from '@signalbox/engine/http/contract';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { changesBetween } from './changes.ts';
import { type Command, execute } from './commands.ts';
import { type FlowDocument, toDocument, toGraph } from './document.ts';
import { emptyHistory, type History, record, redo, undo } from './history.ts';
import { mergeDocuments, sameDocument } from './merge.ts';

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  /** The server cannot be reached; tried again by itself. */
  | { readonly kind: 'offline' }
  /** The server refused these edits. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Saved elsewhere in the same places; a person chooses. */
  | {
      readonly kind: 'conflict';
      readonly theirs: FlowDocument;
      readonly revision: number;
      readonly steps: readonly string[];
    };

export type SaveBody = { name?: string; description?: string; graph?: FlowGraph };
export type Unsaved = { readonly revision: number; readonly base: FlowDocument; readonly document: FlowDocument };

/** What the store needs of the world; times in milliseconds. */
export type FlowStorePorts = {
  readonly save: (
    body: SaveBody,
    revision: number,
  ) => Promise<
    | { readonly kind: 'saved'; readonly flow: Flow }
    | { readonly kind: 'stale'; readonly flow: Flow }
    | { readonly kind: 'offline' }
    | { readonly kind: 'refused'; readonly problem: Problem }
  >;
  readonly after: (milliseconds: number, run: () => void) => () => void;
  readonly now: () => number;
  /** Keeps edits that the server does not have yet over a reload; null forgets them. */
  readonly keep: (unsaved: Unsaved | null) => void;
  /** Keeps the undo list over a reload. */
  readonly keepHistory: (history: History) => void;
  readonly label: (key: 'merged' | 'reapplied' | 'other_taken') => string;
};

export type DispatchOptions = { readonly label: string; readonly mergeKey?: string };

export type FlowState = {
  readonly flowId: string;
  readonly readOnly: boolean;
  readonly document: FlowDocument;
  /** The document as the server has it. */
  readonly saved: FlowDocument;
  readonly revision: number;
  readonly history: History;
  readonly save: SaveState;
  readonly selection: readonly string[];
  /** Every edit goes through here: named, undoable, saved. */
  dispatch(command: Command, options: DispatchOptions): void;
  undo(): string | null;
  redo(): string | null;
  select(ids: readonly string[]): void;
  /** Takes the flow as the server now has it. */
  receive(flow: Flow): void;
  /** Saves now; resolves to whether the server has everything. */
  flush(): Promise<boolean>;
  /** In a conflict: keep our edits over theirs. */
  reapply(): void;
  /** In a conflict: go on with the other version; undo brings ours back. */
  takeOther(): void;
};

export type FlowStore = StoreApi<FlowState>;

const quiet = 600;
const retries = [1_000, 2_000, 5_000, 10_000, 30_000];

/** The state of one open flow: document, undo list, selection and autosave. */
export function createFlowStore(
  flow: Flow,
  ports: FlowStorePorts,
  unsaved: Unsaved | null = null,
  history: History = emptyHistory,
): FlowStore {
  let cancelTimer: () => void = () => {};
  let running: Promise<void> | null = null;
  let failures = 0;

  const stored = toDocument(flow);
  const store = createStore<FlowState>()((set, get) => {
    const changed = (document: FlowDocument, history: History) => {
      const selection = get().selection.filter((id) => document.steps[id] !== undefined);
      set({ document, history, selection: selection.length === get().selection.length ? get().selection : selection });
      afterEdit();
    };
    return {
      flowId: flow.id,
      readOnly: flow.kind !== 'drawn',
      document: stored,
      saved: stored,
      revision: flow.revision,
      history,
      save: { kind: 'saved' },
      selection: [],
      dispatch(command, { label, mergeKey }) {
        if (get().readOnly) return;
        const change = execute(get().document, command);
        if (change.changes.length === 0) return;
        changed(change.document, record(get().history, change.changes, { label, mergeKey, at: ports.now() }));
      },
      undo() {
        const moved = undo(get().document, get().history);
        if (moved === null) return null;
        changed(moved.document, moved.history);
        return moved.label;
      },
      redo() {
        const moved = redo(get().document, get().history);
        if (moved === null) return null;
        changed(moved.document, moved.history);
        return moved.label;
      },
      select: (selection) => set({ selection }),
      receive(next) {
        if (next.revision <= get().revision || running !== null || get().save.kind === 'conflict') return;
        meet(toDocument(next), next.revision);
      },
      async flush() {
        cancelTimer();
        await run();
        return get().save.kind === 'saved';
      },
      reapply() {
        const { save, saved, document } = get();
        if (save.kind !== 'conflict') return;
        const merged = mergeDocuments(saved, document, save.theirs).document;
        replace(merged, save.theirs, save.revision, 'reapplied');
      },
      takeOther() {
        const { save } = get();
        if (save.kind === 'conflict') replace(save.theirs, save.theirs, save.revision, 'other_taken');
      },
    };
  });

  function afterEdit(): void {
    const { document, saved, revision, save } = store.getState();
    const dirty = !sameDocument(document, saved);
    ports.keep(dirty ? { revision, base: saved, document } : null);
    if (save.kind === 'conflict') return;
    cancelTimer();
    if (!dirty) {
      if (running === null) store.setState({ save: { kind: 'saved' } });
      return;
    }
    if (save.kind !== 'saving' && save.kind !== 'offline') store.setState({ save: { kind: 'unsaved' } });
    failures = 0;
    cancelTimer = ports.after(quiet, () => void run());
  }

  /** The server has another revision: merge what we can, ask about the rest. */
  function meet(theirs: FlowDocument, revision: number): void {
    const { document, saved } = store.getState();
    const { document: merged, conflicts } = mergeDocuments(saved, document, theirs);
    if (conflicts.length > 0) {
      store.setState({ save: { kind: 'conflict', theirs, revision, steps: conflicts.map((each) => each.what) } });
      return;
    }
    replace(merged, theirs, revision, 'merged');
  }

  function replace(
    document: FlowDocument,
    saved: FlowDocument,
    revision: number,
    label: 'merged' | 'reapplied' | 'other_taken',
  ): void {
    const state = store.getState();
    const same = sameDocument(document, state.document);
    const next = same ? state.document : document;
    // What somebody else did is no edit of ours: undo leaves it alone. Going on with theirs over ours was our own choice.
    const history =
      same || label === 'merged'
        ? state.history
        : record(state.history, changesBetween(state.document, next), { label: ports.label(label), at: ports.now() });
    store.setState({
      document: next,
      saved: sameDocument(next, saved) ? next : saved,
      revision,
      history,
      save: { kind: 'saved' },
      selection: state.selection.filter((id) => next.steps[id] !== undefined),
    });
    afterEdit();
  }

  function run(): Promise<void> {
    running ??= saveOnce().finally(() => {
      running = null;
    });
    return running.then(() => {
      const { save } = store.getState();
      return save.kind === 'unsaved' ? run() : undefined;
    });
  }

  async function saveOnce(): Promise<void> {
    const { document, saved, revision, save, readOnly } = store.getState();
    if (readOnly || save.kind === 'conflict') return;
    if (sameDocument(document, saved)) {
      store.setState({ save: { kind: 'saved' } });
      return;
    }
    store.setState({ save: { kind: 'saving' } });
    const body: SaveBody = {};
    if (document.name !== saved.name) body.name = document.name;
    if (document.description !== saved.description) body.description = document.description;
    const graph = toGraph(document);
    if (JSON.stringify(graph) !== JSON.stringify(toGraph(saved))) body.graph = graph;
    const answer = await ports.save(body, revision);
    switch (answer.kind) {
      case 'saved': {
        failures = 0;
        const now = store.getState().document;
        const clean = now === document || sameDocument(now, document);
        store.setState({
          saved: document,
          revision: answer.flow.revision,
          save: { kind: clean ? 'saved' : 'unsaved' },
        });
        if (clean) ports.keep(null);
        return;
      }
      case 'stale':
        store.setState({ save: { kind: 'unsaved' } });
        meet(toDocument(answer.flow), answer.flow.revision);
        cancelTimer();
        return;
      case 'refused':
        store.setState({ save: { kind: 'refused', problem: answer.problem } });
        return;
      case 'offline': {
        store.setState({ save: { kind: 'offline' } });
        const wait = retries[Math.min(failures, retries.length - 1)] ?? 30_000;
        failures += 1;
        cancelTimer();
        cancelTimer = ports.after(wait, () => void run());
        return;
      }
    }
  }

  store.subscribe((state, before) => state.history !== before.history && ports.keepHistory(state.history));
  if (unsaved !== null && !store.getState().readOnly) {
    if (unsaved.revision === flow.revision) {
      store.setState({ document: unsaved.document });
    } else {
      store.setState({ document: unsaved.document, saved: unsaved.base });
      meet(stored, flow.revision);
    }
    afterEdit();
  }
  return store;
}
