import { applyChanges } from './apply-changes.ts';
import { type Change, followsOn, reversed } from './changes.ts';
import type { FlowDocument } from './document.ts';

/** One entry of the undo list: what it was called, and what it changed, in the order in which it came. Plain data: it outlives a reload. */
export type HistoryEntry = {
  readonly label: string;
  readonly mergeKey: string | null;
  readonly changes: ReadonlyArray<readonly Change[]>;
  /** Milliseconds. */
  readonly at: number;
};

export type History = { readonly past: readonly HistoryEntry[]; readonly future: readonly HistoryEntry[] };

export const emptyHistory: History = { past: [], future: [] };

const mergeWithin = 1_500;
const longest = 200;

/** Adds a change; a burst with the same merge key becomes one entry, so undo takes back a phrase and not a letter. */
export function record(
  history: History,
  changes: readonly Change[],
  entry: { readonly label: string; readonly mergeKey?: string | undefined; readonly at: number },
): History {
  if (changes.length === 0) return history;
  const mergeKey = entry.mergeKey ?? null;
  const last = history.past.at(-1);
  if (last !== undefined && mergeKey !== null && last.mergeKey === mergeKey && entry.at - last.at <= mergeWithin) {
    const before = last.changes.at(-1) ?? [];
    const one = followsOn(before, changes);
    const merged = one === null ? [...last.changes, changes] : [...last.changes.slice(0, -1), [one]];
    return {
      past: [...history.past.slice(0, -1), { label: entry.label, mergeKey, changes: merged, at: entry.at }],
      future: [],
    };
  }
  const added: HistoryEntry = { label: entry.label, mergeKey, changes: [changes], at: entry.at };
  return { past: [...history.past, added].slice(-longest), future: [] };
}

type Moved = { readonly document: FlowDocument; readonly history: History; readonly label: string };

/** Takes the last entry back of which something is left to take back; null where there is none. */
export function undo(document: FlowDocument, history: History): Moved | null {
  for (let at = history.past.length - 1; at >= 0; at -= 1) {
    const entry = history.past[at];
    if (entry === undefined) return null;
    const next = entry.changes.toReversed().reduce((now, group) => applyChanges(now, reversed(group)), document);
    if (next === document) continue;
    const future = [...history.future, { ...entry, mergeKey: null }];
    return { document: next, history: { past: history.past.slice(0, at), future }, label: entry.label };
  }
  return null;
}

/** Does the entry last taken back again; null where there is none that still fits. */
export function redo(document: FlowDocument, history: History): Moved | null {
  for (let at = history.future.length - 1; at >= 0; at -= 1) {
    const entry = history.future[at];
    if (entry === undefined) return null;
    const next = entry.changes.reduce((now, group) => applyChanges(now, group), document);
    if (next === document) continue;
    const past = [...history.past, { ...entry, mergeKey: null }];
    return { document: next, history: { past, future: history.future.slice(0, at) }, label: entry.label };
  }
  return null;
}
