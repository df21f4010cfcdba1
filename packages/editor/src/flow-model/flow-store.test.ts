import type { Flow } from '@signalbox/engine/flows/contract';
import type { Problem } from '@signalbox/engine/http/contract';
import { describe, expect, it } from 'vitest';
import { toDocument, toGraph } from './document.ts';
import type { FlowStorePorts, SaveBody, Unsaved } from './flow-state.ts';
import { createFlowStore } from './flow-store.ts';
import { readHistory, writeHistory } from './kept-history.ts';

const start: Flow = {
  id: 'flw_00000000000000000000000000',
  name: 'Welcome',
  description: '',
  kind: 'drawn',
  state: 'draft',
  triggers: [],
  draft_triggers: [],
  live_version: null,
  has_unpublished_changes: true,
  people: { entered: 0, here: 0, failed: 0 },
  is_sample: false,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  graph: {
    schema_version: 1,
    steps: [
      { id: 'a', type: 'wait', version: 1, config: { x: 1 } },
      { id: 'b', type: 'wait', version: 1, config: { x: 1 } },
    ],
    edges: [{ from: 'a', outlet: 'done', to: 'b' }],
  },
  revision: 1,
  live_graph: null,
  source_path: null,
  problems: [],
};

const problem: Problem = {
  type: 'urn:signalbox:problem:validation_failed',
  title: 'Something in the request does not fit',
  status: 422,
  code: 'validation_failed',
  action: 'Correct the fields that “errors” names.',
  request_id: '',
};

/** A server in memory with the API's rules, and a clock that moves when asked. */
function setUp() {
  const server = { flow: start, offline: false, refuses: false, saves: 0 };
  const timers: Array<() => void> = [];
  let kept: Unsaved | null = null;
  let keptHistory: string | null = null;
  const apply = (body: SaveBody): Flow => {
    server.flow = { ...server.flow, ...body, revision: server.flow.revision + 1 };
    return server.flow;
  };
  const ports: FlowStorePorts = {
    async save(body, revision) {
      server.saves += 1;
      if (server.offline) return { kind: 'offline' };
      if (server.refuses) return { kind: 'refused', problem };
      if (revision !== server.flow.revision) return { kind: 'stale', flow: server.flow };
      return { kind: 'saved', flow: apply(body) };
    },
    after(_milliseconds, run) {
      timers.push(run);
      return () => {
        const at = timers.indexOf(run);
        if (at !== -1) timers.splice(at, 1);
      };
    },
    now: () => 0,
    keep: (unsaved) => {
      kept = unsaved;
    },
    keepHistory: (history) => {
      keptHistory = writeHistory(history);
    },
    label: (key) => key,
  };
  const store = createFlowStore(start, ports);
  const configure = (id: string, x: number) =>
    store.getState().dispatch({ type: 'set_config', id, config: { x }, outlets: null }, { label: `Set ${id}` });
  const elsewhere = (id: string, x: number) =>
    apply({
      graph: {
        ...server.flow.graph,
        steps: server.flow.graph.steps.map((step) => (step.id === id ? { ...step, config: { x } } : step)),
      },
    });
  return {
    server,
    timers,
    store,
    configure,
    elsewhere,
    save: apply,
    ports,
    kept: () => kept,
    keptHistory: () => keptHistory,
  };
}

const configOf = (flow: Flow, id: string) => flow.graph.steps.find((step) => step.id === id)?.config;

describe('autosave', () => {
  it('saves a burst of edits as one request with the revision it was made on', async () => {
    const { store, server, timers, configure } = setUp();
    configure('a', 2);
    configure('a', 3);
    expect(store.getState().save.kind).toBe('unsaved');
    expect(timers).toHaveLength(1);
    expect(await store.getState().flush()).toBe(true);
    expect(server.saves).toBe(1);
    expect(configOf(server.flow, 'a')).toEqual({ x: 3 });
    expect(store.getState().revision).toBe(2);
  });

  it('keeps edits while the server is away and saves them when it is back', async () => {
    const { store, server, timers, configure, kept } = setUp();
    server.offline = true;
    configure('a', 2);
    expect(await store.getState().flush()).toBe(false);
    expect(store.getState().save.kind).toBe('offline');
    expect(kept()?.document.steps.a?.config).toEqual({ x: 2 });
    server.offline = false;
    expect(timers).toHaveLength(1);
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'a')).toEqual({ x: 2 });
    expect(kept()).toBeNull();
  });

  it('keeps edits that the server refuses, to be tried again or discarded', async () => {
    const { store, server, configure, kept } = setUp();
    server.refuses = true;
    configure('a', 2);
    expect(await store.getState().flush()).toBe(false);
    expect(store.getState().save).toEqual({ kind: 'refused', problem });
    expect(kept()?.document.steps.a?.config).toEqual({ x: 2 });
    server.refuses = false;
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'a')).toEqual({ x: 2 });

    server.refuses = true;
    configure('a', 3);
    await store.getState().flush();
    const { saved, dispatch } = store.getState();
    dispatch({ type: 'replace', document: saved }, { label: 'Discarded' });
    expect(store.getState().save.kind).toBe('saved');
    expect(store.getState().document.steps.a?.config).toEqual({ x: 2 });
    expect(kept()).toBeNull();
    expect(store.getState().undo()).toBe('Discarded');
  });

  it('merges a save from elsewhere silently where other steps were touched', async () => {
    const { store, server, configure, elsewhere } = setUp();
    elsewhere('b', 9);
    configure('a', 2);
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'a')).toEqual({ x: 2 });
    expect(configOf(server.flow, 'b')).toEqual({ x: 9 });
  });

  it('asks where the same step was touched, and keeps our edits until someone chooses', async () => {
    const { store, server, configure, elsewhere } = setUp();
    elsewhere('a', 9);
    configure('a', 2);
    expect(await store.getState().flush()).toBe(false);
    expect(store.getState().save).toMatchObject({ kind: 'conflict', steps: ['a'] });
    expect(store.getState().document.steps.a?.config).toEqual({ x: 2 });
    configure('b', 4);
    store.getState().reapply();
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'a')).toEqual({ x: 2 });
    expect(configOf(server.flow, 'b')).toEqual({ x: 4 });
  });

  it('can go on with the other version, and undo brings ours back', async () => {
    const { store, server, configure, elsewhere } = setUp();
    elsewhere('a', 9);
    configure('a', 2);
    await store.getState().flush();
    store.getState().takeOther();
    expect(store.getState().document.steps.a?.config).toEqual({ x: 9 });
    expect(store.getState().save.kind).toBe('saved');
    store.getState().undo();
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'a')).toEqual({ x: 2 });
  });

  it('takes edits made elsewhere when nothing is unsaved', () => {
    const { store, elsewhere } = setUp();
    store.getState().receive(elsewhere('a', 5));
    expect(store.getState().document.steps.a?.config).toEqual({ x: 5 });
    expect(store.getState().revision).toBe(2);
  });

  it('brings kept edits back after a reload', async () => {
    const { ports, server } = setUp();
    const base = toDocument(start);
    const document = { ...base, name: 'Renamed' };
    const store = createFlowStore(start, ports, { revision: 1, base, document });
    expect(store.getState().document.name).toBe('Renamed');
    expect(await store.getState().flush()).toBe(true);
    expect(server.flow.name).toBe('Renamed');
  });

  it('takes back an edit after a reload', async () => {
    const { ports, server, store, configure, keptHistory } = setUp();
    configure('a', 2);
    expect(await store.getState().flush()).toBe(true);
    const again = createFlowStore(server.flow, ports, null, readHistory(keptHistory()));
    expect(again.getState().undo()).toBe('Set a');
    expect(again.getState().document.steps.a?.config).toEqual({ x: 1 });
    expect(again.getState().redo()).toBe('Set a');
    expect(again.getState().document.steps.a?.config).toEqual({ x: 2 });
  });

  it('never takes back what somebody else did', async () => {
    const { store, server, configure, elsewhere } = setUp();
    configure('a', 2);
    await store.getState().flush();
    store.getState().receive(elsewhere('b', 9));
    expect(store.getState().undo()).toBe('Set a');
    expect(store.getState().document.steps.b?.config).toEqual({ x: 9 });
    expect(store.getState().undo()).toBeNull();
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'b')).toEqual({ x: 9 });
  });

  it('leaves alone what somebody else has changed since our edit of the same field', async () => {
    const { store, configure, elsewhere } = setUp();
    configure('b', 4);
    configure('a', 2);
    await store.getState().flush();
    store.getState().receive(elsewhere('a', 9));
    expect(store.getState().undo()).toBe('Set b');
    expect(store.getState().document.steps.a?.config).toEqual({ x: 9 });
    expect(store.getState().document.steps.b?.config).toEqual({ x: 1 });
  });

  it.each(['constructor', 'tostring', 'valueof', 'hasownproperty'])('edits a flow with a step called %s', (id) => {
    const { ports } = setUp();
    const steps = [id, 'b'].map((each) => ({ id: each, type: 'wait', version: 1, config: { x: 1 } }));
    const flow: Flow = {
      ...start,
      graph: { schema_version: 1, steps, edges: [{ from: id, outlet: 'sent', to: 'b' }] },
    };
    const before = Object.getOwnPropertyNames(Object);
    const store = createFlowStore(flow, ports);
    const { dispatch } = store.getState();
    dispatch({ type: 'disconnect', from: id, outlet: 'sent' }, { label: 'Disconnect' });
    dispatch({ type: 'connect', from: 'b', outlet: 'done', to: id }, { label: 'Connect' });
    expect(store.getState().document.lines).toEqual({ b: { done: id } });
    dispatch({ type: 'delete_steps', ids: [id], outlets: {} }, { label: 'Delete' });
    expect(store.getState().document.order).toEqual(['b']);
    dispatch(
      { type: 'insert_steps', steps: steps.slice(0, 1), lines: {}, at: null, onward: null },
      { label: 'Insert' },
    );
    expect(store.getState().document.order).toEqual(['b', id]);
    for (let left = 4; left > 0; left -= 1) store.getState().undo();
    expect(toGraph(store.getState().document)).toEqual(flow.graph);
    expect(Object.getOwnPropertyNames(Object)).toEqual(before);
  });

  it('changes nothing in a flow that is written in code', () => {
    const { ports } = setUp();
    const store = createFlowStore({ ...start, kind: 'code' }, ports);
    store.getState().dispatch({ type: 'rename_flow', name: 'No' }, { label: 'Rename' });
    expect(store.getState().document.name).toBe('Welcome');
  });
});

describe('undo beside a colleague', () => {
  const twoSteps = (x: { a: number; b: number }) => (flow: Flow) => ({
    ...flow.graph,
    steps: flow.graph.steps.map((step) => ({ ...step, config: { x: step.id === 'a' ? x.a : x.b } })),
  });
  /** I changed a from 1 to 2; a colleague saved a as 9 and b as 8. */
  async function conflict() {
    const here = setUp();
    const { configure, server, save, store } = here;
    configure('a', 2);
    save({ graph: twoSteps({ a: 9, b: 8 })(server.flow) });
    await store.getState().flush();
    expect(store.getState().save).toMatchObject({ kind: 'conflict', steps: ['a'] });
    return here;
  }
  const saved = async ({ store, server }: ReturnType<typeof setUp>) => {
    expect(await store.getState().flush()).toBe(true);
    return { a: configOf(server.flow, 'a')?.x, b: configOf(server.flow, 'b')?.x };
  };

  it('takes back that mine stands over theirs, and none of what the colleague did', async () => {
    const here = await conflict();
    here.store.getState().reapply();
    expect(await saved(here)).toEqual({ a: 2, b: 8 });
    expect(here.store.getState().undo()).toBe('reapplied');
    expect(await saved(here)).toEqual({ a: 9, b: 8 });
    expect(here.store.getState().undo()).toBeNull();
    expect(here.store.getState().redo()).toBe('reapplied');
    expect(await saved(here)).toEqual({ a: 2, b: 8 });
  });

  it('brings mine back that I gave up, and none of the colleague’s away', async () => {
    const here = await conflict();
    here.store.getState().takeOther();
    expect(await saved(here)).toEqual({ a: 9, b: 8 });
    expect(here.store.getState().undo()).toBe('other_taken');
    expect(await saved(here)).toEqual({ a: 2, b: 8 });
    expect(here.store.getState().undo()).toBe('reapplied');
    expect(await saved(here)).toEqual({ a: 9, b: 8 });
    expect(here.store.getState().undo()).toBeNull();
  });

  it('leaves what I did elsewhere before a conflict to be taken back by itself', async () => {
    const here = setUp();
    here.configure('b', 4);
    here.configure('a', 2);
    here.elsewhere('a', 9);
    await here.store.getState().flush();
    here.store.getState().takeOther();
    expect(await saved(here)).toEqual({ a: 9, b: 1 });
    here.store.getState().undo();
    expect(await saved(here)).toEqual({ a: 2, b: 4 });
    here.store.getState().undo();
    expect(await saved(here)).toEqual({ a: 9, b: 4 });
    expect(here.store.getState().undo()).toBe('Set b');
    expect(await saved(here)).toEqual({ a: 9, b: 1 });
  });

  it('puts back where it stood what a colleague changed and I deleted', async () => {
    const here = setUp();
    const { store, server } = here;
    const graph = server.flow.graph;
    store.getState().dispatch({ type: 'delete_steps', ids: ['a'], outlets: { a: ['done'] } }, { label: 'Delete a' });
    here.elsewhere('a', 9);
    await store.getState().flush();
    store.getState().reapply();
    expect(await store.getState().flush()).toBe(true);
    expect(server.flow.graph.steps.map((step) => step.id)).toEqual(['b']);
    expect(store.getState().undo()).toBe('reapplied');
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'a')).toEqual({ x: 9 });
    expect(server.flow.graph.edges).toEqual(graph.edges);
    expect(store.getState().undo()).toBeNull();
  });

  it('keeps a step in its place that I changed and a colleague deleted', async () => {
    const here = setUp();
    const { store, server } = here;
    const graph = server.flow.graph;
    here.configure('b', 2);
    here.save({ graph: { ...graph, steps: graph.steps.filter((step) => step.id !== 'b'), edges: [] } });
    await store.getState().flush();
    store.getState().reapply();
    expect(await store.getState().flush()).toBe(true);
    expect(server.flow.graph.edges).toEqual(graph.edges);
    store.getState().undo();
    expect(await store.getState().flush()).toBe(true);
    expect(server.flow.graph.edges).toEqual([]);
    expect(server.flow.graph.steps.map((step) => step.id)).toEqual(['a']);
  });
});

describe('what a colleague writes over', () => {
  it('is shown beside what was saved here, and can be put back', async () => {
    const { store, server, configure, elsewhere } = setUp();
    configure('a', 2);
    await store.getState().flush();
    store.getState().receive(elsewhere('a', 9));
    expect(store.getState().overwritten).toMatchObject([{ mine: { config: { x: 2 } }, theirs: { config: { x: 9 } } }]);
    store.getState().settleOverwritten('Put back');
    expect(await store.getState().flush()).toBe(true);
    expect(configOf(server.flow, 'a')).toEqual({ x: 2 });
    expect(store.getState().undo()).toBe('Put back');
    expect(store.getState().document.steps.a?.config).toEqual({ x: 9 });
  });

  it('is no matter where nobody wrote here, or about another step', async () => {
    const { store, configure, elsewhere } = setUp();
    store.getState().receive(elsewhere('a', 9));
    expect(store.getState().overwritten).toEqual([]);
    configure('b', 2);
    await store.getState().flush();
    store.getState().receive(elsewhere('a', 10));
    expect(store.getState().overwritten).toEqual([]);
  });
});
