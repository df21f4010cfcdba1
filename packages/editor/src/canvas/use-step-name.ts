import { viewOf } from '../flow-model/library.ts';
import { t } from '../lib/translate.ts';
import { useStepCounts } from '../lib/use-counts.ts';
import { useFlow, useFlowUi } from './flow-context.tsx';

/** What a step is called aloud, on the canvas and in the outline: "Send SMS, 3 of 8, 1 problem, 2 failed". */
export function useStepName(id: string): string {
  const step = useFlow((state) => state.document.steps[id]);
  const flowId = useFlow((state) => state.flowId);
  const problems = useFlowUi((state) => state.problemsByStep.get(id)?.length ?? 0);
  const at = useFlowUi((state) => state.reading.indexOf(id));
  const total = useFlowUi((state) => state.reading.length);
  const failed = useStepCounts(flowId, id)?.failed ?? 0;
  if (step === undefined) return '';
  const { title, typeTitle } = viewOf(step);
  return [
    // Words of a text alone would not say what the step does with them.
    ...(step.name === undefined && title !== typeTitle ? [typeTitle, title] : [title]),
    t('canvas.card.place', { at: at + 1, total }),
    ...(problems === 0 ? [] : [t('canvas.card.problems', { n: problems })]),
    ...(failed === 0 ? [] : [t('canvas.card.failed', { n: failed })]),
  ].join(', ');
}
