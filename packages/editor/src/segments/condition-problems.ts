import type { Problem } from '@signalbox/engine/http/contract';
import type { FlowProblem } from '../flow-model/flow-problems.ts';

/** What the server objects to in a condition, at its place within it. */
export function conditionProblems(problem: Problem | null): FlowProblem[] {
  return (problem?.errors ?? [])
    .filter(({ path }) => path[0] === 'condition')
    .map(({ path, code, message }) => ({
      code,
      severity: 'error',
      stepId: null,
      path: path.slice(1),
      title: message,
      action: '',
    }));
}
