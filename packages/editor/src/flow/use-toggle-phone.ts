import { useCallback } from 'react';
import { useOpenFlow } from '../canvas/flow-context.tsx';
import { focusPhone } from '../phone/show-phone.ts';

/** Opens the phone beside the flow, ready to type, or closes it. */
export function useTogglePhone(): () => void {
  const { ui } = useOpenFlow();
  return useCallback(() => {
    const phoneOpen = !ui.getState().phoneOpen;
    ui.getState().set({ phoneOpen });
    if (phoneOpen) focusPhone();
  }, [ui]);
}
