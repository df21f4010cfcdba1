import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Place } from './document.ts';
import type { FlowAction } from './flow-actions.ts';
import type { FlowProblem } from './flow-problems.ts';

/** Where on the screen something opens beside. */
export type Anchor = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type PickerRequest =
  /** Choose a step to put there; `place` null begins a flow or a second trigger. */
  | { readonly kind: 'add'; readonly place: Place | null; readonly anchor: Anchor }
  /** Choose an existing step that the outlet will lead to. */
  | { readonly kind: 'go_to'; readonly place: Place; readonly anchor: Anchor }
  /** Choose one of several ways out, then go on to add or connect there. */
  | { readonly kind: 'outlet'; readonly step: string; readonly then: 'add' | 'go_to'; readonly anchor: Anchor };

export type DragPayload =
  | { readonly kind: 'node'; readonly type: string; readonly title: string }
  | { readonly kind: 'outlet'; readonly place: Place };

export type Drag = {
  readonly payload: DragPayload;
  readonly x: number;
  readonly y: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly over: string | null;
};

export type PeopleView = 'here' | 'moved_on';

export type UiState = {
  readonly picker: PickerRequest | null;
  readonly drag: Drag | null;
  /** While a frame is drawn around cards. */
  readonly framing: boolean;
  /** The one card or "+" that Tab reaches: `step:<id>` or `outlet:<step>:<outlet>`. */
  readonly focusKey: string | null;
  readonly problems: readonly FlowProblem[];
  readonly problemsByStep: ReadonlyMap<string, readonly FlowProblem[]>;
  /** Step ids in reading order. */
  readonly reading: readonly string[];
  readonly view: 'canvas' | 'outline';
  readonly paletteOpen: boolean;
  readonly problemsOpen: boolean;
  readonly publishOpen: boolean;
  readonly phoneOpen: boolean;
  /** What is to be done with the flow as a whole, and asks before. */
  readonly asking: FlowAction | null;
  /** The step whose people are listed. */
  readonly peopleOf: string | null;
  /** Which of them: those who are there, or those who went on. */
  readonly peopleView: PeopleView;
  set(next: Partial<Omit<UiState, 'set'>>): void;
};

export type UiStore = StoreApi<UiState>;

/** What the screen shows of one open flow, apart from the flow itself. */
export function createUiStore(initial: Partial<Omit<UiState, 'set'>>): UiStore {
  return createStore<UiState>()((set) => ({
    picker: null,
    drag: null,
    framing: false,
    focusKey: null,
    problems: [],
    problemsByStep: new Map(),
    reading: [],
    view: 'canvas',
    paletteOpen: false,
    problemsOpen: false,
    publishOpen: false,
    phoneOpen: false,
    asking: null,
    peopleOf: null,
    peopleView: 'here',
    ...initial,
    set: (next) => set(next),
  }));
}

export const stepKey = (id: string): string => `step:${id}`;
export const outletKey = (place: Place): string => `outlet:${place.from}:${place.outlet}`;
export const lineKey = (place: Place): string => `line:${place.from}:${place.outlet}`;

/** The place that an outlet's or line's key names; null for other keys. */
export function placeOfKey(key: string): Place | null {
  const match = /^(?:outlet|line):([^:]+):(.+)$/.exec(key);
  return match?.[1] === undefined || match[2] === undefined ? null : { from: match[1], outlet: match[2] };
}

/** The step that a card's key names; null for other keys. */
export function stepOfKey(key: string): string | null {
  return key.startsWith('step:') ? key.slice(5) : null;
}

/** An anchor at an element's place on the screen. */
export function anchorOf(element: Element): Anchor {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}
