import type { NodeProps } from '@xyflow/react';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { viewOf } from '../flow-model/library.ts';
import { stepKey } from '../flow-model/ui-store.ts';
import { cn } from '../lib/cn.ts';
import { t } from '../lib/translate.ts';
import { useFlow, useFlowUi, useOpenFlow } from './flow-context.tsx';
import { cardHeight, cardWidth } from './layout.ts';
import { NodeIcon } from './node-icon.tsx';
import { clickStep } from './select-steps.ts';
import { StepPeople } from './step-people.tsx';
import { useStepName } from './use-step-name.ts';

/** A step on the canvas. Its position comes from the layout; everything else it reads itself, so it renders only when it changed. */
export const StepCard = memo(function StepCard({ id }: NodeProps) {
  const open = useOpenFlow();
  const { ui } = open;
  const step = useFlow((state) => state.document.steps[id]);
  const selected = useFlow((state) => state.selection.includes(id));
  const problems = useFlowUi((state) => state.problemsByStep.get(id));
  const reachable = useFlowUi((state) => state.focusKey === stepKey(id));
  const name = useStepName(id);
  const dropping = useFlowUi((state) => state.drag?.over === stepKey(id));
  if (step === undefined) return null;
  const view = viewOf(step);
  const errors = problems?.filter((problem) => problem.severity === 'error').length ?? 0;
  const count = problems?.length ?? 0;
  return (
    <div
      style={{ width: cardWidth, height: cardHeight }}
      className={cn(
        'relative rounded-lg border border-line bg-surface shadow-card transition-[box-shadow,border-color] duration-120 hover:border-line-strong/70',
        errors > 0 && 'border-stop/55',
        selected && '!border-action ring-2 ring-action',
        dropping && '!border-action ring-4 ring-action/35',
      )}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: the card holds a button of its own, which a button may not */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the canvas hears the keys of all cards */}
      <div
        role="group"
        aria-roledescription={t('canvas.card.role')}
        aria-label={name}
        aria-current={selected || undefined}
        data-testid={`step-${id}`}
        data-state={selected ? 'selected' : 'idle'}
        data-drop={stepKey(id)}
        data-focus-key={stepKey(id)}
        tabIndex={reachable ? 0 : -1}
        onFocus={() => ui.getState().set({ focusKey: stepKey(id) })}
        onClick={(event) => {
          // The canvas around it would choose it as well, and alone.
          event.stopPropagation();
          clickStep(open, id, event);
        }}
        className="nopan flex size-full cursor-pointer flex-col rounded-lg px-3 py-2.5 outline-offset-3"
      >
        <div className="card-head flex items-center gap-2.5">
          <NodeIcon icon={view.icon} group={view.group} />
          <span dir="auto" className="card-title min-w-0 flex-1 truncate font-semibold text-base">
            {view.title}
          </span>
          <ProblemChip errors={errors} count={count} />
          <StepPeople stepId={id} className="card-more h-6 min-w-6" />
        </div>
        <p
          dir="auto"
          className={cn(
            'card-more mt-1.5 line-clamp-2 text-sm [overflow-wrap:anywhere]',
            view.summary === '' ? 'text-ink-3 italic' : 'text-ink-2',
          )}
        >
          {view.summary === '' ? t('canvas.card.unfinished') : view.summary}
        </p>
      </div>
    </div>
  );
});

function ProblemChip({ errors, count }: { readonly errors: number; readonly count: number }) {
  if (count === 0) return null;
  const Icon = errors > 0 ? CircleAlert : TriangleAlert;
  return (
    <span
      title={t('canvas.card.problems', { n: count })}
      className={cn(
        'card-more num inline-flex h-5 items-center gap-1 rounded-full px-1.5 font-medium text-[11px]',
        errors > 0 ? 'bg-stop-soft text-stop' : 'bg-wait-soft text-wait',
      )}
    >
      <Icon aria-hidden className="size-3" />
      {count}
    </span>
  );
}
