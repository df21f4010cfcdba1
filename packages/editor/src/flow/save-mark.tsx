import { Check, CircleAlert, CloudOff, GitMerge, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useFlow } from '../canvas/flow-context.tsx';
import type { SaveState } from '../flow-model/flow-state.ts';
import { cn } from '../lib/cn.ts';
import { type MessageKey, t } from '../lib/translate.ts';

const looks: Readonly<Record<SaveState['kind'], readonly [LucideIcon, MessageKey, string]>> = {
  saved: [Check, 'save.saved', 'text-ink-3'],
  unsaved: [LoaderCircle, 'save.saving', 'text-ink-3'],
  saving: [LoaderCircle, 'save.saving', 'text-ink-3'],
  offline: [CloudOff, 'save.offline', 'text-wait'],
  refused: [CircleAlert, 'save.refused', 'text-stop'],
  conflict: [GitMerge, 'save.conflict', 'text-wait'],
};

/** Whether every edit has reached the server. */
export function SaveMark() {
  const kind = useFlow((state) => state.save.kind);
  const [Icon, key, tone] = looks[kind];
  const busy = kind === 'unsaved' || kind === 'saving';
  return (
    <output
      data-testid="save-state"
      data-state={kind}
      className={cn('inline-flex items-center gap-1 whitespace-nowrap text-sm', tone)}
    >
      <Icon aria-hidden className={cn('size-3.5', busy && 'animate-spin')} />
      {t(key)}
    </output>
  );
}
