import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, execute } from './commands.ts';
import { type FlowDocument, toDocument, toGraph } from './document.ts';
import { emptyHistory, record, redo, undo } from './history.ts';
import { mergeDocuments } from './merge.ts';

const empty: FlowDocument = { name: 'Flow', description: '', order: [], steps: {}, lines: {} };
const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const outletIds = ['yes', 'no'];
const id = fc.constantFrom(...ids);
const outlet = fc.constantFrom(...outletIds);
const place = fc.record({ from: id, outlet });
const config = fc.record({ text: fc.string({ maxLength: 5 }) });
const stepOf = (stepId: string, value: { text: string }) => ({ id: stepId, type: 'wait', version: 1, config: value });

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ type: fc.constant('rename_flow' as const), name: fc.string({ maxLength: 8 }) }),
  fc.record({
    type: fc.constant('insert_steps' as const),
    steps: fc
      .uniqueArray(id, { minLength: 1, maxLength: 3 })
      .chain((chosen) => config.map((value) => chosen.map((each) => stepOf(each, value)))),
    lines: fc.constant({}),
    at: fc.option(place),
    onward: fc.option(place),
  }),
  fc.record({
    type: fc.constant('delete_steps' as const),
    ids: fc.uniqueArray(id, { minLength: 1, maxLength: 4 }),
    outlets: fc.constant(Object.fromEntries(ids.map((each) => [each, outletIds]))),
  }),
  fc.record({ type: fc.constant('set_config' as const), id, config, outlets: fc.option(fc.subarray(outletIds)) }),
  fc.record({ type: fc.constant('name_step' as const), id, name: fc.constantFrom('', 'One', 'Two') }),
  fc.record({ type: fc.constant('connect' as const), from: id, outlet, to: id }),
  fc.record({ type: fc.constant('disconnect' as const), from: id, outlet }),
);

describe('history', () => {
  it('takes any list of edits back exactly, and does them again exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(command, fc.option(fc.constantFrom('k1', 'k2'))), { maxLength: 25 }), (edits) => {
        let document = empty;
        let history = emptyHistory;
        for (const [edit, mergeKey] of edits) {
          const change = execute(document, edit);
          history = record(history, change.changes, { label: edit.type, mergeKey: mergeKey ?? undefined, at: 0 });
          document = change.document;
        }
        const after = document;
        for (let moved = undo(document, history); moved !== null; moved = undo(document, history)) {
          ({ document, history } = moved);
        }
        expect(document).toEqual(empty);
        for (let moved = redo(document, history); moved !== null; moved = redo(document, history)) {
          ({ document, history } = moved);
        }
        expect(document).toEqual(after);
      }),
    );
  });

  it('leaves no line from or to a step that is gone, whatever is deleted', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (edits) => {
        const document = edits.reduce((at, edit) => execute(at, edit).document, empty);
        expect(document.order.toSorted()).toEqual(Object.keys(document.steps).toSorted());
        for (const [from, lines] of Object.entries(document.lines)) {
          expect(document.steps[from]).toBeDefined();
          for (const to of Object.values(lines)) expect(document.steps[to]).toBeDefined();
        }
      }),
    );
  });

  it('merges a burst of typing into one entry, and not what follows a pause', () => {
    const type = (name: string, at: number, state: { document: FlowDocument; history: typeof emptyHistory }) => {
      const change = execute(state.document, { type: 'rename_flow', name });
      return {
        document: change.document,
        history: record(state.history, change.changes, { label: 'Rename', mergeKey: 'name', at }),
      };
    };
    const burst = type('Wel', 300, type('We', 200, type('W', 100, { document: empty, history: emptyHistory })));
    expect(burst.history.past).toHaveLength(1);
    expect(undo(burst.document, burst.history)?.document.name).toBe('Flow');
    expect(type('Welcome', 9_000, burst).history.past).toHaveLength(2);
  });
});

describe('editing the graph', () => {
  const line = (from: string, out: string, to: string) => ({ from, outlet: out, to });
  const flow = toDocument({
    name: 'Flow',
    description: '',
    graph: {
      schema_version: 1,
      steps: ['a', 'b', 'c'].map((each) => stepOf(each, { text: '' })),
      edges: [line('a', 'yes', 'b'), line('b', 'yes', 'c')],
    },
  });

  it('heals the gap that a deleted step leaves', () => {
    const { document } = execute(flow, { type: 'delete_steps', ids: ['b'], outlets: { b: ['no', 'yes'] } });
    expect(toGraph(document).edges).toEqual([line('a', 'yes', 'c')]);
  });

  it('puts a step onto a line', () => {
    const { document } = execute(flow, {
      type: 'insert_steps',
      steps: [stepOf('d', { text: '' })],
      lines: {},
      at: { from: 'a', outlet: 'yes' },
      onward: { from: 'd', outlet: 'no' },
    });
    expect(document.lines).toEqual({ a: { yes: 'd' }, d: { no: 'b' }, b: { yes: 'c' } });
    expect(document.order).toEqual(['a', 'd', 'b', 'c']);
  });

  it('drops the lines of ways out that a new config no longer has', () => {
    const { document } = execute(flow, { type: 'set_config', id: 'a', config: {}, outlets: ['no'] });
    expect(document.lines.a).toBeUndefined();
  });
});

describe('undo where a colleague went on from my edit', () => {
  const steps = (...named: string[]) => named.map((each) => stepOf(each, { text: '' }));
  const flowOf = (named: string[], lines: string[]): FlowDocument =>
    toDocument({
      name: 'Flow',
      description: '',
      graph: {
        schema_version: 1,
        steps: steps(...named),
        edges: lines.map((each) => {
          const [from = '', outlet = '', to = ''] = each.split(' ');
          return { from, outlet, to };
        }),
      },
    });
  const linesOf = (document: FlowDocument) =>
    toGraph(document)
      .edges.map((each) => `${each.from} ${each.outlet} ${each.to}`)
      .sort();
  const insert = (named: string, from: string, onward: string | null = 'yes'): Command => ({
    type: 'insert_steps',
    steps: steps(named),
    lines: {},
    at: { from, outlet: 'yes' },
    onward: onward === null ? null : { from: named, outlet: onward },
  });
  const remove = (...named: string[]): Command => ({ type: 'delete_steps', ids: named, outlets: {} });
  /** Mine, then the colleague's; what undo makes of it, and redo of that. */
  function after(start: FlowDocument, mine: Command, ...theirs: Command[]) {
    const edit = execute(start, mine);
    const history = record(emptyHistory, edit.changes, { label: 'Mine', at: 0 });
    const now = theirs.reduce((document, command) => execute(document, command).document, edit.document);
    const back = undo(now, history);
    const again = back === null ? null : redo(back.document, back.history);
    return {
      back: back === null ? null : linesOf(back.document),
      again: again === null ? null : linesOf(again.document),
    };
  }
  const line = flowOf(['a', 'b'], ['a yes b']);

  it('leads on to the step that they put behind mine', () => {
    expect(after(line, insert('x', 'a'), insert('y', 'x'))).toEqual({
      back: ['a yes y', 'y yes b'],
      again: ['a yes x', 'x yes y', 'y yes b'],
    });
  });

  it('leads on to a step that they put behind mine at the end', () => {
    expect(after(flowOf(['a'], []), insert('x', 'a'), insert('y', 'x')).back).toEqual(['a yes y']);
  });

  it('leads a line of theirs past my step', () => {
    const flow = flowOf(['a', 'b', 'z'], ['a yes b']);
    const connect: Command = { type: 'connect', from: 'z', outlet: 'no', to: 'x' };
    expect(after(flow, insert('x', 'a'), connect).back).toEqual(['a yes b', 'z no b']);
  });

  it('leads to what follows where they deleted the step behind mine', () => {
    const flow = flowOf(['a', 'b', 'c'], ['a yes b', 'b yes c']);
    expect(after(flow, insert('x', 'a'), remove('b')).back).toEqual(['a yes c']);
    expect(after(line, insert('x', 'a'), remove('b')).back).toEqual([]);
  });

  it('keeps my step where one of theirs would have nothing leading to it', () => {
    const other: Command = {
      type: 'insert_steps',
      steps: steps('y'),
      lines: {},
      at: { from: 'x', outlet: 'no' },
      onward: null,
    };
    expect(after(line, insert('x', 'a'), other).back).toBeNull();
  });

  it('keeps my step and its lines where they changed it', () => {
    const write: Command = { type: 'set_config', id: 'x', config: { text: 'theirs' }, outlets: null };
    expect(after(line, insert('x', 'a'), write).back).toBeNull();
  });

  it('brings a deleted step back onto the line into which they have put another', () => {
    const flow = flowOf(['a', 'b', 'c'], ['a yes b', 'b yes c']);
    expect(after(flow, remove('b'), insert('y', 'a'))).toEqual({
      back: ['a yes b', 'b yes y', 'y yes c'],
      again: ['a yes y', 'y yes c'],
    });
  });

  it('never leaves a step of theirs without a line to it, and never takes one away', () => {
    const start = flowOf(['a', 'b', 'c', 'd'], ['a yes b', 'b yes c', 'b no d']);
    const mine = fc.oneof(
      fc.constantFrom('a', 'b', 'c', 'd').map((from) => insert('x', from)),
      fc.constantFrom('b', 'c', 'd').map((each) => remove(each)),
    );
    const places = fc.record({ from: fc.constantFrom('a', 'b', 'c', 'd', 'x', 'y'), outlet });
    const put = (named: string) =>
      places.map(
        (at): Command => ({
          type: 'insert_steps',
          steps: steps(named),
          lines: {},
          at,
          onward: { from: named, outlet: 'yes' },
        }),
      );
    fc.assert(
      fc.property(mine, put('y'), put('z'), (own, one, two) => {
        const edit = execute(start, own);
        const history = record(emptyHistory, edit.changes, { label: 'Mine', at: 0 });
        const now = [one, two].reduce((document, command) => execute(document, command).document, edit.document);
        const back = undo(now, history)?.document ?? now;
        const reached = (document: FlowDocument, id: string) =>
          Object.values(document.lines).some((lines) => Object.values(lines).includes(id));
        for (const id of ['y', 'z']) {
          expect(back.steps[id] !== undefined).toBe(now.steps[id] !== undefined);
          if (reached(now, id)) expect(reached(back, id)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('merging', () => {
  const base = execute(empty, {
    type: 'insert_steps',
    steps: ids.map((each) => stepOf(each, { text: '' })),
    lines: {},
    at: null,
    onward: null,
  }).document;
  const edit = (document: FlowDocument, stepId: string, text: string) =>
    execute(document, { type: 'set_config', id: stepId, config: { text }, outlets: null }).document;

  it('keeps both sides where they touch different steps, in either order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 2, maxLength: 2 }),
        fc.string(),
        fc.string(),
        ([one = 'a', two = 'b'], x, y) => {
          const result = mergeDocuments(base, edit(base, one, x), edit(base, two, y));
          expect(result.conflicts).toEqual([]);
          expect(result.document).toEqual(edit(edit(base, one, x), two, y));
        },
      ),
    );
  });

  it('names the step that both changed differently, and nothing where both made the same change', () => {
    const clash = mergeDocuments(base, edit(base, 'a', 'ours'), edit(base, 'a', 'theirs'));
    expect(clash.conflicts).toEqual([{ what: 'a' }]);
    expect(clash.document.steps.a?.config).toEqual({ text: 'ours' });
    expect(mergeDocuments(base, edit(base, 'a', 'x'), edit(base, 'a', 'x')).conflicts).toEqual([]);
  });

  it('names a step that one side deleted and the other changed', () => {
    const without = execute(base, { type: 'delete_steps', ids: ['a'], outlets: {} }).document;
    expect(mergeDocuments(base, without, edit(base, 'a', 'theirs')).conflicts).toEqual([{ what: 'a' }]);
  });
});
