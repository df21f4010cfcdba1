import type { Flow } from '@signalbox/engine/flows/contract';
import { toast } from 'sonner';
import type { OpenFlow } from '../canvas/flow-context.tsx';
import { deleteAndFocus, focusCopies } from '../canvas/focus.ts';
import { duplicateSteps } from '../flow-model/edit.ts';
import { announce } from '../lib/announce.ts';
import type { AppCommand } from '../lib/commands.ts';
import { stillWaiting } from '../lib/focus-when-drawn.ts';
import { t } from '../lib/translate.ts';
import { pasteSteps } from './clipboard.ts';
import { here, pastePlace, pickAfter, targets } from './command-targets.ts';
import { checkProblems } from './use-model.ts';

/** What can be done in a flow that is drawn. */
export function editingCommands(open: OpenFlow, flow: Flow): AppCommand[] {
  return [publishing(open, flow), ...history(open), ...adding(open), ...changing(open)];
}

function publishing(open: OpenFlow, flow: Flow): AppCommand {
  const { ui } = open;
  return {
    id: 'flow.publish',
    label: t('commands.publish'),
    group: t('commands.group.flow'),
    keys: ['$mod+Enter'],
    inText: true,
    when: () => !ui.getState().publishOpen,
    run: () => {
      checkProblems(open, flow);
      ui.getState().set({ publishOpen: true });
    },
  };
}

function history({ store }: OpenFlow): AppCommand[] {
  const say = (label: string | null, key: 'action.undone' | 'action.redone') => {
    if (label === null) return;
    announce(t(key, { what: label }));
    toast(t(key, { what: label }), { duration: 2_000 });
  };
  return [
    {
      id: 'flow.undo',
      label: t('action.undo'),
      group: t('commands.group.edit'),
      keys: ['$mod+KeyZ'],
      run: () => say(store.getState().undo(), 'action.undone'),
    },
    {
      id: 'flow.redo',
      label: t('action.redo'),
      group: t('commands.group.edit'),
      keys: ['$mod+Shift+KeyZ', '$mod+KeyY'],
      run: () => say(store.getState().redo(), 'action.redone'),
    },
  ];
}

function adding(open: OpenFlow): AppCommand[] {
  const canvas = t('commands.group.canvas');
  return [
    {
      id: 'flow.add_after',
      label: t('commands.add_after'),
      group: canvas,
      keys: ['KeyA', 'Shift++', '+'],
      scope: 'canvas',
      run: () => pickAfter(open, 'add'),
    },
    {
      id: 'flow.go_to',
      label: t('commands.go_to'),
      group: canvas,
      keys: ['KeyG'],
      scope: 'canvas',
      run: () => pickAfter(open, 'go_to'),
    },
    {
      id: 'flow.add_trigger',
      label: t('commands.add_trigger'),
      group: canvas,
      run: () => open.ui.getState().set({ picker: { kind: 'add', place: null, anchor: here(open) } }),
    },
  ];
}

async function paste(open: OpenFlow): Promise<void> {
  const { value: added, free } = await stillWaiting(pasteSteps(open.store, pastePlace(open)));
  if (free) focusCopies(open, added);
}

function changing(open: OpenFlow): AppCommand[] {
  const { store } = open;
  const edit = t('commands.group.edit');
  const some = () => targets(open).length > 0;
  return [
    {
      id: 'flow.delete',
      label: t('commands.delete'),
      group: edit,
      keys: ['Delete', 'Backspace'],
      scope: 'canvas',
      when: some,
      run: () => deleteAndFocus(open, targets(open)),
    },
    {
      id: 'flow.duplicate',
      label: t('commands.duplicate'),
      group: edit,
      keys: ['$mod+KeyD'],
      inText: true,
      when: some,
      run: () => focusCopies(open, duplicateSteps(store, targets(open))),
    },
    {
      id: 'flow.paste',
      label: t('commands.paste'),
      group: edit,
      keys: ['$mod+KeyV'],
      scope: 'canvas',
      run: () => void paste(open),
    },
  ];
}
