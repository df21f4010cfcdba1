import { Archive, CirclePause, CirclePlay, CircleStop, type LucideIcon, PencilLine } from 'lucide-react';
import type { Acting, FlowAction } from '../flow-model/flow-actions.ts';
import type { MessageKey } from '../lib/translate.ts';

/** How an action is shown. A code flow that never went live is started for the first time. */
export function lookOf(
  action: FlowAction,
  flow: Acting,
): { readonly label: MessageKey; readonly icon: LucideIcon; readonly danger: boolean } {
  switch (action) {
    case 'describe':
      return { label: 'describe.title', icon: PencilLine, danger: false };
    case 'pause':
      return { label: 'pause.confirm', icon: CirclePause, danger: false };
    case 'resume':
      return { label: 'resume.confirm', icon: CirclePlay, danger: false };
    case 'start':
      return { label: flow.state === 'draft' ? 'start.first' : 'start.confirm', icon: CirclePlay, danger: false };
    case 'stop':
      return { label: 'stop.confirm', icon: CircleStop, danger: true };
    case 'archive':
      return { label: 'archive.confirm', icon: Archive, danger: true };
  }
}
