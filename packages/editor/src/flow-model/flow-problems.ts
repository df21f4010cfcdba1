import type { GraphProblem } from '@signalbox/engine/flows/contract';
import { triggerKinds } from '@signalbox/nodes/define/trigger';
import type { FlowGraph, Step } from '@signalbox/nodes/flow/graph';
import { validateFlow } from '@signalbox/nodes/flow/validate';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { t, tr } from '../lib/translate.ts';
import { isRecord, type JsonSchema, schemaAt } from './json-schema.ts';
import { schemaOf, uiOf } from './library.ts';

/** A problem as it is shown: at its field, on its card, in the list. */
export type FlowProblem = {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly stepId: string | null;
  /** Within the step's config; empty where it is about the step as a whole. */
  readonly path: ReadonlyArray<string | number>;
  readonly title: string;
  readonly action: string;
};

/** Codes that only the server can find, because they look at other flows. */
const serverOnly: ReadonlySet<string | null> = new Set(Object.values(triggerKinds).map(({ taken }) => taken));

/** Everything wrong with the graph: the library's own validation, and what the server alone knows. */
export function findProblems(graph: FlowGraph, fromServer: readonly GraphProblem[]): FlowProblem[] {
  const steps = new Map(graph.steps.map((step) => [step.id, step]));
  const own = validateFlow(graph, catalogue).map((problem): FlowProblem => {
    const path = problem.path[0] === 'config' ? problem.path.slice(1) : [];
    const step = problem.step_id === undefined ? undefined : steps.get(problem.step_id);
    const blank = problem.code === 'config_invalid' && step !== undefined ? blankField(step, path) : null;
    return {
      code: problem.code,
      severity: problem.severity,
      stepId: problem.step_id ?? null,
      path,
      title: blank ?? tr(problem.title),
      action: blank === null ? tr(problem.fix) : '',
    };
  });
  const server = fromServer
    .filter((problem) => serverOnly.has(problem.code) && stillHolds(problem, steps))
    .map(
      (problem): FlowProblem => ({
        code: problem.code,
        severity: problem.severity,
        stepId: problem.step_id,
        path: problem.path[0] === 'config' ? problem.path.slice(1) : [],
        title: tr(problem.title),
        action: tr(problem.action),
      }),
    );
  const all = [...server, ...own];
  return [...all.filter((each) => each.severity === 'error'), ...all.filter((each) => each.severity !== 'error')];
}

function stillHolds(problem: GraphProblem, steps: ReadonlyMap<string, Step>): boolean {
  const step = problem.step_id === null ? undefined : steps.get(problem.step_id);
  if (step === undefined) return false;
  const value = valueAt(step.config, problem.path.slice(1));
  return typeof value === 'string' && problem.title.toUpperCase().includes(value.toUpperCase());
}

function valueAt(value: unknown, path: ReadonlyArray<string | number>): unknown {
  let at = value;
  for (const key of path) {
    if (Array.isArray(at) && typeof key === 'number') at = at[key];
    else if (isRecord(at)) at = at[String(key)];
    else return undefined;
  }
  return at;
}

function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** "Message is empty", for a required field that nobody filled in yet. */
function blankField(step: Step, path: ReadonlyArray<string | number>): string | null {
  if (!isBlank(valueAt(step.config, path))) return null;
  const root: JsonSchema = schemaOf(step.type) ?? {};
  for (let length = path.length; length > 0; length -= 1) {
    const ui = uiOf(schemaAt(root, path.slice(0, length)));
    if (ui !== null) return t('problem.blank', { field: tr(ui.label) });
  }
  return null;
}
