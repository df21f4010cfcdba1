import type { Step } from '@signalbox/nodes/flow/graph';
import { emptyRecord, recordOf } from '../lib/record.ts';
import { type FlowDocument, stableJson } from './document.ts';

/** A step and the one behind which it stands in stored order. */
type Placed = { readonly step: Step; readonly behind: string | null };
type Held = { readonly value: Step['config'][string] } | null;

/** What became of one place of a flow: a field of a step, a line, a step as a whole. Plain data, so that it can be kept. */
export type Change =
  | { readonly at: 'name' | 'description'; readonly before: string; readonly after: string }
  | { readonly at: 'step'; readonly id: string; readonly before: Placed | null; readonly after: Placed | null }
  | { readonly at: 'config'; readonly id: string; readonly field: string; readonly before: Held; readonly after: Held }
  | { readonly at: 'title'; readonly id: string; readonly before: string | null; readonly after: string | null }
  | {
      readonly at: 'line';
      readonly from: string;
      readonly outlet: string;
      readonly before: string | null;
      readonly after: string | null;
    };

const same = (a: unknown, b: unknown): boolean => a === b || stableJson(a ?? null) === stableJson(b ?? null);

/** What differs between two states of a flow, place by place. */
export function changesBetween(before: FlowDocument, after: FlowDocument): Change[] {
  const changes: Change[] = [];
  for (const at of ['name', 'description'] as const)
    if (before[at] !== after[at]) changes.push({ at, before: before[at], after: after[at] });
  const placed = (document: FlowDocument, id: string): Placed | null => {
    const step = document.steps[id];
    return step === undefined ? null : { step, behind: document.order[document.order.indexOf(id) - 1] ?? null };
  };
  for (const id of new Set([...after.order, ...before.order])) {
    const [old, now] = [before.steps[id], after.steps[id]];
    if (old === now) continue;
    if (old === undefined || now === undefined || old.type !== now.type || old.version !== now.version)
      changes.push({ at: 'step', id, before: placed(before, id), after: placed(after, id) });
    else changes.push(...changesOfStep(old, now));
  }
  for (const from of new Set([...Object.keys(before.lines), ...Object.keys(after.lines)])) {
    const [old, now] = [before.lines[from] ?? emptyRecord<string>(), after.lines[from] ?? emptyRecord<string>()];
    if (old === now) continue;
    for (const outlet of new Set([...Object.keys(old), ...Object.keys(now)]))
      if (own(old, outlet) !== own(now, outlet))
        changes.push({ at: 'line', from, outlet, before: own(old, outlet), after: own(now, outlet) });
  }
  return changes;
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | null =>
  Object.hasOwn(record, key) ? (record[key] ?? null) : null;

function changesOfStep(old: Step, now: Step): Change[] {
  const { id } = old;
  const changes: Change[] = [];
  if (old.name !== now.name) changes.push({ at: 'title', id, before: old.name ?? null, after: now.name ?? null });
  for (const field of new Set([...Object.keys(old.config), ...Object.keys(now.config)])) {
    const [before, after] = [held(old, field), held(now, field)];
    if (!same(before, after)) changes.push({ at: 'config', id, field, before, after });
  }
  return changes;
}

function held(step: Step, field: string): Held {
  const value = Object.hasOwn(step.config, field) ? step.config[field] : undefined;
  return value === undefined ? null : { value };
}

/** The same changes the other way round. */
export function reversed(changes: readonly Change[]): Change[] {
  return changes.map((change): Change => {
    switch (change.at) {
      case 'step':
        return { ...change, before: change.after, after: change.before };
      case 'config':
        return { ...change, before: change.after, after: change.before };
      case 'name':
      case 'description':
        return { ...change, before: change.after, after: change.before };
      default:
        return { ...change, before: change.after, after: change.before };
    }
  });
}

/**
 * Makes changes where a place still is as it was before them. What somebody else has made of a place meanwhile stays: nobody
 * takes back what another did. The document itself where nothing fits any more.
 */
export function applyChanges(document: FlowDocument, changes: readonly Change[]): FlowDocument {
  const fitting = changes.filter((change) => fits(document, change));
  if (fitting.length === 0) return document;
  const next: FlowDocument = {
    ...document,
    order: [...document.order],
    steps: recordOf(Object.entries(document.steps)),
    lines: recordOf(Object.entries(document.lines)),
  };
  // Steps come before what is set in them and leads to them, and go after it; those that come, in stored order.
  const phase = (change: Change): number =>
    change.at === 'step' ? (change.after === null ? 3 : 0) : change.at === 'line' ? 2 : 1;
  for (const change of fitting.toSorted((a, b) => phase(a) - phase(b))) apply(next, change);
  for (const [from, lines] of Object.entries(next.lines)) {
    const kept = Object.entries(lines).filter(([, to]) => next.steps[to] !== undefined);
    if (next.steps[from] === undefined || kept.length === 0) delete next.lines[from];
    else if (kept.length < Object.keys(lines).length) next.lines[from] = recordOf(kept);
  }
  return next;
}

function fits(document: FlowDocument, change: Change): boolean {
  switch (change.at) {
    case 'name':
    case 'description':
      return document[change.at] === change.before;
    case 'step':
      return same(document.steps[change.id], change.before?.step);
    case 'config': {
      const step = document.steps[change.id];
      return step !== undefined && same(held(step, change.field), change.before);
    }
    case 'title': {
      const step = document.steps[change.id];
      return step !== undefined && (step.name ?? null) === change.before;
    }
    case 'line':
      return (document.lines[change.from]?.[change.outlet] ?? null) === change.before;
  }
}

/** Makes one change in a document that is a copy down to its records. */
function apply(next: FlowDocument, change: Change): void {
  switch (change.at) {
    case 'name':
    case 'description':
      next[change.at] = change.after;
      return;
    case 'step':
      if (change.after === null) {
        delete next.steps[change.id];
        next.order = next.order.filter((id) => id !== change.id);
        return;
      }
      if (next.steps[change.id] === undefined)
        next.order.splice(change.after.behind === null ? 0 : next.order.indexOf(change.after.behind) + 1, 0, change.id);
      next.steps[change.id] = change.after.step;
      return;
    case 'config': {
      const step = next.steps[change.id];
      if (step === undefined) return;
      const { [change.field]: _old, ...rest } = step.config;
      next.steps[change.id] = {
        ...step,
        config: change.after === null ? rest : { ...step.config, [change.field]: change.after.value },
      };
      return;
    }
    case 'title': {
      const step = next.steps[change.id];
      if (step === undefined) return;
      const { name: _old, ...unnamed } = step;
      next.steps[change.id] = change.after === null ? unnamed : { ...unnamed, name: change.after };
      return;
    }
    case 'line': {
      const lines = recordOf(Object.entries(next.lines[change.from] ?? {}));
      if (change.after === null) delete lines[change.outlet];
      else lines[change.outlet] = change.after;
      next.lines[change.from] = lines;
      return;
    }
  }
}

/** Whether both are about the same place alone, so that a burst of letters is one change. */
export function followsOn(first: readonly Change[], then: readonly Change[]): Change | null {
  const [old, now] = [first[0], then[0]];
  if (first.length !== 1 || then.length !== 1 || old === undefined || now === undefined) return null;
  if (old.at === 'config' && now.at === 'config' && old.id === now.id && old.field === now.field)
    return { ...now, before: old.before };
  if (old.at === 'title' && now.at === 'title' && old.id === now.id) return { ...now, before: old.before };
  if ((old.at === 'name' || old.at === 'description') && old.at === now.at) return { ...now, before: old.before };
  return null;
}
