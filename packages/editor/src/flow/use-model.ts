import type { Flow } from '@signalbox/engine/flows/contract';
import { useDeferredValue, useEffect, useMemo } from 'react';
import { type OpenFlow, useFlow, useOpenFlow } from '../canvas/flow-context.tsx';
import { type Layout, type LayoutStep, layoutFlow, layoutList } from '../canvas/layout.ts';
import { stepsOf, toGraph } from '../flow-model/document.ts';
import { type FlowProblem, findProblems } from '../flow-model/flow-problems.ts';
import { outletsOf } from '../flow-model/library.ts';

/** Where everything stands. Typing into a form changes nothing here, so no card moves. */
export function useLayout(kind: Flow['kind']): Layout {
  const document = useFlow((state) => state.document);
  const structure = JSON.stringify(
    stepsOf(document).map(
      (step): LayoutStep => ({
        id: step.id,
        outlets: outletsOf(step).map((outlet) => ({ id: outlet.id, to: document.lines[step.id]?.[outlet.id] ?? null })),
      }),
    ),
  );
  return useMemo(() => {
    const steps: LayoutStep[] = JSON.parse(structure);
    return kind === 'workflow' ? layoutList(steps) : layoutFlow(steps);
  }, [structure, kind]);
}

/** From this many steps on, validation waits for a pause in typing. */
const large = 100;

/** Finds the problems of the document as it is at this moment, for actions that follow the last keystroke at once. */
export function checkProblems({ store, ui }: OpenFlow, flow: Flow): void {
  const { document } = store.getState();
  const problems = flow.kind === 'workflow' ? [] : findProblems(toGraph(document), flow.problems);
  const byStep = new Map<string, FlowProblem[]>();
  for (const problem of problems) {
    if (problem.stepId === null) continue;
    byStep.set(problem.stepId, [...(byStep.get(problem.stepId) ?? []), problem]);
  }
  ui.getState().set({ problems, problemsByStep: byStep });
}

/** Keeps the problems of the flow on screen up to date; validation runs behind the typing. */
export function useProblems(flow: Flow): void {
  const open = useOpenFlow();
  const document = useDeferredValue(useFlow((state) => state.document));
  useEffect(() => {
    if (document.order.length < large) {
      checkProblems(open, flow);
      return;
    }
    const timer = setTimeout(() => checkProblems(open, flow), 200);
    return () => clearTimeout(timer);
  }, [document, flow, open]);
}
