import type { Step } from '@signalbox/nodes/flow/graph';
import { announce } from '../lib/announce.ts';
import { emptyRecord, recordOf } from '../lib/record.ts';
import { t } from '../lib/translate.ts';
import type { Place } from './document.ts';
import type { FlowStore } from './flow-state.ts';
import { newStep, newSuffix, outletsOf, settledOutlets, viewOf } from './library.ts';

const titleOf = (step: Step): string => viewOf(step).called;

function places(step: Step, at: Place | null) {
  const first = outletsOf(step)[0];
  return { at, onward: at === null || first === undefined ? null : { from: step.id, outlet: first.id } };
}

/** Puts a new step of a type at a place, or on its own; a first trigger leads to the step that nothing leads to. Returns its id. */
export function addStep(
  store: FlowStore,
  type: string,
  at: Place | null,
  preset: Partial<Step['config']> = {},
): string {
  const step = newStep(type, newSuffix());
  Object.assign(step.config, preset);
  const view = viewOf(step);
  const lines = emptyRecord<Record<string, string>>();
  const first = view.outlets[0];
  if (view.isTrigger && first !== undefined) {
    const start = firstUnreached(store) ?? firstAfterTrigger(store);
    if (start !== null) lines[step.id] = { [first.id]: start };
  }
  const where = view.isTrigger ? null : at;
  store
    .getState()
    .dispatch(
      { type: 'insert_steps', steps: [step], lines, ...places(step, where) },
      { label: t('edit.added', { step: view.title }) },
    );
  store.getState().select([step.id]);
  announce(t('edit.added', { step: view.title }));
  return step.id;
}

function firstUnreached(store: FlowStore): string | null {
  const { document } = store.getState();
  const reached = new Set(Object.values(document.lines).flatMap((lines) => Object.values(lines)));
  return document.order.find((id) => !reached.has(id) && !isTrigger(document.steps[id])) ?? null;
}

function firstAfterTrigger(store: FlowStore): string | null {
  const { document } = store.getState();
  const trigger = document.order.find((id) => isTrigger(document.steps[id]));
  return trigger === undefined ? null : (Object.values(document.lines[trigger] ?? {})[0] ?? null);
}

function isTrigger(step: Step | undefined): boolean {
  return step !== undefined && viewOf(step).isTrigger;
}

/** Removes steps; the lines around each gap are joined. */
export function deleteSteps(store: FlowStore, ids: readonly string[]): void {
  const { document, dispatch } = store.getState();
  const steps = ids.flatMap((id) => document.steps[id] ?? []);
  const [only] = steps;
  if (only === undefined) return;
  const label =
    steps.length === 1 ? t('edit.deleted', { step: titleOf(only) }) : t('edit.deleted_many', { n: steps.length });
  dispatch(
    {
      type: 'delete_steps',
      ids,
      outlets: recordOf(steps.map((step) => [step.id, outletsOf(step).map((outlet) => outlet.id)])),
    },
    { label },
  );
  announce(label);
}

/** Changes a step's settings; a burst at the same field is one entry of the undo list. */
export function setConfig(store: FlowStore, id: string, config: Step['config'], field: string): void {
  const step = store.getState().document.steps[id];
  if (step === undefined) return;
  store
    .getState()
    .dispatch(
      { type: 'set_config', id, config, outlets: settledOutlets({ ...step, config }) },
      { label: t('edit.changed', { step: titleOf(step) }), mergeKey: `config:${id}:${field}` },
    );
}

/** Gives a step a name of its own; empty takes it away. */
export function nameStep(store: FlowStore, id: string, name: string): void {
  store.getState().dispatch({ type: 'name_step', id, name }, { label: t('edit.named'), mergeKey: `name:${id}` });
}

/** Leads an outlet to a step. */
export function connect(store: FlowStore, place: Place, to: string): void {
  const { document, dispatch } = store.getState();
  const target = document.steps[to];
  if (target === undefined || isTrigger(target)) return;
  const label = t('edit.connected', { step: titleOf(target) });
  dispatch({ type: 'connect', ...place, to }, { label });
  announce(label);
}

/** Takes the line from an outlet away. */
export function disconnect(store: FlowStore, place: Place): void {
  store.getState().dispatch({ type: 'disconnect', ...place }, { label: t('edit.disconnected') });
}

type Clip = { readonly steps: readonly Step[]; readonly lines: Record<string, Record<string, string>> };

/** The chosen steps with the lines among them, in stored order. */
export function clipOf(store: FlowStore, ids: readonly string[]): Clip {
  const { document } = store.getState();
  const chosen = new Set(ids);
  const steps = document.order.filter((id) => chosen.has(id)).flatMap((id) => document.steps[id] ?? []);
  const lines: Clip['lines'] = emptyRecord();
  for (const step of steps) {
    const inside = Object.entries(document.lines[step.id] ?? {}).filter(([, to]) => chosen.has(to));
    if (inside.length > 0) lines[step.id] = recordOf(inside);
  }
  return { steps, lines };
}

/** Puts copies of steps in under new ids, after `at` where given. Returns the new ids. */
export function insertClip(store: FlowStore, clip: Clip, at: Place | null, label: string): string[] {
  const ids = new Map(clip.steps.map((step) => [step.id, `${step.type.replaceAll('-', '_')}_${newSuffix()}`]));
  const steps = clip.steps.map((step) => ({ ...step, id: ids.get(step.id) ?? step.id }));
  const lines: Clip['lines'] = emptyRecord();
  for (const [from, outlets] of Object.entries(clip.lines)) {
    const id = ids.get(from);
    if (id === undefined) continue;
    lines[id] = Object.fromEntries(
      Object.entries(outlets).flatMap(([outlet, to]) => (ids.has(to) ? [[outlet, ids.get(to) ?? to]] : [])),
    );
  }
  const first = steps[0];
  if (first === undefined) return [];
  const place = isTrigger(first) ? null : at;
  let last = first;
  for (let next = mainTarget(last, lines, steps); next !== null; next = mainTarget(last, lines, steps)) last = next;
  const exit = outletsOf(last)[0];
  store.getState().dispatch(
    {
      type: 'insert_steps',
      steps,
      lines,
      at: place,
      onward: place === null || exit === undefined ? null : { from: last.id, outlet: exit.id },
    },
    { label },
  );
  const added = steps.map((step) => step.id);
  store.getState().select(added);
  announce(label);
  return added;
}

function mainTarget(step: Step, lines: Clip['lines'], steps: readonly Step[]): Step | null {
  const outlet = outletsOf(step)[0];
  const to = outlet === undefined ? undefined : lines[step.id]?.[outlet.id];
  return steps.find((each) => each.id === to) ?? null;
}

/** Copies of steps right behind the last of them. Returns the new ids. */
export function duplicateSteps(store: FlowStore, ids: readonly string[]): string[] {
  const clip = clipOf(store, ids);
  const last = clip.steps.at(-1);
  if (last === undefined) return [];
  const outlet = outletsOf(last)[0];
  const at = outlet === undefined ? null : { from: last.id, outlet: outlet.id };
  return insertClip(store, clip, at, t('edit.duplicated', { n: clip.steps.length }));
}

/** Right after a step, by its first way out; where a step has none, right before it. */
export function placeAfter(store: FlowStore, id: string): Place | null {
  const { steps, lines } = store.getState().document;
  const step = steps[id];
  const outlet = step === undefined ? undefined : outletsOf(step)[0];
  if (outlet !== undefined) return { from: id, outlet: outlet.id };
  for (const [from, own] of Object.entries(lines)) {
    const before = Object.entries(own).find(([, to]) => to === id);
    if (before !== undefined) return { from, outlet: before[0] };
  }
  return null;
}

/** The end of the main line: where a step goes that is added without a place. */
export function endOfLine(store: FlowStore, from: string | null): Place | null {
  const { document } = store.getState();
  let step = from === null ? undefined : document.steps[from];
  step ??= document.order.flatMap((id) => document.steps[id] ?? [])[0];
  const seen = new Set<string>();
  while (step !== undefined && !seen.has(step.id)) {
    seen.add(step.id);
    const outlet = outletsOf(step)[0];
    if (outlet === undefined) return null;
    const to = document.lines[step.id]?.[outlet.id];
    if (to === undefined) return { from: step.id, outlet: outlet.id };
    step = document.steps[to];
  }
  return null;
}
