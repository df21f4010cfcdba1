import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { CirclePause, CirclePlay, CircleStop, type LucideIcon, PencilLine } from 'lucide-react';
import { type MessageKey, t, tOpen } from '../lib/translate.ts';
import type { SignalTone } from './signal.tsx';

type Shown = { readonly tone: SignalTone; readonly icon: LucideIcon; readonly label: string };

const looks: Readonly<Record<string, readonly [SignalTone, LucideIcon, MessageKey]>> = {
  draft: ['calm', PencilLine, 'state.draft'],
  live: ['live', CirclePlay, 'state.live'],
  paused: ['wait', CirclePause, 'state.paused'],
  stopped: ['stop', CircleStop, 'state.stopped'],
};

/** How a flow's state is shown: tone, icon and word, with the live version where it counts. */
export function flowState(flow: Pick<FlowSummary, 'state' | 'live_version'>): Shown {
  const look = looks[flow.state];
  if (look === undefined) return { tone: 'calm', icon: PencilLine, label: tOpen(`state.${flow.state}`, flow.state) };
  const [tone, icon, key] = look;
  const word = t(key);
  const number = flow.live_version?.number;
  const label =
    number === undefined || flow.state === 'draft'
      ? word
      : t('state.with_version', { state: word, version: String(number) });
  return { tone, icon, label };
}
