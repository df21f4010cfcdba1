import { addStep, connect } from '../flow-model/edit.ts';
import { nodeGroupOf } from '../flow-model/library.ts';
import { type DragPayload, placeOfKey, stepOfKey } from '../flow-model/ui-store.ts';
import type { OpenFlow } from './flow-context.tsx';
import { chooseStep } from './focus.ts';

const threshold = 6;

/**
 * Follows the pointer from a palette entry or a "+": a node may be dropped on a "+" or a line, a way out on another card.
 * Below a few pixels it stays a click, or `onPress` where given: it also counts where what was pressed has slid away meanwhile.
 * Escape gives up.
 */
export function beginDrag(
  start: PointerEvent,
  payload: DragPayload,
  { store, ui }: OpenFlow,
  onPress?: () => void,
): void {
  if (start.button !== 0) return;
  let moving = false;

  const target = (event: PointerEvent): string | null => {
    const key =
      document.elementFromPoint(event.clientX, event.clientY)?.closest('[data-drop]')?.getAttribute('data-drop') ??
      null;
    return key !== null && accepts(payload, key) ? key : null;
  };
  const move = (event: PointerEvent) => {
    if (!moving && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < threshold) return;
    moving = true;
    event.preventDefault();
    ui.getState().set({
      drag: {
        payload,
        x: event.clientX,
        y: event.clientY,
        fromX: start.clientX,
        fromY: start.clientY,
        over: target(event),
      },
    });
  };
  const stop = () => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', drop);
    window.removeEventListener('pointercancel', stop);
    window.removeEventListener('keydown', giveUp, true);
    ui.getState().set({ drag: null });
  };
  const drop = (event: PointerEvent) => {
    const key = moving ? target(event) : null;
    stop();
    if (!moving) {
      if (onPress !== undefined) swallowClick();
      onPress?.();
      return;
    }
    swallowClick();
    if (key === null) return;
    const place = placeOfKey(key);
    if (payload.kind === 'node' && (place !== null || key === 'start'))
      chooseStep({ store, ui }, addStep(store, payload.type, place));
    const step = stepOfKey(key);
    if (payload.kind === 'outlet' && step !== null) connect(store, payload.place, step);
  };
  const giveUp = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    stop();
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', drop);
  window.addEventListener('pointercancel', stop);
  window.addEventListener('keydown', giveUp, true);
}

/** The click that ends a drag or a press is not a click on what lies below. */
function swallowClick(): void {
  const swallow = (click: MouseEvent) => {
    click.stopPropagation();
    click.preventDefault();
  };
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0);
}

function accepts(payload: DragPayload, key: string): boolean {
  if (payload.kind === 'outlet') {
    const step = stepOfKey(key);
    return step !== null && step !== payload.place.from;
  }
  if (key === 'start') return true;
  return placeOfKey(key) !== null && nodeGroupOf(payload.type) !== 'trigger';
}
