import type { Flow } from '@signalbox/engine/flows/contract';
import type { Step } from '@signalbox/nodes/flow/graph';
import { changesAt, changesBetween } from './changes.ts';
import { type FlowDocument, stableJson, toDocument, toGraph } from './document.ts';
import type { FlowState, FlowStore, FlowStorePorts, Overwritten, SaveBody, Unsaved } from './flow-state.ts';
import { type History, record } from './history.ts';
import { mergeDocuments, sameDocument } from './merge.ts';

const quiet = 600;
const retries = [1_000, 2_000, 5_000, 10_000, 30_000];
/** So long after it was saved, a step that somebody writes over is shown to whoever saved it. */
const recent = 10 * 60_000;

type Replacing = 'merged' | 'reapplied' | 'other_taken';

/** Brings edits to the server by themselves, and meets what others saved there. */
export type Saving = {
  /** The document was changed: it is kept in the browser, and saved after a moment of quiet. */
  readonly afterEdit: () => void;
  /** Takes the flow as the server now has it. */
  readonly receive: (flow: Flow) => void;
  /** Saves now; resolves to whether the server has everything. */
  readonly flush: () => Promise<boolean>;
  /** Goes on with another document at a revision of the server. */
  readonly replace: (document: FlowDocument, saved: FlowDocument, revision: number, label: Replacing) => void;
  /** Goes on with edits that an earlier visit could not save. */
  readonly resume: (unsaved: Unsaved, stored: FlowDocument, revision: number) => void;
};

/** Saving for one open flow. */
export function createSaving(store: FlowStore, ports: FlowStorePorts): Saving {
  let cancelTimer: () => void = () => {};
  let running: Promise<void> | null = null;
  let failures = 0;
  const own = createOwnSteps(ports.now);

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
    const lost = own.overwritten(saved, theirs);
    if (lost.length > 0) store.setState({ overwritten: lost });
    replace(merged, theirs, revision, 'merged');
  }

  function replace(document: FlowDocument, saved: FlowDocument, revision: number, label: Replacing): void {
    const state = store.getState();
    const same = sameDocument(document, state.document);
    const next = same ? state.document : document;
    const history = label === 'merged' ? state.history : chosen(state, saved, label);
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

  /**
   * The undo list after a choice between ours and theirs. What somebody else did is no edit of ours, so that undo leaves it alone: what
   * can be taken back is that ours stands over theirs, and that ours was given up.
   */
  function chosen({ history, document, saved }: FlowState, theirs: FlowDocument, label: Replacing): History {
    const ours = mergeDocuments(saved, document, theirs).document;
    const over = changesAt(changesBetween(theirs, ours), changesBetween(saved, theirs));
    const kept = record(history, over, { label: ports.label('reapplied'), at: ports.now() });
    if (label === 'reapplied') return kept;
    const given = changesAt(changesBetween(ours, theirs), changesBetween(saved, document));
    return record(kept, given, { label: ports.label(label), at: ports.now() });
  }

  function run(): Promise<void> {
    running ??= saveOnce().finally(() => {
      running = null;
    });
    return running.then(() => (store.getState().save.kind === 'unsaved' ? run() : undefined));
  }

  async function saveOnce(): Promise<void> {
    const { document, saved, revision, save, readOnly } = store.getState();
    if (readOnly || save.kind === 'conflict') return;
    if (sameDocument(document, saved)) {
      store.setState({ save: { kind: 'saved' } });
      return;
    }
    store.setState({ save: { kind: 'saving' } });
    const answer = await ports.save(bodyOf(document, saved), revision);
    switch (answer.kind) {
      case 'saved': {
        failures = 0;
        own.saved(saved, document);
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

  return {
    afterEdit,
    replace,
    receive(next) {
      const { revision, save } = store.getState();
      if (next.revision <= revision || running !== null || save.kind === 'conflict') return;
      meet(toDocument(next), next.revision);
    },
    async flush() {
      cancelTimer();
      await run();
      return store.getState().save.kind === 'saved';
    },
    resume(unsaved, stored, revision) {
      store.setState({ document: unsaved.document });
      if (unsaved.revision !== revision) {
        store.setState({ saved: unsaved.base });
        meet(stored, revision);
      }
      afterEdit();
    },
  };
}

/** The parts of a document that differ from what the server has. */
function bodyOf(document: FlowDocument, saved: FlowDocument): SaveBody {
  const body: SaveBody = {};
  if (document.name !== saved.name) body.name = document.name;
  if (document.description !== saved.description) body.description = document.description;
  const graph = toGraph(document);
  if (JSON.stringify(graph) !== JSON.stringify(toGraph(saved))) body.graph = graph;
  return body;
}

/** Remembers which steps were saved from here and how, to tell when somebody writes over them. */
function createOwnSteps(now: () => number) {
  const steps = new Map<string, { readonly step: Step; readonly at: number }>();
  return {
    saved(before: FlowDocument, after: FlowDocument): void {
      for (const [id, step] of Object.entries(after.steps)) {
        const old = before.steps[id];
        if (old !== undefined && old !== step && stableJson(old) !== stableJson(step))
          steps.set(id, { step, at: now() });
      }
    },
    /** The steps saved from here lately that stood so until now, and are other ones on the server. */
    overwritten(saved: FlowDocument, theirs: FlowDocument): Overwritten[] {
      return [...steps].flatMap(([id, { step, at }]) => {
        const other = theirs.steps[id];
        steps.delete(id);
        const stood = saved.steps[id];
        if (other === undefined || stood === undefined || now() - at > recent) return [];
        const written = stableJson(stood) === stableJson(step) && stableJson(other) !== stableJson(step);
        if (!written) steps.set(id, { step, at });
        return written ? [{ mine: step, theirs: other }] : [];
      });
    },
  };
}
