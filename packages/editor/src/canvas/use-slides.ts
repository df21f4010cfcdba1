import { useReactFlow, type Viewport } from '@xyflow/react';
import { type PointerEvent, type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { anchorOf, lineKey, outletKey, placeOfKey } from '../flow-model/ui-store.ts';
import { beginDrag } from './drag.ts';
import { useOpenFlow } from './flow-context.tsx';
import type { Layout } from './layout.ts';
import { createSlides, type Places } from './slides.ts';

/** Where each "+" comes to rest under a viewport; on lines, only beside the chosen steps, where they are always in sight. */
function placesOf(layout: Layout, { x, y, zoom }: Viewport, selection: readonly string[]): Places {
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  for (const line of layout.lines) {
    const beside = selection.includes(line.from) || (line.to !== null && selection.includes(line.to));
    const key = line.kind === 'open' ? outletKey(line) : line.kind === 'line' && beside ? lineKey(line) : null;
    if (key !== null) places.set(key, { x: line.x * zoom + x, y: line.plusY * zoom + y });
  }
  return places;
}

/** What slides can be hit: a press on the way of a "+" that moves is a press on it. Tell `began` before the canvas moves. */
export function useSlides(layout: Layout, frame: RefObject<HTMLElement | null>) {
  const { store, ui } = useOpenFlow();
  const flow = useReactFlow();
  const [slides] = useState(createSlides);
  const drawn = useRef(layout);
  const placesNow = useCallback(
    (of: Layout) => placesOf(of, flow.getViewport(), store.getState().selection),
    [flow, store],
  );
  const began = useCallback(() => {
    slides.began(placesNow(drawn.current), performance.now());
    // Two frames on, the first is painted; on a slow machine that is long after it was decided.
    requestAnimationFrame(() => requestAnimationFrame((at) => slides.shown(at)));
  }, [slides, placesNow]);
  useLayoutEffect(() => {
    if (drawn.current !== layout) began();
    drawn.current = layout;
  }, [layout, began]);

  const press = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (event.button !== 0 || box === undefined || store.getState().readOnly) return;
    if (!(event.target instanceof Element) || event.target.closest('button, [data-focus-key]') !== null) return;
    const at = { x: event.clientX - box.x, y: event.clientY - box.y };
    // When it was pressed, not when the page came round to it.
    const key = slides.hit(at, placesNow(layout), event.timeStamp);
    const place = key === null ? null : placeOfKey(key);
    if (key === null || place === null) return;
    event.stopPropagation();
    const pressed = frame.current?.querySelector(`[data-drop="${CSS.escape(key)}"]`) ?? event.target;
    beginDrag(event.nativeEvent, { kind: 'outlet', place }, { store, ui }, () =>
      ui.getState().set({ picker: { kind: 'add', place, anchor: anchorOf(pressed) } }),
    );
  };
  return { began, press };
}
