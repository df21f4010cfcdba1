import type { Step } from '@signalbox/nodes/flow/graph';
import { emptyRecord } from '../lib/record.ts';
import { type FlowDocument, stableJson } from './document.ts';

/** A step and the one behind which it stands in stored order. */
type Placed = { readonly step: Step; readonly behind: string | null };
type FieldValue = { readonly value: Step['config'][string] } | null;

/** What became of one place of a flow: a field of a step, a line, a step as a whole. Plain data, so that it can be kept. */
export type Change =
  | { readonly at: 'name' | 'description'; readonly before: string; readonly after: string }
  | { readonly at: 'step'; readonly id: string; readonly before: Placed | null; readonly after: Placed | null }
  | {
      readonly at: 'config';
      readonly id: string;
      readonly field: string;
      readonly before: FieldValue;
      readonly after: FieldValue;
    }
  | { readonly at: 'title'; readonly id: string; readonly before: string | null; readonly after: string | null }
  | {
      readonly at: 'line';
      readonly from: string;
      readonly outlet: string;
      readonly before: string | null;
      readonly after: string | null;
    };

/** Whether two values say the same; nothing and null are alike. */
export const same = (a: unknown, b: unknown): boolean => a === b || stableJson(a ?? null) === stableJson(b ?? null);

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
    const [before, after] = [fieldValue(old, field), fieldValue(now, field)];
    if (!same(before, after)) changes.push({ at: 'config', id, field, before, after });
  }
  return changes;
}

/** What a step holds in a field. */
export function fieldValue(step: Step, field: string): FieldValue {
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

/** The changes at places that others touch as well, with the lines around steps that are there on one side alone. */
export function changesAt(changes: readonly Change[], others: readonly Change[]): Change[] {
  const places = new Set(others.map(placeOf));
  const touched = new Set(others.flatMap((other) => ('id' in other ? [other.id] : [])));
  const whole = new Set(
    [...changes, ...others].flatMap((each) => (each.at === 'step' && touched.has(each.id) ? [each.id] : [])),
  );
  return changes.filter((change) => {
    if (places.has(placeOf(change))) return true;
    if ('id' in change) return whole.has(change.id);
    return (
      change.at === 'line' && [change.from, change.before, change.after].some((id) => id !== null && whole.has(id))
    );
  });
}

function placeOf(change: Change): string {
  switch (change.at) {
    case 'config':
      return stableJson([change.at, change.id, change.field]);
    case 'line':
      return stableJson([change.at, change.from, change.outlet]);
    case 'step':
    case 'title':
      return stableJson([change.at, change.id]);
    default:
      return change.at;
  }
}
