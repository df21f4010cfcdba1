import { toGraph } from './document.ts';
import type { OpenFlow } from './flow-context.tsx';
import { findProblems } from './flow-problems.ts';
import { stepKey } from './ui-store.ts';

/** After a step was added: into its first blank field where it has one, else onto its card. */
export function afterAdding({ store, ui }: OpenFlow, id: string): void {
  const blank = findProblems(toGraph(store.getState().document), []).find(
    (problem) => problem.stepId === id && problem.severity === 'error' && problem.path.length > 0,
  );
  if (blank !== undefined) {
    focusField({ store, ui }, id, blank.path);
    return;
  }
  ui.getState().set({ focusKey: stepKey(id) });
  focusCard(id);
}

/** Opens a step and puts the focus into one of its fields. */
export function focusField({ store, ui }: OpenFlow, id: string, path: ReadonlyArray<string | number>): void {
  store.getState().select([id]);
  ui.getState().set({ field: { step: id, path, at: Date.now() }, focusKey: stepKey(id) });
}

/** Puts the focus onto a step's card, once it is drawn. */
export function focusCard(id: string): void {
  setTimeout(() => {
    const card = document.querySelector(`[data-focus-key="${CSS.escape(stepKey(id))}"]`);
    if (card instanceof HTMLElement) card.focus({ preventScroll: true });
  }, 40);
}

/** Goes to the next problem after the one last shown, and into its field. */
export function nextProblem(open: OpenFlow, backwards = false): void {
  const { problems } = open.ui.getState();
  const [selected] = open.store.getState().selection;
  if (problems.length === 0) return;
  const shown = problems.findIndex((problem) => keyOf(problem) === lastShown);
  const ofSelected = problems.findIndex((problem) => problem.stepId === selected);
  const first = ofSelected !== -1 ? ofSelected : backwards ? problems.length - 1 : 0;
  const at = shown === -1 ? first : shown + (backwards ? -1 : 1);
  const next = problems.at(at % problems.length);
  if (next !== undefined) showProblem(open, next);
}

type Problems = ReturnType<OpenFlow['ui']['getState']>['problems'];
let lastShown: string | null = null;

/** Problems are found anew with every edit; this says which are the same. */
const keyOf = ({ code, stepId, path, title }: Problems[number]): string => JSON.stringify([code, stepId, path, title]);

/** Shows where a problem is: its field, else its step. */
export function showProblem(open: OpenFlow, problem: Problems[number]): void {
  lastShown = keyOf(problem);
  if (problem.stepId === null) return;
  if (problem.path.length > 0) focusField(open, problem.stepId, problem.path);
  else {
    open.store.getState().select([problem.stepId]);
    focusCard(problem.stepId);
  }
}
