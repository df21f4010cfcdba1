import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { stepKey, stepOfKey } from '../flow-model/ui-store.ts';
import { focusWhenDrawn } from '../lib/focus-when-drawn.ts';
import { useFlow, useFlowUi, useOpenFlow } from './flow-context.tsx';
import { cardHeight, cardWidth, type Layout } from './layout.ts';
import { motion } from './motion.ts';
import { movedIntoView, paletteRoom, type View, wholeView } from './views.ts';
import { spotsOf } from './walk.ts';

const belowCard = 70;
const aroundPlus = 40;

/** What moves the canvas: bringing a spot into sight and all of it. `began` is told before anything moves. */
export function useCamera(layout: Layout, frame: RefObject<HTMLElement | null>, began: () => void) {
  const { store, ui } = useOpenFlow();
  const flow = useReactFlow();

  const covered = useCallback(
    (width: number): number =>
      width >= 760 && ui.getState().paletteOpen && !store.getState().readOnly ? paletteRoom : 0,
    [ui, store],
  );
  const moveTo = useCallback(
    (view: View | null) => {
      if (view === null) return;
      began();
      void flow.setViewport(view, { duration: motion(160) });
    },
    [flow, began],
  );

  /** Moves the canvas just so far that a card or a "+" is in sight. */
  const bring = useCallback(
    (key: string) => {
      const spot = spotsOf(layout).find((each) => each.key === key);
      const box = frame.current?.getBoundingClientRect();
      if (spot === undefined || box === undefined) return;
      const card = layout.cards.get(stepOfKey(key) ?? '');
      const area =
        card === undefined
          ? { x: spot.x - aroundPlus, y: spot.y - aroundPlus, width: 2 * aroundPlus, height: 2 * aroundPlus }
          : { ...card, width: cardWidth, height: cardHeight + belowCard };
      moveTo(movedIntoView(area, flow.getViewport(), box, covered(box.width)));
    },
    [layout, frame, flow, covered, moveTo],
  );

  const showAll = useCallback(() => {
    const box = frame.current?.getBoundingClientRect();
    const [chosen] = store.getState().selection;
    if (box !== undefined) moveTo(wholeView(layout, box, covered(box.width), chosen ?? null));
  }, [layout, frame, store, covered, moveTo]);

  const focusOn = useCallback(
    (key: string) => {
      ui.getState().set({ focusKey: key });
      bring(key);
      focusWhenDrawn(() => frame.current?.querySelector(`[data-focus-key="${CSS.escape(key)}"]`) ?? null);
    },
    [ui, frame, bring],
  );

  useChosenInSight(layout, frame, bring);
  return { showAll, focusOn };
}

/**
 * A step that was just added or chosen elsewhere comes into view, also when a panel beside it takes its place. It does so in the moment
 * in which it is drawn: whoever aims at something afterwards finds it where it was seen. Several that are chosen on the canvas are in
 * sight already, and nothing moves under a frame that is being drawn.
 */
function useChosenInSight(layout: Layout, frame: RefObject<HTMLElement | null>, bring: (key: string) => void): void {
  const { ui } = useOpenFlow();
  const selection = useFlow((state) => state.selection);
  const framing = useFlowUi((state) => state.framing);
  const drawn = useRef<ReadonlySet<string>>(new Set());
  const [first] = selection;
  const isNew = first !== undefined && !drawn.current.has(first);
  const chosen = first !== undefined && !framing && (selection.length === 1 || isNew) ? first : null;
  useLayoutEffect(() => {
    if (chosen === null || frame.current === null) return;
    const key = stepKey(chosen);
    ui.getState().set({ focusKey: key });
    bring(key);
    const observer = new ResizeObserver(() => bring(key));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [chosen, bring, frame, ui]);
  useEffect(() => {
    drawn.current = new Set(layout.cards.keys());
  }, [layout]);
}
