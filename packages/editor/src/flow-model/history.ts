import { applyPatches, type Patch } from 'immer';
import type { Change } from './commands.ts';
import type { FlowDocument } from './document.ts';

/** One entry of the undo list: what it was called and how to go there and back. */
export type HistoryEntry = {
  readonly label: string;
  readonly mergeKey: string | null;
  readonly patches: readonly Patch[];
  readonly inverse: readonly Patch[];
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
  change: Change,
  entry: { readonly label: string; readonly mergeKey?: string | undefined; readonly at: number },
): History {
  if (change.patches.length === 0) return history;
  const mergeKey = entry.mergeKey ?? null;
  const last = history.past.at(-1);
  if (last !== undefined && mergeKey !== null && last.mergeKey === mergeKey && entry.at - last.at <= mergeWithin) {
    const merged: HistoryEntry = {
      label: entry.label,
      mergeKey,
      patches: [...last.patches, ...change.patches],
      inverse: [...change.inverse, ...last.inverse],
      at: entry.at,
    };
    return { past: [...history.past.slice(0, -1), merged], future: [] };
  }
  const added: HistoryEntry = {
    label: entry.label,
    mergeKey,
    patches: change.patches,
    inverse: change.inverse,
    at: entry.at,
  };
  return { past: [...history.past, added].slice(-longest), future: [] };
}

type Moved = { readonly document: FlowDocument; readonly history: History; readonly label: string };

/** Takes the last entry back; null where there is none. */
export function undo(document: FlowDocument, history: History): Moved | null {
  const entry = history.past.at(-1);
  if (entry === undefined) return null;
  return {
    document: applyPatches(document, entry.inverse),
    history: { past: history.past.slice(0, -1), future: [...history.future, { ...entry, mergeKey: null }] },
    label: entry.label,
  };
}

/** Does the entry last taken back again; null where there is none. */
export function redo(document: FlowDocument, history: History): Moved | null {
  const entry = history.future.at(-1);
  if (entry === undefined) return null;
  return {
    document: applyPatches(document, entry.patches),
    history: { past: [...history.past, { ...entry, mergeKey: null }], future: history.future.slice(0, -1) },
    label: entry.label,
  };
}
