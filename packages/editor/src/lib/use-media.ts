import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query matches now. */
function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** A screen too narrow for canvas and inspector side by side. */
export const useNarrow = (): boolean => useMedia('(max-width: 767px)');
