import type { Step } from '@signalbox/nodes/flow/graph';
import { produce } from 'immer';
import { recordOf } from '../lib/record.ts';
import { type Change, changesBetween } from './changes.ts';
import type { FlowDocument, Place } from './document.ts';

/** Every edit. Ids are made by the caller, so that a command says everything about what it does. */
export type Command =
  | { readonly type: 'rename_flow'; readonly name: string }
  | { readonly type: 'describe_flow'; readonly description: string }
  | {
      readonly type: 'insert_steps';
      readonly steps: readonly Step[];
      readonly lines: FlowDocument['lines'];
      /** The outlet that will lead to the first of the steps. */
      readonly at: Place | null;
      /** The way out that goes on to where the outlet led before. */
      readonly onward: Place | null;
    }
  | {
      readonly type: 'delete_steps';
      readonly ids: readonly string[];
      /** Ways out in declared order of the steps to delete: the first connected one heals the gap. */
      readonly outlets: Readonly<Record<string, readonly string[]>>;
    }
  | {
      readonly type: 'set_config';
      readonly id: string;
      readonly config: Step['config'];
      /** The ways out under the new config; lines from others go. Null where the config does not say yet. */
      readonly outlets: readonly string[] | null;
    }
  | { readonly type: 'name_step'; readonly id: string; readonly name: string }
  | { readonly type: 'connect'; readonly from: string; readonly outlet: string; readonly to: string }
  | { readonly type: 'disconnect'; readonly from: string; readonly outlet: string }
  | { readonly type: 'replace'; readonly document: FlowDocument };

/** A flow after an edit, and what the edit changed. */
export type Edited = { readonly document: FlowDocument; readonly changes: readonly Change[] };

/** Applies a command; its changes the other way round bring the document back exactly. */
export function execute(document: FlowDocument, command: Command): Edited {
  const next = produce(document, (draft) => apply(draft, command));
  return { document: next, changes: changesBetween(document, next) };
}

function apply(draft: FlowDocument, command: Command): void {
  switch (command.type) {
    case 'rename_flow':
      draft.name = command.name;
      return;
    case 'describe_flow':
      draft.description = command.description;
      return;
    case 'insert_steps':
      insertSteps(draft, command);
      return;
    case 'delete_steps':
      deleteSteps(draft, command.ids, command.outlets);
      return;
    case 'set_config':
      setConfig(draft, command);
      return;
    case 'name_step': {
      const step = draft.steps[command.id];
      if (step === undefined) return;
      if (command.name === '') delete step.name;
      else step.name = command.name;
      return;
    }
    case 'connect':
      if (draft.steps[command.from] === undefined || draft.steps[command.to] === undefined) return;
      setLine(draft, command.from, command.outlet, command.to);
      return;
    case 'disconnect':
      dropLine(draft, command.from, command.outlet);
      return;
    case 'replace':
      draft.name = command.document.name;
      draft.description = command.document.description;
      draft.order = command.document.order;
      draft.steps = command.document.steps;
      draft.lines = command.document.lines;
      return;
  }
}

function setLine(draft: FlowDocument, from: string, outlet: string, to: string): void {
  const lines = draft.lines[from];
  if (lines === undefined) draft.lines[from] = recordOf([[outlet, to]]);
  else lines[outlet] = to;
}

function dropLine(draft: FlowDocument, from: string, outlet: string): void {
  const lines = draft.lines[from];
  if (lines?.[outlet] === undefined) return;
  delete lines[outlet];
  if (Object.keys(lines).length === 0) delete draft.lines[from];
}

function insertSteps(draft: FlowDocument, command: Extract<Command, { type: 'insert_steps' }>): void {
  const fresh = command.steps.filter((step) => draft.steps[step.id] === undefined);
  const at = command.at;
  const place = at === null ? -1 : draft.order.indexOf(at.from);
  draft.order.splice(place === -1 ? draft.order.length : place + 1, 0, ...fresh.map((step) => step.id));
  for (const step of fresh) draft.steps[step.id] = step;
  for (const [from, lines] of Object.entries(command.lines)) {
    for (const [outlet, to] of Object.entries(lines)) {
      if (draft.steps[from] !== undefined && draft.steps[to] !== undefined) setLine(draft, from, outlet, to);
    }
  }
  const first = fresh[0];
  if (at === null || first === undefined || draft.steps[at.from] === undefined) return;
  const before = draft.lines[at.from]?.[at.outlet];
  setLine(draft, at.from, at.outlet, first.id);
  const onward = command.onward;
  if (before !== undefined && onward !== null && draft.steps[onward.from] !== undefined) {
    setLine(draft, onward.from, onward.outlet, before);
  }
}

function deleteSteps(
  draft: FlowDocument,
  ids: readonly string[],
  outlets: Readonly<Record<string, readonly string[]>>,
): void {
  const gone = new Set(ids.filter((id) => draft.steps[id] !== undefined));
  /** Where people who would have come to a deleted step go instead. */
  const through = (id: string, from: string): string | null => {
    const seen = new Set<string>();
    let at: string | undefined = id;
    while (at !== undefined && gone.has(at) && !seen.has(at)) {
      seen.add(at);
      const lines: Record<string, string> = draft.lines[at] ?? recordOf([]);
      const declared: readonly string[] = Object.hasOwn(outlets, at) ? (outlets[at] ?? []) : Object.keys(lines);
      const outlet: string | undefined = declared.find((each) => lines[each] !== undefined);
      at = outlet === undefined ? undefined : lines[outlet];
    }
    return at === undefined || gone.has(at) || at === from ? null : at;
  };
  for (const from of draft.order) {
    if (gone.has(from)) continue;
    for (const [outlet, to] of Object.entries(draft.lines[from] ?? {})) {
      if (!gone.has(to)) continue;
      const next = through(to, from);
      if (next === null) dropLine(draft, from, outlet);
      else setLine(draft, from, outlet, next);
    }
  }
  for (const id of gone) {
    delete draft.steps[id];
    delete draft.lines[id];
  }
  draft.order = draft.order.filter((id) => !gone.has(id));
}

function setConfig(draft: FlowDocument, command: Extract<Command, { type: 'set_config' }>): void {
  const step = draft.steps[command.id];
  if (step === undefined) return;
  step.config = command.config;
  if (command.outlets === null) return;
  for (const outlet of Object.keys(draft.lines[command.id] ?? {})) {
    if (!command.outlets.includes(outlet)) dropLine(draft, command.id, outlet);
  }
}
