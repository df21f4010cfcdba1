import type { MouseEvent } from 'react';
import type { OpenFlow } from './flow-context.tsx';
import { chooseStep } from './focus.ts';

/** Adds a step to those that are chosen, or takes it out of them. */
export function toggleStep({ store }: OpenFlow, id: string): void {
  const { selection, select } = store.getState();
  select(selection.includes(id) ? selection.filter((each) => each !== id) : [...selection, id]);
}

/** Whether a click adds to what is chosen. */
export const addsToChoice = (event: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>): boolean =>
  event.ctrlKey || event.metaKey || event.shiftKey;

/** What a click on a card or row does: chooses it alone, or with a key held, as well. */
export function clickStep(
  open: OpenFlow,
  id: string,
  event: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): void {
  if (addsToChoice(event)) toggleStep(open, id);
  else chooseStep(open, id);
}
