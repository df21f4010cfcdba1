import { deleteSteps } from '../flow-model/edit.ts';
import { findProblems } from '../flow-model/flow-problems.ts';
import { type PeopleView, stepKey } from '../flow-model/ui-store.ts';
import { focusWhenDrawn } from '../lib/focus-when-drawn.ts';
import type { OpenFlow } from './flow-context.tsx';

/** Chooses a step, however it was reached: an unfilled one opens in its first blank field, else the focus is on its card. */
export function chooseStep(open: OpenFlow, id: string): void {
  const blank = blankOf(open, id);
  if (blank !== null) {
    focusField(open, id, blank);
    return;
  }
  open.store.getState().select([id]);
  open.ui.getState().set({ focusKey: stepKey(id) });
  focusCard(id);
}

/** Opens a step for editing: in its first blank field where it has one, else in its first. */
export function openStep(open: OpenFlow, id: string): void {
  focusField(open, id, blankOf(open, id) ?? []);
}

/** The first field of a step that has to be filled in; null where it is complete. */
function blankOf({ store }: OpenFlow, id: string): ReadonlyArray<string | number> | null {
  const { document, readOnly } = store.getState();
  const step = document.steps[id];
  if (step === undefined || readOnly) return null;
  const found = findProblems({ schema_version: 1, steps: [step], edges: [] }, []);
  return found.find((problem) => problem.code === 'config_invalid' && problem.path.length > 0)?.path ?? null;
}

/** Opens a step and puts the focus into one of its fields. */
export function focusField({ store, ui }: OpenFlow, id: string, path: ReadonlyArray<string | number>): void {
  store.getState().select([id]);
  ui.getState().set({ focusKey: stepKey(id) });
  focusWhenDrawn(() => fieldOf(id, path), { scroll: true });
}

const focusable = 'input:not([disabled]), textarea:not([disabled]), button:not([disabled]), [tabindex="0"]';

/** The control of the field that a path names, in the panel of a step; the first field for an empty path. Null until it is drawn. */
function fieldOf(id: string, path: ReadonlyArray<string | number>): Element | null {
  const [name, ...rest] = path;
  const panel = `[data-inspector="${CSS.escape(id)}"]`;
  const field = name === undefined ? '[data-field]' : `[data-field="${CSS.escape(String(name))}"]`;
  const box = document.querySelector(`${panel} ${field}`);
  const control = box?.querySelector('[id^="field-"]') ?? null;
  const exact = control === null ? null : document.getElementById([control.id, ...rest].join('-'));
  const inside = (element: Element | null) =>
    element?.matches(focusable) === true ? element : (element?.querySelector(focusable) ?? null);
  return inside(exact) ?? inside(box);
}

/** Puts the focus onto the card or row, the "+" or the way out with this key, once it is drawn. */
export function focusOn(key: string): void {
  focusWhenDrawn(() => document.querySelector(`[data-focus-key="${CSS.escape(key)}"]`));
}

/** Puts the focus onto a step's card or row, once it is drawn. */
export function focusCard(id: string): void {
  focusOn(stepKey(id));
}

/** Deletes steps and puts the focus where they stood: onto the step before them, else the one after. */
export function deleteAndFocus({ store, ui }: OpenFlow, ids: readonly string[]): void {
  const { reading } = ui.getState();
  const at = reading.findIndex((id) => ids.includes(id));
  const left = (id: string): boolean => !ids.includes(id);
  const next = reading.slice(0, Math.max(0, at)).findLast(left) ?? reading.slice(at + 1).find(left);
  deleteSteps(store, ids);
  if (next === undefined) return;
  ui.getState().set({ focusKey: stepKey(next) });
  focusCard(next);
}

/**
 * Puts the focus onto the last of some copies, so that what is put in next follows them. One that stands alone and is not filled in
 * opens in its blank field.
 */
export function focusCopies(open: OpenFlow, ids: readonly string[]): void {
  const last = ids.at(-1);
  if (last === undefined) return;
  if (ids.length === 1) {
    chooseStep(open, last);
    return;
  }
  open.ui.getState().set({ focusKey: stepKey(last) });
  focusCard(last);
}

/** Lists the people at a step, or those who went on from it, and puts the focus into the list. */
export function showPeople({ ui }: OpenFlow, id: string, peopleView: PeopleView = 'here'): void {
  ui.getState().set({ peopleOf: id, peopleView });
  focusWhenDrawn(() => document.querySelector(`[data-people-of="${CSS.escape(id)}"]`));
}

/** Closes the list of people and goes back to the step. */
export function closePeople({ ui }: OpenFlow, id: string): void {
  ui.getState().set({ peopleOf: null });
  focusCard(id);
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

/** Shows where a problem is: its field, else its step, which opens in a blank field where it has one. */
export function showProblem(open: OpenFlow, problem: Problems[number]): void {
  lastShown = keyOf(problem);
  if (problem.stepId === null) return;
  if (problem.path.length > 0) focusField(open, problem.stepId, problem.path);
  else chooseStep(open, problem.stepId);
}
