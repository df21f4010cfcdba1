import { flushSync } from 'react-dom';

/** Ends the wait for what is not drawn yet. */
let giveUp: () => void = () => {};
let waiting = false;

/** Whether the focus waits for something that is not drawn yet. */
export const focusIsOnItsWay = (): boolean => waiting;

function settle(find: () => Element | null, scroll: boolean): boolean {
  const element = find();
  if (!(element instanceof HTMLElement)) return false;
  element.focus({ preventScroll: true });
  const there = element === document.activeElement;
  if (there && scroll) element.scrollIntoView({ block: 'nearest' });
  return there;
}

/**
 * Waits for something, and says afterwards whether the focus may be moved for whoever asked for it: it may not once that person has
 * pressed or opened something else.
 */
export async function stillWaiting<T>(wanted: Promise<T>): Promise<{ readonly value: T; readonly free: boolean }> {
  const before = document.activeElement;
  let pressed = false;
  const press = () => {
    pressed = true;
  };
  document.addEventListener('pointerdown', press, { capture: true });
  try {
    const value = await wanted;
    const now = document.activeElement;
    const stayed = now === before || now === null || now === document.body;
    return { value, free: stayed && !pressed && !waiting };
  } finally {
    document.removeEventListener('pointerdown', press, { capture: true });
  }
}

/**
 * Moves the focus onto what `find` gives: in this moment where it can be drawn at once, so that the next key already meets it, else
 * as soon as it appears. A later wish replaces this one, and whatever a person presses or opens in between keeps the focus.
 * `scroll` brings it into sight as well; the canvas moves by itself.
 */
export function focusWhenDrawn(
  find: () => Element | null,
  { scroll = false }: { readonly scroll?: boolean } = {},
): void {
  giveUp();
  if (settle(find, scroll)) return;
  flushSync(() => undefined);
  if (settle(find, scroll)) return;
  const drawn = new MutationObserver(() => settle(find, scroll) && giveUp());
  const elsewhere = (event: FocusEvent) => {
    // A panel that takes the focus as it opens holds what is waited for; a field or button was chosen by somebody.
    if (event.target instanceof HTMLElement && event.target.tabIndex >= 0) giveUp();
  };
  giveUp = () => {
    giveUp = () => {};
    waiting = false;
    drawn.disconnect();
    document.removeEventListener('focusin', elsewhere);
    document.removeEventListener('pointerdown', stop, { capture: true });
  };
  waiting = true;
  const stop = () => giveUp();
  drawn.observe(document.body, { childList: true, subtree: true, attributes: true });
  document.addEventListener('focusin', elsewhere);
  document.addEventListener('pointerdown', stop, { capture: true });
}
