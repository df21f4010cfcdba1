import type { KeyboardEvent } from 'react';
import { stepKey, stepOfKey } from '../flow-model/ui-store.ts';
import { useOpenFlow } from './flow-context.tsx';
import type { Layout } from './layout.ts';
import { toggleStep } from './select-steps.ts';
import { type Direction, walk } from './walk.ts';

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** Keys that walk from card to card and choose: arrows, Home, End, the space bar. */
export function useCanvasKeys(layout: Layout, focusOn: (key: string) => void) {
  const open = useOpenFlow();
  const { store, ui } = open;
  return (event: KeyboardEvent): void => {
    const { focusKey } = ui.getState();
    const { target, currentTarget } = event;
    if (focusKey === null || !(target instanceof HTMLElement)) return;
    const onSpot = target.closest('[data-focus-key]') !== null;
    if (!onSpot && target !== currentTarget) return;
    const direction = arrows[event.key];
    if (direction !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const next = onSpot ? walk(layout, focusKey, direction) : focusKey;
      if (next === null) return;
      focusOn(next);
      const step = stepOfKey(next);
      if (event.shiftKey && step !== null) store.getState().select([...new Set([...store.getState().selection, step])]);
      return;
    }
    const step = stepOfKey(focusKey);
    if (event.key === ' ' && step !== null && onSpot) {
      event.preventDefault();
      toggleStep(open, step);
    }
    if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      const id = event.key === 'Home' ? layout.reading[0] : layout.reading.at(-1);
      if (id !== undefined) focusOn(stepKey(id));
    }
  };
}
