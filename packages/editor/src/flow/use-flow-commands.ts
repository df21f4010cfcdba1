import type { Flow } from '@signalbox/engine/flows/contract';
import { useMemo } from 'react';
import { toast } from 'sonner';
import { type OpenFlow, useOpenFlow } from '../canvas/flow-context.tsx';
import { deleteAndFocus, nextProblem, openStep, showPeople } from '../canvas/focus.ts';
import { duplicateSteps, endOfLine } from '../flow-model/edit.ts';
import { actionsOf } from '../flow-model/flow-actions.ts';
import { outletsOf } from '../flow-model/library.ts';
import { anchorOf, placeOfKey, stepOfKey } from '../flow-model/ui-store.ts';
import { announce } from '../lib/announce.ts';
import { type AppCommand, useCommands } from '../lib/commands.ts';
import { t } from '../lib/translate.ts';
import { lookOf } from './action-look.ts';
import { copySteps, pasteSteps } from './clipboard.ts';
import { checkProblems } from './use-model.ts';

/** The steps an action is about: the chosen ones, else the one with the focus. */
function targets({ store, ui }: OpenFlow): readonly string[] {
  const { selection } = store.getState();
  if (selection.length > 0) return selection;
  const focused = stepOfKey(ui.getState().focusKey ?? '');
  return focused === null ? [] : [focused];
}

/** The element with the focus, or what stands for it. */
function here({ ui }: OpenFlow) {
  const key = ui.getState().focusKey ?? '';
  const element =
    document.querySelector(`[data-focus-key="${CSS.escape(key)}"]`) ?? document.activeElement ?? document.body;
  return anchorOf(element);
}

/** Opens the picker for what comes after the focused card or "+". */
function pickAfter(open: OpenFlow, then: 'add' | 'go_to'): void {
  const { store, ui } = open;
  const key = ui.getState().focusKey ?? '';
  const anchor = here(open);
  const place = placeOfKey(key);
  if (place !== null) {
    ui.getState().set({ picker: { kind: then, place, anchor } });
    return;
  }
  const id = stepOfKey(key);
  const step = id === null ? undefined : store.getState().document.steps[id];
  const outlets = step === undefined ? [] : outletsOf(step);
  const [only] = outlets;
  if (step === undefined) ui.getState().set({ picker: { kind: 'add', place: null, anchor } });
  else if (outlets.length > 1) ui.getState().set({ picker: { kind: 'outlet', step: step.id, then, anchor } });
  else if (only !== undefined)
    ui.getState().set({ picker: { kind: then, place: { from: step.id, outlet: only.id }, anchor } });
}

function placeAfterFocus(open: OpenFlow) {
  const key = open.ui.getState().focusKey ?? '';
  return placeOfKey(key) ?? endOfLine(open.store, stepOfKey(key));
}

/** What can be done in a flow, for keyboard, palette and shortcuts sheet. */
export function useFlowCommands(flow: Flow): void {
  const open = useOpenFlow();
  const drawn = flow.kind === 'drawn';
  const commands = useMemo((): AppCommand[] => {
    const { store, ui } = open;
    const edit = t('commands.group.edit');
    const canvas = t('commands.group.canvas');
    const view = t('commands.group.flow');
    const undone = (label: string | null, key: 'action.undone' | 'action.redone') => {
      if (label === null) return;
      announce(t(key, { what: label }));
      toast(t(key, { what: label }), { duration: 2_000 });
    };
    const reading: AppCommand[] = [
      {
        id: 'flow.edit_step',
        label: t('commands.edit_step'),
        group: canvas,
        keys: ['Enter'],
        scope: 'canvas',
        hidden: true,
        when: () => stepOfKey(ui.getState().focusKey ?? '') !== null && isCard(document.activeElement),
        run: () => {
          const id = stepOfKey(ui.getState().focusKey ?? '');
          if (id !== null) openStep(open, id);
        },
      },
      {
        id: 'flow.people',
        label: t('commands.people_at_step'),
        group: canvas,
        keys: ['KeyP'],
        scope: 'canvas',
        when: () => targets(open).length > 0,
        run: () => {
          const [id] = targets(open);
          if (id !== undefined) showPeople(open, id);
        },
      },
      {
        id: 'flow.toggle_view',
        label: t('commands.toggle_view'),
        group: view,
        keys: ['$mod+Shift+KeyO'],
        inText: true,
        run: () => ui.getState().set({ view: ui.getState().view === 'canvas' ? 'outline' : 'canvas' }),
      },
      {
        id: 'flow.deselect',
        label: t('commands.deselect'),
        group: canvas,
        keys: ['Escape'],
        scope: 'canvas',
        hidden: true,
        when: () => store.getState().selection.length > 0,
        run: () => store.getState().select([]),
      },
      {
        id: 'flow.copy',
        label: t('commands.copy'),
        group: edit,
        keys: ['$mod+KeyC'],
        scope: 'canvas',
        when: () => targets(open).length > 0,
        run: () => void copySteps(store, targets(open)),
      },
      {
        id: 'flow.select_all',
        label: t('commands.select_all'),
        group: edit,
        keys: ['$mod+KeyA'],
        scope: 'canvas',
        run: () => store.getState().select(store.getState().document.order),
      },
      {
        id: 'flow.problems',
        label: t('commands.problems'),
        group: view,
        keys: ['$mod+Shift+KeyM'],
        inText: true,
        when: () => drawn || ui.getState().problems.length > 0,
        run: () => ui.getState().set({ problemsOpen: !ui.getState().problemsOpen }),
      },
      {
        id: 'flow.next_problem',
        label: t('commands.next_problem'),
        group: view,
        keys: ['F8'],
        inText: true,
        when: () => ui.getState().problems.length > 0,
        run: () => {
          checkProblems(open, flow);
          nextProblem(open);
        },
      },
      {
        id: 'flow.previous_problem',
        label: t('commands.previous_problem'),
        group: view,
        keys: ['Shift+F8'],
        inText: true,
        hidden: true,
        when: () => ui.getState().problems.length > 0,
        run: () => {
          checkProblems(open, flow);
          nextProblem(open, true);
        },
      },
    ];
    const actions = actionsOf(flow).map(
      (action): AppCommand => ({
        id: `flow.${action}`,
        label: t(lookOf(action, flow).label),
        group: view,
        run: () => ui.getState().set({ asking: action }),
      }),
    );
    if (!drawn) return [...reading, ...actions];
    return [
      ...reading,
      {
        id: 'flow.publish',
        label: t('commands.publish'),
        group: view,
        keys: ['$mod+Enter'],
        inText: true,
        when: () => !ui.getState().publishOpen,
        run: () => {
          checkProblems(open, flow);
          ui.getState().set({ publishOpen: true });
        },
      },
      {
        id: 'flow.undo',
        label: t('action.undo'),
        group: edit,
        keys: ['$mod+KeyZ'],
        run: () => undone(store.getState().undo(), 'action.undone'),
      },
      {
        id: 'flow.redo',
        label: t('action.redo'),
        group: edit,
        keys: ['$mod+Shift+KeyZ', '$mod+KeyY'],
        run: () => undone(store.getState().redo(), 'action.redone'),
      },
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
        run: () => ui.getState().set({ picker: { kind: 'add', place: null, anchor: here(open) } }),
      },
      {
        id: 'flow.delete',
        label: t('commands.delete'),
        group: edit,
        keys: ['Delete', 'Backspace'],
        scope: 'canvas',
        when: () => targets(open).length > 0,
        run: () => deleteAndFocus(open, targets(open)),
      },
      {
        id: 'flow.duplicate',
        label: t('commands.duplicate'),
        group: edit,
        keys: ['$mod+KeyD'],
        inText: true,
        when: () => targets(open).length > 0,
        run: () => duplicateSteps(store, targets(open)),
      },
      {
        id: 'flow.paste',
        label: t('commands.paste'),
        group: edit,
        keys: ['$mod+KeyV'],
        scope: 'canvas',
        run: () => void pasteSteps(store, placeAfterFocus(open)),
      },
      ...actions,
    ];
  }, [open, flow, drawn]);
  useCommands(commands);
}

const isCard = (element: Element | null): boolean =>
  element?.getAttribute('data-focus-key')?.startsWith('step:') ?? false;
