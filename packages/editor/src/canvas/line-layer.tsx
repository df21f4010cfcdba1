import { CornerUpLeft, Plus, X } from 'lucide-react';
import { type MouseEvent, memo, type PointerEvent } from 'react';
import { disconnect } from '../flow-model/edit.ts';
import { outletsOf, viewOf } from '../flow-model/library.ts';
import { anchorOf, lineKey, outletKey } from '../flow-model/ui-store.ts';
import { cn } from '../lib/cn.ts';
import { formatCount } from '../lib/format.ts';
import { t, tr } from '../lib/translate.ts';
import { useOutletCount } from '../lib/use-counts.ts';
import { beginDrag } from './drag.ts';
import { useFlow, useFlowUi, useOpenFlow } from './flow-context.tsx';
import { chooseStep } from './focus.ts';
import { type LayoutLine, roundedPath } from './layout.ts';

/** 2 px, and up to 6 px with traffic. */
const widthOf = (count: number): number => 2 + Math.min(4, 1.25 * Math.log10(count + 1));

type PathProps = { readonly line: LayoutLine; readonly flowId: string };

/** A line as it lies there. */
const Path = memo(function Path({ line }: PathProps) {
  const over = useFlowUi((state) => state.drag?.over === lineKey({ from: line.from, outlet: line.outlet }));
  return (
    <Stroke
      line={line}
      color={over ? 'var(--action)' : 'var(--track)'}
      width={over ? 4 : 2}
      arrow={line.kind === 'line'}
    />
  );
});

/** The traffic on a line, in front of every line that shares a part of the way with it. */
const Traffic = memo(function Traffic({ line, flowId }: PathProps) {
  const count = useOutletCount(flowId, line.from, line.outlet);
  if (count === 0 || line.kind === 'open') return null;
  return <Stroke line={line} color="var(--track-busy)" width={widthOf(count)} arrow={line.kind === 'line'} />;
});

function Stroke({
  line,
  color,
  width,
  arrow,
}: {
  readonly line: LayoutLine;
  readonly color: string;
  readonly width: number;
  readonly arrow: boolean;
}) {
  const end = line.points.at(-1);
  return (
    <g fill="none" stroke={color} strokeLinecap="round" strokeLinejoin="round">
      <path
        className="canvas-line"
        d={roundedPath(line.points)}
        strokeWidth={width}
        strokeDasharray={line.kind === 'line' ? undefined : '2 5'}
      />
      {arrow && end !== undefined ? (
        <path d={`M ${end.x - 5} ${end.y - 7} L ${end.x} ${end.y - 1} L ${end.x + 5} ${end.y - 7}`} strokeWidth={2} />
      ) : null}
    </g>
  );
}

const spotLook = 'canvas-spot nopan nodrag pointer-events-auto absolute top-0 left-0';
const at = (x: number, y: number) => ({ translate: `calc(${x}px - 50%) calc(${y}px - 50%)` });

const Spot = memo(function Spot({
  line,
  flowId,
  readOnly,
}: {
  readonly line: LayoutLine;
  readonly flowId: string;
  readonly readOnly: boolean;
}) {
  const { store, ui } = useOpenFlow();
  const step = useFlow((state) => state.document.steps[line.from]);
  const target = useFlow((state) => (line.to === null ? undefined : state.document.steps[line.to]));
  const count = useOutletCount(flowId, line.from, line.outlet);
  const place = { from: line.from, outlet: line.outlet };
  const key = outletKey(place);
  const reachable = useFlowUi((state) => state.focusKey === key);
  // The lines at the chosen step always show where another can be put in.
  const beside = useFlow(
    (state) => state.selection.includes(line.from) || (line.to !== null && state.selection.includes(line.to)),
  );
  const dropTarget = useFlowUi((state) => state.drag?.payload.kind === 'node');
  const over = useFlowUi(
    (state) => state.drag !== null && (state.drag.over === key || state.drag.over === lineKey(place)),
  );
  if (step === undefined) return null;
  const outlets = outletsOf(step);
  const label = tr(outlets.find((outlet) => outlet.id === line.outlet)?.label ?? line.outlet);
  const title = viewOf(step).called;
  const showLabel = outlets.length > 1;
  const pickAt = (element: Element) => ui.getState().set({ picker: { kind: 'add', place, anchor: anchorOf(element) } });
  const pick = (event: MouseEvent) => pickAt(event.currentTarget);
  const drag = (event: PointerEvent) => {
    const pressed = event.currentTarget;
    beginDrag(event.nativeEvent, { kind: 'outlet', place }, { store, ui }, () => pickAt(pressed));
  };
  return (
    <>
      {showLabel ? (
        <span
          className={cn(
            spotLook,
            'canvas-fine flex max-w-36 items-center gap-1.5 rounded-full border border-line bg-surface px-2 py-0.5 text-ink-2 text-xs leading-4',
          )}
          style={at(line.x, line.labelY)}
        >
          <span dir="auto" className="truncate">
            {label}
          </span>
          {count > 0 ? <span className="num font-semibold text-ink">{formatCount(count)}</span> : null}
        </span>
      ) : null}
      {line.kind === 'open' && !readOnly ? (
        <button
          type="button"
          data-testid={`outlet-${line.from}-${line.outlet}`}
          data-drop={key}
          data-focus-key={key}
          tabIndex={reachable ? 0 : -1}
          aria-label={t('canvas.add_after', { step: title, outlet: label })}
          title={t('canvas.add_hint')}
          onFocus={() => ui.getState().set({ focusKey: key })}
          onClick={pick}
          onPointerDown={drag}
          className={cn(
            spotLook,
            'canvas-plus grid size-7 touch-none place-items-center rounded-full border-[1.5px] border-line-strong/70 border-dashed bg-surface text-ink-2 transition-colors hover:border-action hover:border-solid hover:bg-action hover:text-action-ink',
            dropTarget && 'border-action border-solid text-action',
            over && '!bg-action !text-action-ink ring-4 ring-action/30',
          )}
          style={at(line.x, line.plusY)}
        >
          <Plus aria-hidden className="size-4" />
        </button>
      ) : null}
      {line.kind === 'line' && !readOnly ? (
        <span
          data-drop={lineKey(place)}
          className={cn(spotLook, 'canvas-fine group/insert grid h-9 w-20 place-items-center')}
          style={at(line.x, line.plusY)}
        >
          <button
            type="button"
            data-testid={`insert-${line.from}-${line.outlet}`}
            data-drop={lineKey(place)}
            tabIndex={-1}
            aria-label={t('canvas.insert_after', { step: title, outlet: label })}
            title={t('canvas.insert_hint')}
            onClick={pick}
            onPointerDown={drag}
            className={cn(
              'grid size-6 touch-none place-items-center rounded-full border border-line-strong bg-surface text-ink opacity-0 transition-[opacity,background-color,color] duration-120 hover:border-action hover:bg-action hover:text-action-ink focus-visible:opacity-100 group-hover/insert:opacity-100 pointer-coarse:opacity-100',
              beside && 'border-line text-ink-2 opacity-100',
              dropTarget && 'border-action text-action opacity-100',
              over && '!bg-action !text-action-ink ring-4 ring-action/30',
            )}
          >
            <Plus aria-hidden className="size-3.5" />
          </button>
        </span>
      ) : null}
      {line.kind === 'back' && target !== undefined ? (
        <span
          className={cn(
            spotLook,
            'canvas-fine flex h-7 max-w-36 items-center gap-1 rounded-full border border-line bg-surface pr-1 pl-2 text-ink-2 text-xs',
          )}
          style={at(line.x, line.plusY)}
        >
          <CornerUpLeft aria-hidden className="size-3.5 shrink-0" />
          <button
            type="button"
            data-focus-key={key}
            tabIndex={reachable ? 0 : -1}
            dir="auto"
            className="min-h-6 truncate"
            onFocus={() => ui.getState().set({ focusKey: key })}
            onClick={() => line.to !== null && chooseStep({ store, ui }, line.to)}
          >
            {t('canvas.back_to', { step: viewOf(target).called })}
          </button>
          {readOnly ? null : (
            <button
              type="button"
              tabIndex={-1}
              aria-label={t('canvas.disconnect', { outlet: label })}
              onClick={() => disconnect(store, place)}
              className="grid size-6 shrink-0 place-items-center rounded-full hover:bg-hover"
            >
              <X aria-hidden className="size-3" />
            </button>
          )}
        </span>
      ) : null}
    </>
  );
});

/** Lines, their labels, and a "+" on every open way out and on every line. */
export function LineLayer({
  lines,
  flowId,
  readOnly,
}: {
  readonly lines: readonly LayoutLine[];
  readonly flowId: string;
  readonly readOnly: boolean;
}) {
  const drawn = readOnly ? lines.filter((line) => line.kind !== 'open') : lines;
  return (
    <>
      <svg
        aria-hidden
        className="pointer-events-none absolute top-0 left-0 size-px overflow-visible"
        style={{ zIndex: -1 }}
      >
        {drawn.map((line) => (
          <Path key={`${line.from}/${line.outlet}`} line={line} flowId={flowId} />
        ))}
        {drawn.map((line) => (
          <Traffic key={`${line.from}/${line.outlet}`} line={line} flowId={flowId} />
        ))}
      </svg>
      {drawn.map((line) => (
        <Spot key={`${line.from}/${line.outlet}`} line={line} flowId={flowId} readOnly={readOnly} />
      ))}
    </>
  );
}
