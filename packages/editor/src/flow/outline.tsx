import { Check, CircleAlert, CornerDownRight, Plus, TriangleAlert, Users } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { cn } from '../lib/cn.ts';
import { formatCount } from '../lib/format.ts';
import { t, tr } from '../lib/translate.ts';
import { useStepCounts } from '../lib/use-counts.ts';
import { Button } from '../ui/button.tsx';
import { useFlow, useFlowUi, useOpenFlow } from './flow-context.tsx';
import { outletsOf, viewOf } from './library.ts';
import { type OutlineRow, outlineRows } from './outline-rows.ts';
import { anchorOf, outletKey, stepKey } from './ui-store.ts';

/** The flow as a tree of lines: what the canvas shows, for reading and building without one. */
export function Outline() {
  const { store, ui } = useOpenFlow();
  const document = useFlow((state) => state.document);
  const readOnly = useFlow((state) => state.readOnly);
  const rows = useMemo(() => outlineRows(document), [document]);
  const shown = readOnly ? rows.filter((row) => row.kind !== 'open') : rows;
  const [active, setActive] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const current = shown.some((row) => row.key === active) ? active : (shown[0]?.key ?? null);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = shown.findIndex((row) => row.key === current);
    const jump = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: shown.length - 1,
      ArrowLeft: parentOf(shown, at),
      ArrowRight: at + 1,
    }[event.key];
    if (jump === undefined) return;
    const row = shown[Math.max(0, Math.min(jump, shown.length - 1))];
    if (row === undefined) return;
    event.preventDefault();
    setActive(row.key);
    const element = list.current?.querySelector(`[data-row="${CSS.escape(row.key)}"]`);
    if (element instanceof HTMLElement) element.focus();
  };
  return (
    <div className="thin-scroll h-full overflow-y-auto bg-paper" data-canvas-keys>
      <div
        ref={list}
        role="tree"
        aria-label={t('outline.label')}
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="mx-auto max-w-3xl px-3 py-4 md:px-6"
      >
        {shown.map((row, index) => (
          <Row
            key={row.key}
            row={row}
            index={index}
            total={shown.length}
            reachable={row.key === current}
            onFocus={() => {
              setActive(row.key);
              ui.getState().set({ focusKey: row.kind === 'step' ? stepKey(row.id) : outletKey(row.place) });
            }}
          />
        ))}
      </div>
      {readOnly || store.getState().document.order.length === 0 ? null : (
        <Button
          kind="ghost"
          className="mx-3 mb-6 md:mx-6"
          onClick={(event) =>
            ui.getState().set({ picker: { kind: 'add', place: null, anchor: anchorOf(event.currentTarget) } })
          }
        >
          <Plus aria-hidden />
          {t('outline.add_trigger')}
        </Button>
      )}
    </div>
  );
}

function parentOf(rows: readonly OutlineRow[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index -= 1) if ((rows[index]?.level ?? 1) < level) return index;
  return at;
}

type RowProps = {
  readonly row: OutlineRow;
  readonly index: number;
  readonly total: number;
  readonly reachable: boolean;
  readonly onFocus: () => void;
};

function Row({ row, index, total, reachable, onFocus }: RowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus goes to the button inside
    <div
      role="treeitem"
      aria-level={row.level}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-selected={false}
      className="relative"
      style={{ paddingLeft: Math.min(row.level - 1, 5) * 22 }}
    >
      {row.level > 1 ? (
        <span
          aria-hidden
          className="absolute top-0 bottom-0 w-0.5 rounded bg-line"
          style={{ left: Math.min(row.level - 2, 4) * 22 + 18 }}
        />
      ) : null}
      {row.kind === 'step' ? (
        <StepRow id={row.id} via={row.via} reachable={reachable} onFocus={onFocus} />
      ) : (
        <PlaceRow row={row} reachable={reachable} onFocus={onFocus} />
      )}
    </div>
  );
}

function StepRow({
  id,
  via,
  reachable,
  onFocus,
}: {
  readonly id: string;
  readonly via: string | null;
  readonly reachable: boolean;
  readonly onFocus: () => void;
}) {
  const { store, ui } = useOpenFlow();
  const step = useFlow((state) => state.document.steps[id]);
  const flowId = useFlow((state) => state.flowId);
  const selected = useFlow((state) => state.selection.includes(id));
  const problems = useFlowUi((state) => state.problemsByStep.get(id));
  const now = useStepCounts(flowId, id);
  if (step === undefined) return null;
  const view = viewOf(step);
  const errors = problems?.some((problem) => problem.severity === 'error') ?? false;
  return (
    <div
      className={cn(
        'my-1 flex items-stretch rounded-lg border border-line bg-surface shadow-card',
        selected && 'border-action ring-1 ring-action',
      )}
    >
      <button
        type="button"
        data-row={id}
        data-testid={`outline-${id}`}
        tabIndex={reachable ? 0 : -1}
        onFocus={onFocus}
        onClick={() => store.getState().select([id])}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-lg px-3 py-2.5 text-left"
      >
        <NodeIcon icon={view.icon} group={view.group} />
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-2">
            <span className="truncate font-semibold">{view.title}</span>
            {via === null ? null : (
              <span className="shrink-0 rounded-full bg-hover px-1.5 text-ink-2 text-xs">{tr(via)}</span>
            )}
          </span>
          <span className="line-clamp-2 text-ink-2 text-sm">
            {view.summary === '' ? t('canvas.card.unfinished') : view.summary}
          </span>
        </span>
        {problems === undefined ? null : (
          <span
            className={cn('num inline-flex items-center gap-1 font-medium text-xs', errors ? 'text-stop' : 'text-wait')}
          >
            {errors ? (
              <CircleAlert aria-hidden className="size-3.5" />
            ) : (
              <TriangleAlert aria-hidden className="size-3.5" />
            )}
            <span className="sr-only">{t('canvas.card.problems', { n: problems.length })}</span>
            <span aria-hidden>{problems.length}</span>
          </span>
        )}
      </button>
      {now === undefined || now.entered === 0 ? null : (
        <button
          type="button"
          aria-label={t(now.here > 0 ? 'canvas.people_here' : 'canvas.people_passed', {
            n: now.here || now.left,
            step: view.title,
          })}
          onClick={() => ui.getState().set({ peopleOf: id })}
          className={cn(
            'num flex min-w-11 items-center justify-center gap-1 rounded-r-lg border-line border-l px-2.5 font-semibold text-sm hover:bg-hover',
            now.here === 0 && 'text-ink-3',
          )}
        >
          {now.here > 0 ? (
            <Users aria-hidden className="size-3.5 text-ink-3" />
          ) : (
            <Check aria-hidden className="size-3.5" />
          )}
          {formatCount(now.here || now.left)}
        </button>
      )}
    </div>
  );
}

function PlaceRow({
  row,
  reachable,
  onFocus,
}: {
  readonly row: Exclude<OutlineRow, { kind: 'step' }>;
  readonly reachable: boolean;
  readonly onFocus: () => void;
}) {
  const { store, ui } = useOpenFlow();
  const from = useFlow((state) => state.document.steps[row.place.from]);
  const target = useFlow((state) => (row.kind === 'link' ? state.document.steps[row.to] : undefined));
  if (from === undefined) return null;
  const label = tr(outletsOf(from).find((outlet) => outlet.id === row.place.outlet)?.label ?? row.place.outlet);
  return (
    <button
      type="button"
      data-row={row.key}
      data-testid={row.kind === 'open' ? `outline-add-${row.place.from}-${row.place.outlet}` : undefined}
      tabIndex={reachable ? 0 : -1}
      onFocus={onFocus}
      onClick={(event) => {
        if (row.kind === 'link') store.getState().select([row.to]);
        else ui.getState().set({ picker: { kind: 'add', place: row.place, anchor: anchorOf(event.currentTarget) } });
      }}
      className="my-0.5 flex min-h-9 w-full items-center gap-2 rounded-md px-3 text-left text-ink-2 text-sm hover:bg-hover max-md:min-h-11"
    >
      {row.kind === 'open' ? (
        <Plus aria-hidden className="size-4 text-ink-3" />
      ) : (
        <CornerDownRight aria-hidden className="size-4 text-ink-3" />
      )}
      <span className="font-medium">{label}</span>
      <span className="sr-only">{t('outline.after', { step: viewOf(from).title })}</span>
      <span className="truncate text-ink-3">
        {row.kind === 'open'
          ? t('outline.add_here')
          : t('outline.continues', { step: target === undefined ? '' : viewOf(target).title })}
      </span>
    </button>
  );
}
