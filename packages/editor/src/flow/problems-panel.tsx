import { CircleAlert, CircleCheck, TriangleAlert, X } from 'lucide-react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { showProblem } from '../canvas/focus.ts';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { viewOf } from '../flow-model/library.ts';
import { cn } from '../lib/cn.ts';
import { t } from '../lib/translate.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Kbd } from '../ui/kbd.tsx';

/** The problems of the flow; a click goes to the field. */
export function ProblemList({
  problems,
  onShow,
}: {
  readonly problems: readonly FlowProblem[];
  readonly onShow?: () => void;
}) {
  const open = useOpenFlow();
  const steps = useFlow((state) => state.document.steps);
  return (
    <ul className="divide-y divide-line">
      {problems.map((problem) => {
        const step = problem.stepId === null ? undefined : steps[problem.stepId];
        const Icon = problem.severity === 'error' ? CircleAlert : TriangleAlert;
        return (
          <li key={`${problem.code} ${problem.stepId ?? ''} ${problem.path.join('.')} ${problem.title}`}>
            <button
              type="button"
              onClick={() => {
                onShow?.();
                showProblem(open, problem);
              }}
              className="flex w-full items-start gap-2.5 px-4 py-2.5 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2"
            >
              <Icon
                aria-hidden
                className={cn('mt-0.5 size-4 shrink-0', problem.severity === 'error' ? 'text-stop' : 'text-wait')}
              />
              <span className="min-w-0">
                <span dir="auto" className="block font-medium [overflow-wrap:anywhere]">
                  <span className="sr-only">
                    {t(problem.severity === 'error' ? 'problem.error' : 'problem.warning')}{' '}
                  </span>
                  {problem.title}
                  {step === undefined ? null : <bdi className="font-normal text-ink-3"> · {viewOf(step).title}</bdi>}
                </span>
                {problem.action === '' ? null : (
                  <span dir="auto" className="block text-ink-2 [overflow-wrap:anywhere]">
                    {problem.action}
                  </span>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** All problems beside the canvas. */
export function ProblemsPanel() {
  const { ui } = useOpenFlow();
  const problems = useFlowUi((state) => state.problems);
  return (
    <section aria-label={t('problems.title')} className="flex max-h-72 flex-col border-line border-t bg-surface">
      <header className="flex items-center gap-2 px-4 py-1.5">
        <h2 className="text-sm">{t('problems.count', { n: problems.length })}</h2>
        <span className="flex-1" />
        <span className="text-ink-3 text-xs max-md:hidden">{t('problems.next')}</span>
        <Kbd keys="F8" />
        <IconButton
          icon={X}
          label={t('problems.close')}
          size="icon-sm"
          onClick={() => ui.getState().set({ problemsOpen: false })}
        />
      </header>
      <div className="thin-scroll min-h-0 overflow-y-auto border-line border-t">
        {problems.length === 0 ? (
          <p className="flex items-center gap-2 px-4 py-4 text-live text-sm">
            <CircleCheck aria-hidden className="size-4" />
            {t('problems.none')}
          </p>
        ) : (
          <ProblemList problems={problems} />
        )}
      </div>
    </section>
  );
}
