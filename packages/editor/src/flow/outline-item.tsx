import { CircleAlert, CornerDownRight, Plus, TriangleAlert } from 'lucide-react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { chooseStep } from '../canvas/focus.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { addsToChoice, toggleStep } from '../canvas/select-steps.ts';
import { StepPeople } from '../canvas/step-people.tsx';
import { useStepName } from '../canvas/use-step-name.ts';
import { outletsOf, viewOf } from '../flow-model/library.ts';
import type { OutlineRow, TreePlace } from '../flow-model/outline-rows.ts';
import { anchorOf } from '../flow-model/ui-store.ts';
import { cn } from '../lib/cn.ts';
import { t, tr } from '../lib/translate.ts';

/** Pixels by which a level stands in. */
const indent = 28;

type ItemProps = { readonly row: OutlineRow; readonly place: TreePlace; readonly reachable: boolean };

/** One line of the outline. */
export function OutlineItem({ row, place, reachable }: ItemProps) {
  return row.kind === 'step' ? (
    <StepItem row={row} place={place} reachable={reachable} />
  ) : (
    <WayOutItem row={row} place={place} reachable={reachable} />
  );
}

type TreeItemProps = ItemProps & {
  readonly selected?: boolean;
  readonly testId: string | undefined;
  readonly className: string;
  /** `added`: as well as what is chosen already. */
  readonly onChoose: (element: Element, added: boolean) => void;
  /** Keys that choose; Enter belongs to the command that edits a step. */
  readonly keys: readonly string[];
  readonly children: ReactNode;
};

function TreeItem({ row, place, reachable, selected, testId, className, onChoose, keys, children }: TreeItemProps) {
  const { ui } = useOpenFlow();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || !keys.includes(event.key)) return;
    event.preventDefault();
    onChoose(event.currentTarget, event.key === ' ');
  };
  const onClick = (event: MouseEvent) => onChoose(event.currentTarget, addsToChoice(event));
  return (
    <div className="relative" role="none" style={{ paddingLeft: Math.min(row.level - 1, 5) * indent }}>
      {row.level > 1 ? (
        <span
          aria-hidden
          className="absolute top-0 bottom-0 w-0.5 rounded bg-line"
          style={{ left: Math.min(row.level - 2, 4) * indent + 13 }}
        />
      ) : null}
      <div
        role="treeitem"
        aria-level={row.level}
        aria-posinset={place.position}
        aria-setsize={place.siblings}
        aria-selected={selected}
        data-focus-key={row.key}
        data-testid={testId}
        tabIndex={reachable ? 0 : -1}
        onFocus={(event) => {
          if (event.target === event.currentTarget) ui.getState().set({ focusKey: row.key });
        }}
        onClick={onClick}
        onKeyDown={onKeyDown}
        className={cn('cursor-pointer', className)}
      >
        {children}
      </div>
    </div>
  );
}

function StepItem({ row, place, reachable }: ItemProps & { readonly row: Extract<OutlineRow, { kind: 'step' }> }) {
  const open = useOpenFlow();
  const { id, via } = row;
  const step = useFlow((state) => state.document.steps[id]);
  const selected = useFlow((state) => state.selection.includes(id));
  const problems = useFlowUi((state) => state.problemsByStep.get(id));
  const name = useStepName(id);
  if (step === undefined) return null;
  const view = viewOf(step);
  const errors = problems?.some((problem) => problem.severity === 'error') ?? false;
  const Problem = errors ? CircleAlert : TriangleAlert;
  return (
    <TreeItem
      row={row}
      place={place}
      reachable={reachable}
      selected={selected}
      testId={`outline-${id}`}
      keys={[' ']}
      onChoose={(_, added) => (added ? toggleStep(open, id) : chooseStep(open, id))}
      className={cn(
        'my-1 flex items-center gap-2 rounded-lg border border-line bg-surface pr-2 shadow-card',
        selected && 'border-action ring-1 ring-action',
      )}
    >
      <div className="flex min-w-0 flex-1 items-center gap-3 py-2.5 pl-3">
        <NodeIcon icon={view.icon} group={view.group} />
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-2">
            <span dir="auto" className="sr-only">
              {name}
            </span>
            <span aria-hidden dir="auto" className="truncate font-semibold">
              {view.title}
            </span>
            {via === null ? null : (
              <span dir="auto" className="max-w-32 shrink-0 truncate rounded-full bg-hover px-1.5 text-ink-2 text-xs">
                {tr(via)}
              </span>
            )}
          </div>
          <p dir="auto" className="line-clamp-2 text-ink-2 text-sm [overflow-wrap:anywhere]">
            {view.summary === '' ? t('canvas.card.unfinished') : view.summary}
          </p>
        </div>
      </div>
      {problems === undefined ? null : (
        <span
          title={t('canvas.card.problems', { n: problems.length })}
          className={cn('num inline-flex items-center gap-1 font-medium text-xs', errors ? 'text-stop' : 'text-wait')}
        >
          <Problem aria-hidden className="size-3.5" />
          <span aria-hidden>{problems.length}</span>
        </span>
      )}
      <StepPeople stepId={id} reachable={reachable} className="h-9 min-w-9 max-md:h-11 max-md:min-w-11" />
    </TreeItem>
  );
}

function WayOutItem({ row, place, reachable }: ItemProps & { readonly row: Exclude<OutlineRow, { kind: 'step' }> }) {
  const open = useOpenFlow();
  const from = useFlow((state) => state.document.steps[row.place.from]);
  const target = useFlow((state) => (row.kind === 'link' ? state.document.steps[row.to] : undefined));
  if (from === undefined) return null;
  const label = tr(outletsOf(from).find((outlet) => outlet.id === row.place.outlet)?.label ?? row.place.outlet);
  const what =
    row.kind === 'open'
      ? t('outline.add_here')
      : t('outline.continues', { step: target === undefined ? '' : viewOf(target).called });
  const Icon = row.kind === 'open' ? Plus : CornerDownRight;
  return (
    <TreeItem
      row={row}
      place={place}
      reachable={reachable}
      testId={row.kind === 'open' ? `outline-add-${row.place.from}-${row.place.outlet}` : undefined}
      keys={['Enter', ' ']}
      onChoose={(element) => {
        if (row.kind === 'link') chooseStep(open, row.to);
        else open.ui.getState().set({ picker: { kind: 'add', place: row.place, anchor: anchorOf(element) } });
      }}
      className="my-0.5 flex min-h-9 items-center gap-2 rounded-md px-3 text-ink-2 text-sm hover:bg-hover max-md:min-h-11"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
      <span dir="auto" className="max-w-40 shrink-0 truncate font-medium">
        {label}
      </span>
      <span dir="auto" className="sr-only">
        {t('outline.after', { step: viewOf(from).called })}
      </span>
      <span dir="auto" className="truncate text-ink-3">
        {what}
      </span>
    </TreeItem>
  );
}
