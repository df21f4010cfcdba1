import type { Flow } from '@signalbox/engine/flows/contract';
import type { Problem } from '@signalbox/engine/http/contract';
import type { FlowGraph, Step } from '@signalbox/nodes/flow/graph';
import type { StoreApi } from 'zustand/vanilla';
import type { Command } from './commands.ts';
import type { FlowDocument } from './document.ts';
import type { History } from './history.ts';

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  /** The server cannot be reached; tried again by itself. */
  | { readonly kind: 'offline' }
  /** The server refused these edits. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Saved elsewhere in the same places; a person chooses. */
  | {
      readonly kind: 'conflict';
      readonly theirs: FlowDocument;
      readonly revision: number;
      readonly steps: readonly string[];
    };

/** A step as this tab saved it, and as somebody else wrote over it without having seen that. */
export type Overwritten = { readonly mine: Step; readonly theirs: Step };

export type SaveBody = { name?: string; description?: string; graph?: FlowGraph };
export type Unsaved = { readonly revision: number; readonly base: FlowDocument; readonly document: FlowDocument };

/** What the store needs of the world; times in milliseconds. */
export type FlowStorePorts = {
  readonly save: (
    body: SaveBody,
    revision: number,
  ) => Promise<
    | { readonly kind: 'saved'; readonly flow: Flow }
    | { readonly kind: 'stale'; readonly flow: Flow }
    | { readonly kind: 'offline' }
    | { readonly kind: 'refused'; readonly problem: Problem }
  >;
  readonly after: (milliseconds: number, run: () => void) => () => void;
  readonly now: () => number;
  /** Keeps edits that the server does not have yet over a reload; null forgets them. */
  readonly keep: (unsaved: Unsaved | null) => void;
  /** Keeps the undo list over a reload. */
  readonly keepHistory: (history: History) => void;
  readonly label: (key: 'merged' | 'reapplied' | 'other_taken') => string;
};

export type DispatchOptions = { readonly label: string; readonly mergeKey?: string };

export type FlowState = {
  readonly flowId: string;
  readonly readOnly: boolean;
  readonly document: FlowDocument;
  /** The document as the server has it. */
  readonly saved: FlowDocument;
  readonly revision: number;
  readonly history: History;
  readonly save: SaveState;
  /** What was lately saved here and written over elsewhere, until somebody has looked at it. */
  readonly overwritten: readonly Overwritten[];
  readonly selection: readonly string[];
  /** Every edit goes through here: named, undoable, saved. */
  dispatch(command: Command, options: DispatchOptions): void;
  undo(): string | null;
  redo(): string | null;
  select(ids: readonly string[]): void;
  /** Takes the flow as the server now has it. */
  receive(flow: Flow): void;
  /** Saves now; resolves to whether the server has everything. */
  flush(): Promise<boolean>;
  /** In a conflict: keep our edits over theirs. */
  reapply(): void;
  /** In a conflict: go on with the other version; undo brings ours back. */
  takeOther(): void;
  /** Puts the named steps back as this tab had saved them; null lets the others' stand. Either way nothing is overwritten any more. */
  settleOverwritten(label: string | null): void;
};

export type FlowStore = StoreApi<FlowState>;
