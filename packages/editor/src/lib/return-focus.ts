import { useRef } from 'react';

/** What has the focus now; for an entry of a menu, which goes as the menu does, the button of that menu. */
function present(): HTMLElement | null {
  const active = document.activeElement;
  const menu = active?.closest('[role="menu"]');
  const trigger = menu === null || menu === undefined ? null : menu.getAttribute('aria-labelledby');
  const place = trigger === null ? active : document.getElementById(trigger);
  return place instanceof HTMLElement && place !== document.body ? place : null;
}

/**
 * Brings the focus back to where it was before something opened in front of the page, for Radix's two handlers. Whatever took the
 * focus meanwhile keeps it; where the old place is gone, the page's main part gets it, so that it never falls to the body.
 */
export function useReturnFocus() {
  const before = useRef<HTMLElement | null>(null);
  return {
    opened: () => {
      before.current = present();
    },
    closed: (event: Event) => {
      event.preventDefault();
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      const place = before.current?.isConnected === true ? before.current : document.getElementById('main');
      place?.focus({ preventScroll: true });
    },
  };
}
