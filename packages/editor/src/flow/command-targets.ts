import type { OpenFlow } from '../canvas/flow-context.tsx';
import type { Place } from '../flow-model/document.ts';
import { endOfLine, placeAfter } from '../flow-model/edit.ts';
import { outletsOf } from '../flow-model/library.ts';
import { type Anchor, anchorOf, placeOfKey, stepOfKey } from '../flow-model/ui-store.ts';

/** The steps an action is about: the chosen ones, else the one with the focus. */
export function targets({ store, ui }: OpenFlow): readonly string[] {
  const { selection } = store.getState();
  if (selection.length > 0) return selection;
  const focused = stepOfKey(ui.getState().focusKey ?? '');
  return focused === null ? [] : [focused];
}

/** The place on the screen of what has the focus, or of what stands for it. */
export function here({ ui }: OpenFlow): Anchor {
  const key = ui.getState().focusKey ?? '';
  const element =
    document.querySelector(`[data-focus-key="${CSS.escape(key)}"]`) ?? document.activeElement ?? document.body;
  return anchorOf(element);
}

/** Opens the picker for what comes after the focused card or "+". */
export function pickAfter(open: OpenFlow, then: 'add' | 'go_to'): void {
  const { store, ui } = open;
  const key = ui.getState().focusKey ?? '';
  const anchor = here(open);
  const place = placeOfKey(key);
  if (place !== null) {
    ui.getState().set({ picker: { kind: then, place, anchor } });
    return;
  }
  const id = stepOfKey(key);
  const step = id === null ? undefined : store.getState().document.steps[id];
  const outlets = step === undefined ? [] : outletsOf(step);
  const [only] = outlets;
  if (step === undefined) ui.getState().set({ picker: { kind: 'add', place: null, anchor } });
  else if (outlets.length > 1) ui.getState().set({ picker: { kind: 'outlet', step: step.id, then, anchor } });
  else if (only !== undefined)
    ui.getState().set({ picker: { kind: then, place: { from: step.id, outlet: only.id }, anchor } });
}

/** Where pasted steps go: after the card or into the "+" with the focus, else after what is chosen, else to the end of the line. */
export function pastePlace({ store, ui }: OpenFlow): Place | null {
  const focused = document.activeElement?.closest('[data-focus-key]')?.getAttribute('data-focus-key') ?? '';
  const { selection } = store.getState();
  const last = ui.getState().reading.findLast((id) => selection.includes(id));
  const step = stepOfKey(focused) ?? last;
  return placeOfKey(focused) ?? (step === undefined ? endOfLine(store, null) : placeAfter(store, step));
}

/** Whether an element is a card or a row. */
export const isCard = (element: Element | null): boolean =>
  element?.getAttribute('data-focus-key')?.startsWith('step:') ?? false;
