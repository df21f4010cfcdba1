import { Check, CircleX, Users } from 'lucide-react';
import { viewOf } from '../flow-model/library.ts';
import { cn } from '../lib/cn.ts';
import { formatCount } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { useStepCounts } from '../lib/use-counts.ts';
import { useFlow, useOpenFlow } from './flow-context.tsx';
import { showPeople } from './focus.ts';
import { peopleShown } from './people-shown.ts';

type PeopleProps = {
  readonly stepId: string;
  /** Whether Tab comes here; on the canvas a command does the same. */
  readonly reachable?: boolean;
  readonly className?: string;
};

/** People at a step now, or where nobody is, how many went through, and how many failed; opens the list. */
export function StepPeople({ stepId, reachable = false, className }: PeopleProps) {
  const open = useOpenFlow();
  const flowId = useFlow((state) => state.flowId);
  const step = useFlow((state) => state.document.steps[stepId]);
  const now = useStepCounts(flowId, stepId);
  if (step === undefined || now === undefined || now.entered === 0) return null;
  const { view, n: shown } = peopleShown(now);
  const People = view === 'here' ? Users : Check;
  const called = viewOf(step).called;
  const name = t(view === 'here' ? 'canvas.people_here' : 'canvas.people_passed', { n: shown, step: called });
  return (
    <button
      type="button"
      tabIndex={reachable ? 0 : -1}
      data-testid={`here-${stepId}`}
      data-entered={now.entered}
      data-here={now.here}
      data-left={now.left}
      data-failed={now.failed}
      title={t('canvas.counts', {
        entered: formatCount(now.entered),
        here: formatCount(now.here),
        left: formatCount(now.left),
        failed: formatCount(now.failed),
      })}
      aria-label={now.failed === 0 ? name : `${name}, ${t('canvas.card.failed', { n: now.failed })}`}
      onClick={(event) => {
        event.stopPropagation();
        showPeople(open, stepId, view);
      }}
      className={cn(
        'num group/people inline-flex shrink-0 items-center justify-end gap-1.5 rounded-full font-semibold text-xs',
        className,
      )}
    >
      {now.failed === 0 ? null : (
        <span className="inline-flex items-center gap-0.5 text-stop">
          <CircleX aria-hidden className="size-3.5" />
          {formatCount(now.failed)}
        </span>
      )}
      {shown === 0 && now.failed > 0 ? null : (
        <span
          className={cn(
            'inline-flex h-6 items-center gap-1 rounded-full px-2 transition-colors group-hover/people:bg-line',
            view === 'here' ? 'bg-hover text-ink' : 'font-medium text-ink-3',
          )}
        >
          <People aria-hidden className="size-3.5" />
          {formatCount(shown)}
        </span>
      )}
    </button>
  );
}
