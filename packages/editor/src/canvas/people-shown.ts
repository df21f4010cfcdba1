import type { FlowCounts } from '@signalbox/engine/flows/contract';
import type { PeopleView } from '../flow-model/ui-store.ts';

/** Which people the number on a card is about, how many they are, and so which list a click on it opens. */
export function peopleShown({ here, left }: Pick<FlowCounts['steps'][string], 'here' | 'left'>): {
  readonly view: PeopleView;
  readonly n: number;
} {
  return here === 0 && left > 0 ? { view: 'moved_on', n: left } : { view: 'here', n: here };
}
