import type { Flow } from '@signalbox/engine/flows/contract';
import { useMemo } from 'react';
import { useOpenFlow } from '../canvas/flow-context.tsx';
import { actionsOf } from '../flow-model/flow-actions.ts';
import { type AppCommand, useCommands } from '../lib/commands.ts';
import { t } from '../lib/translate.ts';
import { lookOf } from './action-look.ts';
import { editingCommands } from './editing-commands.ts';
import { readingCommands } from './reading-commands.ts';

/** What can be done in a flow, for keyboard, palette and shortcuts sheet. */
export function useFlowCommands(flow: Flow): void {
  const open = useOpenFlow();
  const commands = useMemo((): AppCommand[] => {
    const actions = actionsOf(flow).map(
      (action): AppCommand => ({
        id: `flow.${action}`,
        label: t(lookOf(action, flow).label),
        group: t('commands.group.flow'),
        run: () => open.ui.getState().set({ asking: action }),
      }),
    );
    const editing = flow.kind === 'drawn' ? editingCommands(open, flow) : [];
    return [...readingCommands(open, flow), ...editing, ...actions];
  }, [open, flow]);
  useCommands(commands);
}
