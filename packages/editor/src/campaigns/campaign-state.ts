import type { CampaignSummary } from '@signalbox/engine/campaigns/contract';
import { CalendarClock, CircleCheck, CirclePause, CircleStop, type LucideIcon, PencilLine, Send } from 'lucide-react';
import { type MessageKey, t, tOpen } from '../lib/translate.ts';
import type { SignalTone } from '../ui/signal.tsx';

const looks: Readonly<Record<string, readonly [SignalTone, LucideIcon, MessageKey]>> = {
  draft: ['calm', PencilLine, 'campaigns.state.draft'],
  scheduled: ['wait', CalendarClock, 'campaigns.state.scheduled'],
  running: ['live', Send, 'campaigns.state.running'],
  paused: ['wait', CirclePause, 'campaigns.state.paused'],
  done: ['calm', CircleCheck, 'campaigns.state.done'],
  canceled: ['stop', CircleStop, 'campaigns.state.canceled'],
};

/** How a campaign's state is shown: tone, icon and word. */
export function campaignState({ state }: Pick<CampaignSummary, 'state'>) {
  const look = looks[state];
  if (look === undefined)
    return { tone: 'calm' as const, icon: PencilLine, label: tOpen(`campaigns.state.${state}`, state) };
  const [tone, icon, key] = look;
  return { tone, icon, label: t(key) };
}
