import { useEffect } from 'react';
import { useOpenFlow } from '../canvas/flow-context.tsx';
import { focusOn } from '../canvas/focus.ts';
import { focusIsOnItsWay } from '../lib/focus-when-drawn.ts';

/**
 * Where what had the focus is taken away, by an undo, a colleague or a panel that closes, the focus goes to the card, row or "+" that Tab
 * reaches: it never falls to the page, where no key of the flow counts.
 */
export function useKeptFocus(): void {
  const { ui } = useOpenFlow();
  useEffect(() => {
    let last: Element | null = null;
    const seen = ({ target }: FocusEvent) => {
      // What lies in front of the page gives the focus back by itself.
      const inFront = target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
      last = target instanceof Element && !inFront ? target : null;
    };
    const drawn = new MutationObserver(() => {
      if (last === null || last.isConnected) return;
      if (document.activeElement !== document.body || focusIsOnItsWay()) return;
      last = null;
      focusOn(ui.getState().focusKey ?? '');
    });
    document.addEventListener('focusin', seen);
    drawn.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', seen);
      drawn.disconnect();
    };
  }, [ui]);
}
