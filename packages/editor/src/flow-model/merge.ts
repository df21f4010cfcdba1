import { emptyRecord } from '../lib/record.ts';
import { type FlowDocument, stableJson } from './document.ts';

/** Two people changed the same thing differently; `what` names it: a step's id, `name` or `description`. */
export type MergeConflict = { readonly what: string };

export type MergeResult = { readonly document: FlowDocument; readonly conflicts: readonly MergeConflict[] };

const same = (a: unknown, b: unknown): boolean => stableJson(a ?? null) === stableJson(b ?? null);

/**
 * Three-way merge by step: what only one side changed is taken from that side, silently. Where both changed the same step
 * or the same way out, ours stays in the result and the place is named as a conflict.
 */
export function mergeDocuments(base: FlowDocument, ours: FlowDocument, theirs: FlowDocument): MergeResult {
  const conflicts = new Map<string, MergeConflict>();
  function pick<T>(what: string, before: T, mine: T, other: T): T {
    if (same(mine, other) || same(other, before)) return mine;
    if (same(mine, before)) return other;
    conflicts.set(what, { what });
    return mine;
  }

  const ids = new Set([...Object.keys(base.steps), ...Object.keys(ours.steps), ...Object.keys(theirs.steps)]);
  const steps: FlowDocument['steps'] = emptyRecord();
  for (const id of ids) {
    const step = pick(id, base.steps[id], ours.steps[id], theirs.steps[id]);
    if (step !== undefined) steps[id] = step;
  }

  const deleted = new Set([...ids].filter((id) => base.steps[id] && steps[id] && theirs.steps[id] === undefined));
  const lines: FlowDocument['lines'] = emptyRecord();
  for (const from of ids) {
    if (steps[from] === undefined) continue;
    const none = emptyRecord<string>();
    const [before, mine, other] = [base.lines[from] ?? none, ours.lines[from] ?? none, theirs.lines[from] ?? none];
    const merged = emptyRecord<string>();
    for (const outlet of new Set([...Object.keys(before), ...Object.keys(mine), ...Object.keys(other)])) {
      // A step that stays because it was changed here keeps its place, too: its lines are no longer in theirs.
      const goes = deleted.has(from) || deleted.has(mine[outlet] ?? '');
      const kept = goes && (other[outlet] === undefined || base.steps[other[outlet]] !== undefined);
      const to = kept ? mine[outlet] : pick(from, before[outlet], mine[outlet], other[outlet]);
      if (to !== undefined && steps[to] !== undefined) merged[outlet] = to;
    }
    if (Object.keys(merged).length > 0) lines[from] = merged;
  }

  const order = [...ours.order, ...theirs.order.filter((id) => !ours.order.includes(id))].filter(
    (id) => steps[id] !== undefined,
  );
  return {
    document: {
      name: pick('name', base.name, ours.name, theirs.name),
      description: pick('description', base.description, ours.description, theirs.description),
      order,
      steps,
      lines,
    },
    conflicts: [...conflicts.values()],
  };
}

/** Whether two documents say the same; the order of steps counts. Parts that both share cost nothing to compare. */
export function sameDocument(a: FlowDocument, b: FlowDocument): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.description === b.description &&
      (a.order === b.order || same(a.order, b.order)) &&
      sameEntries(a.steps, b.steps) &&
      sameEntries(a.lines, b.lines))
  );
}

function sameEntries(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && (a[key] === b[key] || same(a[key], b[key])));
}
