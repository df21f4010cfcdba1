import type { Flow } from '@signalbox/engine/flows/contract';
import type { OpenFlow } from '../canvas/flow-context.tsx';
import { nextProblem, openStep, showPeople } from '../canvas/focus.ts';
import { stepOfKey } from '../flow-model/ui-store.ts';
import type { AppCommand } from '../lib/commands.ts';
import { t } from '../lib/translate.ts';
import { copySteps } from './clipboard.ts';
import { isCard, targets } from './command-targets.ts';
import { checkProblems } from './use-model.ts';

/** What can be done in any flow, also in one that is written in code. */
export function readingCommands(open: OpenFlow, flow: Flow): AppCommand[] {
  return [...stepCommands(open), ...viewCommands(open, flow)];
}

function stepCommands(open: OpenFlow): AppCommand[] {
  const { store, ui } = open;
  const canvas = t('commands.group.canvas');
  const edit = t('commands.group.edit');
  const focused = () => stepOfKey(ui.getState().focusKey ?? '');
  return [
    {
      id: 'flow.edit_step',
      label: t('commands.edit_step'),
      group: canvas,
      keys: ['Enter'],
      scope: 'canvas',
      hidden: true,
      when: () => focused() !== null && isCard(document.activeElement),
      run: () => {
        const id = focused();
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
  ];
}

function viewCommands(open: OpenFlow, flow: Flow): AppCommand[] {
  const { ui } = open;
  const view = t('commands.group.flow');
  const step = (backwards: boolean) => {
    checkProblems(open, flow);
    nextProblem(open, backwards);
  };
  return [
    {
      id: 'flow.toggle_view',
      label: t('commands.toggle_view'),
      group: view,
      keys: ['$mod+Shift+KeyO'],
      inText: true,
      run: () => ui.getState().set({ view: ui.getState().view === 'canvas' ? 'outline' : 'canvas' }),
    },
    {
      id: 'flow.problems',
      label: t('commands.problems'),
      group: view,
      keys: ['$mod+Shift+KeyM'],
      inText: true,
      when: () => flow.kind === 'drawn' || ui.getState().problems.length > 0,
      run: () => ui.getState().set({ problemsOpen: !ui.getState().problemsOpen }),
    },
    {
      id: 'flow.next_problem',
      label: t('commands.next_problem'),
      group: view,
      keys: ['F8'],
      inText: true,
      when: () => ui.getState().problems.length > 0,
      run: () => step(false),
    },
    {
      id: 'flow.previous_problem',
      label: t('commands.previous_problem'),
      group: view,
      keys: ['Shift+F8'],
      inText: true,
      hidden: true,
      when: () => ui.getState().problems.length > 0,
      run: () => step(true),
    },
  ];
}
